/** The first slice from the front door: a person types, the real bot answers over the offline classroom. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { APIMessage } from 'discord-api-types/v10'
import { mediaOf, textOf, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'

let darkroom: Darkroom
let ben: PersonClient
let mei: PersonClient

beforeAll(async () => {
  darkroom = await startDarkroom()
  ben = await darkroom.person('Ben')
  mei = await darkroom.person('Mei')
})
afterAll(() => darkroom.close())

/** Waits for the answer and for all that follows from it; gives the messages that are new in the channel. */
async function outcome(
  person: PersonClient,
  send: () => Promise<Sent>,
  channel = 'studio',
): Promise<APIMessage[]> {
  const before = new Set((await person.messages(channel)).map(({ id }) => id))
  const answer = await (await send()).answer()
  expect(answer.state).not.toBe('failed')
  await darkroom.bot.idle()
  return (await person.messages(channel)).filter(({ id }) => !before.has(id))
}
const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const draw = async (person: PersonClient, options: string) =>
  only(await outcome(person, () => person.slash(`/imagine ${options}`)))
const galleryThread = async () => only((await ben.state()).threads).id

describe('/imagine', () => {
  test('brings a picture with alt text, recipe, credit and buttons', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:8')
    expect(isPrivate(message)).toBe(false)
    expect(mediaOf(message).map(({ description }) => description)).toEqual([
      'Picture made by a machine: a red heart',
    ])
    for (const words of ['a red heart', '8 steps', '**7**', 'Ben']) expect(textOf(message)).toContain(words)
    expect(labels(message)).toEqual([
      'Again',
      'Vary',
      'Change',
      'Remix',
      'How was this made?',
      'Lineage',
      'Delete',
    ])
  })

  test('brings the same pixels for the same seed', async () => {
    const [a, b] = [
      await draw(ben, 'prompt:cat seed:3 steps:4'),
      await draw(mei, 'prompt:cat seed:3 steps:4'),
    ]
    const [first, second] = await Promise.all([a, b].map(pixelsOf))
    expect(first?.equals(second as Buffer)).toBe(true)
  })

  test('brings several pictures in one message', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4 count:2')
    expect(mediaOf(message).length).toBe(2)
    expect(textOf(message)).toContain('seeds **7**, **8**')
    expect(labels(message)).toContain('How was 2 made?')
  })

  test('hangs every job in the gallery thread of the day, with a link to where it was made', async () => {
    const message = await draw(ben, 'prompt:"an apple" seed:5 steps:4')
    const entry = (await ben.messages(await galleryThread())).at(-1) as APIMessage
    expect(textOf(entry)).toContain('an apple')
    expect(textOf(entry)).toContain(message.id)
    expect(labels(entry)).toEqual(labels(message))
  })

  test('suggests what the model can do while a person types', async () => {
    const names = (await ben.autocomplete('/imagine prompt:x sampler:dpm')).map(({ value }) => value)
    expect(names).toContain('DPM++ 2M')
    expect(names).not.toContain('Euler')
  })

  test('refuses what the class does not draw, in private and without repeating it', async () => {
    const ida = await darkroom.person('Ida')
    await outcome(ida, () => ida.slash('/class words add word:broccoli'))
    const message = await draw(ben, 'prompt:"a green broccoli"')
    expect(isPrivate(message)).toBe(true)
    expect(textOf(message)).not.toContain('broccoli')
    await outcome(ida, () => ida.slash('/class words remove word:broccoli'))
    expect(isPrivate(await draw(ben, 'prompt:"a green broccoli" steps:2'))).toBe(false)
  })
})

describe('the buttons under a picture', () => {
  test('Again draws the same with a new seed and credits the first author', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    const again = only(await outcome(mei, () => mei.press(message, 'Again')))
    expect(textOf(again)).not.toContain('seed **7**')
    expect(textOf(again)).toContain('after a picture by **Ben**')
    expect(textOf(again)).toContain('4 steps')
  })

  test('Vary keeps the seed and mixes in another', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    expect(textOf(only(await outcome(mei, () => mei.press(message, 'Vary'))))).toMatch(
      /seed \*\*7\*\*.*variation/is,
    )
  })

  test('Change opens a form with the recipe and draws what is typed there', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    const form = await (await mei.press(message, 'Change')).answer()
    expect(form.state).toBe('modal')
    expect(JSON.stringify(form.modal)).toContain('a red heart')
    const fields = { Prompt: 'a blue heart', Steps: '5', 'Guidance (cfg)': '3,5' }
    const changed = only(await outcome(mei, () => mei.fill(form, fields)))
    for (const words of ['a blue heart', '5 steps', '**3.5**', 'seed **7**'])
      expect(textOf(changed)).toContain(words)
  })

  test.each([
    ['9999', /^steps must be between 1 and \d+; you asked for 9999\.$/],
    ['many', /“many”/],
  ])(
    'Change answers %s steps with a sentence that says what to change, in private',
    async (steps, sentence) => {
      const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
      const form = await (await mei.press(message, 'Change')).answer()
      const answer = only(await outcome(mei, () => mei.fill(form, { Steps: steps })))
      expect(isPrivate(answer)).toBe(true)
      expect(isError(answer.components ?? [])).toBe(true)
      expect(textOf(answer)).toMatch(sentence)
    },
  )

  test('How was this made? shows words, animation, filmstrip and chart in private, then to everyone', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:6')
    const explanation = only(await outcome(mei, () => mei.press(message, 'How was this made?')))
    expect(isPrivate(explanation)).toBe(true)
    expect(mediaOf(explanation).map(({ name }) => name.replace(/-.*\./, '.'))).toEqual([
      'development.gif',
      'filmstrip.png',
      'chart.png',
    ])
    for (const { description } of mediaOf(explanation)) expect(description?.length).toBeGreaterThan(20)
    const shown = only(await outcome(mei, () => mei.press(explanation, 'Show to everyone')))
    expect(isPrivate(shown)).toBe(false)
    expect(textOf(shown)).toContain('shown by **Mei**')
    expect(labels(shown)).toEqual([])
  })

  test('Delete asks its author once and takes the gallery copy away, too', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    const thread = await galleryThread()
    const hung = (await ben.messages(thread)).length
    const question = only(await outcome(ben, () => ben.press(message, 'Delete')))
    expect(isPrivate(question)).toBe(true)
    await outcome(ben, () => ben.press(question, 'Yes, delete'))
    expect((await ben.messages('studio')).some(({ id }) => id === message.id)).toBe(false)
    expect((await ben.messages(thread)).length).toBe(hung - 1)
    const left = new DatabaseSync(path.join(darkroom.services.config.dataDir, 'darkroom.db'), {
      readOnly: true,
    })
    const rows = left.prepare('SELECT request FROM jobs ORDER BY seq DESC LIMIT 1').all()
    left.close()
    expect(JSON.stringify(rows)).not.toContain('heart')
  })

  test('Delete refuses other students and lets instructors', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    const refusal = only(await outcome(mei, () => mei.press(message, 'Delete')))
    expect(isPrivate(refusal)).toBe(true)
    expect(textOf(refusal)).toContain('Only Ben and the instructors')
    const ida = await darkroom.person('Ida')
    const question = only(await outcome(ida, () => ida.press(message, 'Delete')))
    await outcome(ida, () => ida.press(question, 'Keep'))
    expect((await ben.messages('studio')).some(({ id }) => id === message.id)).toBe(true)
  })

  test('of a picture that is gone say so', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    const entry = (await ben.messages(await galleryThread())).at(-1) as APIMessage
    const id = darkroom.services.gallery.newest(darkroom.classroom.guildId, 1)[0]?.id ?? ''
    await darkroom.services.gallery.remove(id)
    for (const place of [message, entry]) {
      const answer = only(await outcome(mei, () => mei.press(place, 'Again'), place.channel_id))
      expect(textOf(answer)).toBe('This picture has been deleted.')
    }
  })

  test('work after a restart', async () => {
    const message = await draw(ben, 'prompt:"a red heart" seed:7 steps:4')
    await darkroom.restart()
    expect(labels(only(await outcome(mei, () => mei.press(message, 'Again'))))).toContain('Delete')
    expect(mediaOf(only(await outcome(mei, () => mei.press(message, 'How was this made?')))).length).toBe(3)
  })
})

describe('a job that takes its time', () => {
  test('can be cancelled by its author and instructors only', async () => {
    const slow = await mei.slash('/imagine prompt:"a slow cat" steps:50 count:4')
    expect((await slow.answer()).state).toBe('deferred')
    const waits = await mei.slash('/imagine prompt:"a patient cat" steps:50 count:4')
    await waits.answer()
    const message = await messageWith(mei, 'Cancel', waits.interaction)
    const refusal = await (await ben.press(message, 'Cancel')).answer()
    expect(refusal.state).toBe('acknowledged')
    await (await mei.press(message, 'Cancel')).answer()
    const drawing = await messageWith(mei, 'Cancel', slow.interaction)
    await (await mei.press(drawing, 'Cancel')).answer()
    await darkroom.bot.idle()
    const now = (await mei.messages('studio')).find(({ id }) => id === message.id)
    expect(now && textOf(now)).toMatch(/^Cancelled/)
    const said = (await ben.messages('studio')).filter(isPrivate).map(textOf)
    expect(said).toContain('Only the person who asked for this, or an instructor, can cancel it.')
  })
})

test('the log holds neither prompts nor tokens', () => {
  expect(darkroom.logs.length).toBeGreaterThan(20)
  const all = darkroom.logs.join('')
  for (const word of ['red heart', 'patient cat', 'broccoli', darkroom.classroom.token])
    expect(all).not.toContain(word)
  expect(all).not.toMatch(/"interactionToken":"(?!\[hidden\])/)
})

async function pixelsOf(message: APIMessage): Promise<Buffer> {
  const { url } = only(mediaOf(message))
  return sharp(await (await fetch(url)).arrayBuffer())
    .raw()
    .toBuffer()
}

/** The answer to an interaction once it has such a button. */
async function messageWith(person: PersonClient, label: string, interaction: string): Promise<APIMessage> {
  for (let tries = 0; tries < 200; tries++) {
    const found = (await person.messages('studio')).find(
      (message) => message.interaction_metadata?.id === interaction && labels(message).includes(label),
    )
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no message with ${label}`)
}

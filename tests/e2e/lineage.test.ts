/** A family grows in the class: buttons of three students, the tree, the credits, and what stays of a deleted picture. */
import sharp from 'sharp'
import type { APIMessage } from 'discord-api-types/v10'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mediaOf, textOf, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'

let darkroom: Darkroom
let ben: PersonClient
let mei: PersonClient
let noor: PersonClient

beforeAll(async () => {
  darkroom = await startDarkroom()
  ;[ben, mei, noor] = await Promise.all([
    darkroom.person('Ben'),
    darkroom.person('Mei'),
    darkroom.person('Noor'),
  ])
})
afterAll(() => darkroom.close())

/** The one message that is new in the channel after an action and all that follows from it. */
async function outcome(person: PersonClient, send: () => Promise<Sent>, channel = 'studio') {
  const before = new Set((await person.messages(channel)).map(({ id }) => id))
  const answer = await (await send()).answer()
  expect(answer.state).not.toBe('failed')
  await darkroom.bot.idle()
  const fresh = (await person.messages(channel)).filter(({ id }) => !before.has(id))
  expect(fresh.length).toBe(1)
  return fresh[0] as APIMessage
}
const press = (person: PersonClient, message: APIMessage, label: string) =>
  outcome(person, () => person.press(message, label))
async function change(person: PersonClient, message: APIMessage, fields: Record<string, string>) {
  const form = await (await person.press(message, 'Change')).answer()
  return outcome(person, () => person.fill(form, fields))
}
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const credits = (message: APIMessage) => /```\n(.*)\n```/.exec(textOf(message))?.[1]
const altOf = (message: APIMessage) => mediaOf(message)[0]?.description ?? ''
const linkTo = (message: APIMessage) =>
  `https://discord.com/channels/${darkroom.classroom.guildId}/${message.channel_id}/${message.id}`

describe('five generations by three students', () => {
  let first: APIMessage
  let third: APIMessage
  let fifth: APIMessage

  beforeAll(async () => {
    first = await outcome(ben, () => ben.slash('/imagine prompt:"a red heart" seed:7 steps:4'))
    const second = await change(mei, first, { Prompt: 'a blue heart', Steps: '5' })
    third = await change(noor, second, { Prompt: 'a secret heart', Seed: '12' })
    const fourth = await press(ben, third, 'Vary')
    fifth = await press(mei, fourth, 'Again')
  })

  test('the button shows the tree in private, with what changed at each step and a line of credits', async () => {
    const tree = await press(noor, fifth, 'Lineage')
    expect(isPrivate(tree)).toBe(true)
    expect(textOf(tree)).toContain('5 pictures by')
    expect(credits(tree)).toBe(
      'After “a red heart” by Ben, changed by Mei, then Noor, varied by Ben, drawn again by Mei',
    )
    const alt = altOf(tree)
    expect(alt).toContain('1: “a red heart” by Ben.')
    expect(alt).toContain(
      '2: “a blue heart” by Mei, from 1 (changed, new prompt: a blue heart, steps 4 → 5).',
    )
    expect(alt).toContain('seed 7 → 12')
    expect(alt).toContain('4: “a secret heart” by Ben, from 3 (varied 30 %).')
    expect(alt).toContain('5: “a secret heart” by Mei (this picture), from 4 (again')
    const [picture] = mediaOf(tree)
    const drawn = sharp(await (await fetch(picture?.url ?? '')).arrayBuffer())
    const { format, width, height } = await drawn.metadata()
    expect(format).toBe('png')
    expect(Math.max(width, height)).toBeLessThanOrEqual(4096)
  })

  test('a button shows it to everyone, with who shows it', async () => {
    const tree = await press(noor, first, 'Lineage')
    const shown = await press(noor, tree, 'Show to everyone')
    expect(isPrivate(shown)).toBe(false)
    expect(textOf(shown)).toContain('shown by **Noor**')
    expect(altOf(shown)).toContain('1: “a red heart” by Ben (this picture).')
    expect(buttonsOf(shown)).toEqual([])
  })

  test('/lineage is about the last picture of the channel, or one named by link, file or id', async () => {
    const last = await outcome(ben, () => ben.slash('/lineage'))
    expect(isPrivate(last)).toBe(true)
    expect(credits(last)).toMatch(/drawn again by Mei$/)
    const linked = await outcome(ben, () => ben.slash(`/lineage picture:${linkTo(first)}`))
    expect(credits(linked)).toBe('“a red heart” by Ben')
    const [file] = mediaOf(first)
    const named = await outcome(ben, () => ben.slash(`/lineage picture:${file?.name ?? ''}`))
    expect(credits(named)).toBe('“a red heart” by Ben')
    const id = /picture-(\w+)\./.exec(file?.name ?? '')?.[1] ?? ''
    expect(credits(await outcome(ben, () => ben.slash(`/lineage picture:${id}`)))).toBe(
      '“a red heart” by Ben',
    )
  })

  test.each([
    ['nothing-like-it', /not found/],
    ['https://discord.com/channels/1/2/3', /not found/],
    ['message 0', /cannot be read/],
  ])('/lineage picture:%s says what to give instead, in private', async (named, sentence) => {
    const picture = named === 'message 0' ? linkTo({ ...first, id: '10' }) : named
    const answer = await outcome(ben, () => ben.slash(`/lineage picture:${picture}`))
    expect(isPrivate(answer)).toBe(true)
    expect(textOf(answer)).toMatch(sentence)
  })

  test('a picture of another server is as if it were not there', async () => {
    const { gallery } = darkroom.services
    const [known] = gallery.newest(darkroom.classroom.guildId, 1)
    const job = { id: 'elsewhere', asker: { id: '9', name: 'Kim' }, parents: [] }
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    const origin = { ...darkroom.services.queue.get(known?.jobId ?? '')?.origin, guildId: '999' }
    const { id } = await gallery.keep({ ...job, origin: origin as never }, 0, {
      recipe: known?.recipe as never,
      png,
      width: 8,
      height: 8,
      notes: [],
    })
    expect(textOf(await outcome(ben, () => ben.slash(`/lineage picture:${id}`)))).toContain('not found')
  })

  test('of a deleted picture the place stays, but neither its words nor its author', async () => {
    const question = await outcome(noor, () => noor.press(third, 'Delete'))
    await (await noor.press(question, 'Yes, delete')).answer()
    await darkroom.bot.idle()
    // Ben and Mei took over the words of the deleted picture; in the first one's family they are theirs.
    const tree = await press(ben, fifth, 'Lineage')
    expect(credits(tree)).toBe(
      'After “a red heart” by Ben, changed by Mei, then a deleted picture, varied by Ben, drawn again by Mei',
    )
    const alt = altOf(tree)
    expect(alt).toContain('3: a deleted picture, from 2 (changed).')
    expect(alt).toContain('4: “a secret heart” by Ben, from 3 (varied 30 %).')
    expect(JSON.stringify(tree)).not.toContain('Noor')
    const answer = await outcome(ben, () => ben.slash(`/lineage picture:${linkTo(third)}`))
    expect(textOf(answer)).toContain('cannot be read')
  })
})

test('several pictures of one command are one generation; a lone picture says how to begin a family', async () => {
  const message = await outcome(ben, () => ben.slash('/imagine prompt:"a pizza" seed:1 steps:2 count:3'))
  const tree = await press(mei, message, 'Lineage')
  expect(textOf(tree)).toContain('3 pictures by Ben. It comes from no other picture')
  const varied = await press(mei, message, 'Vary 2')
  const family = await press(mei, varied, 'Lineage')
  expect(textOf(family)).toContain('2 pictures by')
  expect(credits(family)).toBe('After “a pizza” by Ben, varied by Mei')
})

test('/lineage in a channel without pictures says so', async () => {
  const answer = await outcome(ben, () => ben.slash('/lineage', 'lessons'), 'lessons')
  expect(textOf(answer)).toContain('no picture in this channel yet')
})

/** /inspect and "Show recipe": pictures of other programs are read, explained and made here. */
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { APIMessage } from 'discord-api-types/v10'
import { mediaOf, textOf, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'
import { jpegWith, pngWith } from '../support/recipeFiles.ts'
import { auto1111Text, comfyGraph } from '../support/recipeTexts.ts'

let darkroom: Darkroom
let ben: PersonClient
let mei: PersonClient

beforeAll(async () => {
  darkroom = await startDarkroom({
    backends: [
      createMemoryBackend({ isAuto: true, model: plainModel }),
      createMemoryBackend({
        isAuto: true,
        id: 'shop',
        model: paidModel,
        estimate: ({ count }) => ({ usd: 0.1 * count, seconds: 1 }),
      }),
    ],
  })
  ben = await darkroom.person('Ben')
  mei = await darkroom.person('Mei')
})
afterAll(() => darkroom.close())

/** The messages that are new in the studio when all is done. */
async function outcome(person: PersonClient, send: () => Promise<Sent>): Promise<APIMessage[]> {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  const answer = await (await send()).answer()
  expect(answer.state).not.toBe('failed')
  await darkroom.bot.idle()
  return (await person.messages('studio')).filter(({ id }) => !before.has(id))
}
const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const inspect = async (person: PersonClient, data: Uint8Array, name = 'picture.png') =>
  only(await outcome(person, () => person.slash('/inspect', undefined, { image: { name, data } })))
const press = async (person: PersonClient, message: APIMessage, label: string) =>
  only(await outcome(person, () => person.press(message, label)))

/** A message with a file in the studio. The classroom has no people who chat, so the bot's own account stands in. */
async function post({ name, data }: { name: string; data: Uint8Array }): Promise<string> {
  const { channels } = await ben.state()
  const body = new FormData()
  body.append('payload_json', JSON.stringify({ content: 'look', attachments: [{ id: '0', filename: name }] }))
  body.append('files[0]', new Blob([new Uint8Array(data)]), name)
  const studio = channels.find((channel) => channel.name === 'studio')?.id
  const response = await fetch(`${darkroom.classroom.apiUrl}/v10/channels/${studio}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${darkroom.classroom.token}` },
    body,
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as APIMessage).id
}

const settings = (model: string) =>
  `Steps: 12, Sampler: Euler a, Schedule type: Karras, CFG scale: 4, Seed: 99, Size: 96x64, Model: ${model}`
const request = () => darkroom.services.gallery.newest(darkroom.classroom.guildId, 1)[0]?.recipe

test('explains a picture of AUTOMATIC1111 in private, asks before it makes something else, and makes it', async () => {
  const card = await inspect(ben, await pngWith({ parameters: auto1111Text }))
  expect(isPrivate(card)).toBe(true)
  const words = textOf(card)
  for (const part of [
    'Made with AUTOMATIC1111',
    'a lighthouse at dusk',
    'Not wanted: “people',
    '**Seed** 4022250974: the number from which',
    '“storm” counts 1.3 times.',
    'calm for the first half of the steps, then waves.',
    '“plain” draws instead',
    'ControlNet guided it with another picture',
  ]) {
    expect(words).toContain(part)
  }
  expect(labels(card)).toEqual(['Make it here'])
  expect((await mei.messages('studio')).some(({ id }) => id === card.id)).toBe(false)

  const asked = await press(ben, card, 'Make it here')
  expect(isPrivate(asked)).toBe(true)
  expect(textOf(asked)).toContain('What will differ')
  const picture = await press(ben, asked, 'Make it like this')
  expect(isPrivate(picture)).toBe(false)
  expect(mediaOf(picture)).toHaveLength(1)
  expect(request()).toMatchObject({
    model: 'plain',
    prompt: 'a lighthouse at dusk, storm, waves second line',
    seed: 4_022_250_974,
    steps: 28,
    cfgScale: 6.5,
    scheduler: 'Karras',
  })
})

test('makes it at once when everything matches, also after a restart and pressed by whoever read it', async () => {
  const card = await inspect(
    mei,
    await jpegWith(`a teapot\n${settings('plain')}, Version: Darkroom`),
    'tea.jpg',
  )
  expect(textOf(card)).toContain('Everything in this recipe can be had here.')
  await darkroom.restart()
  const picture = await press(mei, card, 'Make it here')
  expect(textOf(picture)).toContain('a teapot')
  expect(request()).toMatchObject({ prompt: 'a teapot', seed: 99, steps: 12, width: 96, sampler: 'Euler a' })
})

test('asks before it costs money', async () => {
  const card = await inspect(
    ben,
    await pngWith({ parameters: `a teapot\n${settings('paid')}, Version: Darkroom` }),
  )
  const asked = await press(ben, card, 'Make it here')
  expect(textOf(asked)).toContain('It costs about $0.10. Left for today: $0.50 for you, $5.00 for the class.')
  expect(labels(asked)).toEqual(['Make it like this'])

  // One question buys once, however often and fast its button is pressed; whoever wants another one is asked again.
  const paid = () => darkroom.services.budget.spent(darkroom.classroom.guildId, ben.me.id).personUsd
  const both = () => Promise.all([1, 2].map(() => ben.press(asked, 'Make it like this')))
  const answers = await outcome(ben, async () => {
    const [first, second] = await both()
    await second!.answer()
    return first!
  })
  expect(answers.filter((message) => mediaOf(message).length > 0)).toHaveLength(1)
  expect(paid()).toBeCloseTo(0.1)
  expect(textOf(await press(ben, asked, 'Make it like this'))).toContain('This was used already')
  expect(paid()).toBeCloseTo(0.1)
  const next = await press(ben, card, 'Make it here')
  expect(textOf(next)).toContain('Left for today: $0.40 for you')
  expect(mediaOf(await press(ben, next, 'Make it like this'))).toHaveLength(1)
  expect(paid()).toBeCloseTo(0.2)
})

test('what is free is made as often as its button is pressed', async () => {
  const card = await inspect(ben, await pngWith({ parameters: auto1111Text }))
  const asked = await press(ben, card, 'Make it here')
  for (let times = 0; times < 2; times++)
    expect(mediaOf(await press(ben, asked, 'Make it like this'))).toHaveLength(1)
})

test('shows the recipe of our own picture from its message, with its author and where it came from', async () => {
  const first = only(await outcome(ben, () => ben.slash('/imagine prompt:"a jar" seed:5 steps:9')))
  const child = only(await outcome(mei, () => mei.press(first, 'Again')))
  const card = only(await outcome(ben, () => ben.menu('Show recipe', child.id)))
  expect(isPrivate(card)).toBe(true)
  for (const part of [
    'Made here, with Darkroom',
    'a jar',
    '**Steps** 9',
    'Asked for by **Mei** of this class, after a picture by **Ben**',
  ]) {
    expect(textOf(card)).toContain(part)
  }
  const again = await press(ben, card, 'Make it here')
  expect(textOf(again)).toContain('after a picture by **Mei**')
  // The same file, brought from outside, is known again; with another name it is only read.
  const [file] = mediaOf(child)
  const bytes = Buffer.from(await (await fetch(file?.url ?? '')).arrayBuffer())
  expect(textOf(await inspect(ben, bytes, file?.name))).toContain('Asked for by **Mei**')
  expect(textOf(await inspect(ben, bytes, 'other.png'))).not.toContain('of this class')
})

test('reads a file that is attached to any message', async () => {
  const graph = JSON.stringify(comfyGraph())
  const data = await pngWith({ prompt: graph })
  const id = await post({ name: 'comfy.png', data })
  const card = only(await outcome(ben, () => ben.menu('Show recipe', id)))
  expect(textOf(card)).toContain('Made with ComfyUI')
  expect(textOf(card)).toContain('a glass (bottle:1.2)')
})

test('says in a sentence what is wrong with a file, and shows no stranger’s formatting', async () => {
  const none = await inspect(
    ben,
    await sharp(await pngWith({}))
      .jpeg()
      .toBuffer(),
    'preview.jpg',
  )
  expect(textOf(none)).toMatch(/No recipe in this JPEG[^]*download it/)
  expect(labels(none)).toEqual([])
  const pdf = await inspect(ben, Buffer.from('%PDF-1.7 a text'), 'paper.png')
  expect(isError(pdf.components as never)).toBe(true)
  expect(textOf(pdf)).toMatch(/not a picture that I can read/)
  const circle = comfyGraph({ '4': { class_type: 'LoraLoader', inputs: { model: ['10', 0] } } })
  expect(textOf(await inspect(ben, await pngWith({ prompt: JSON.stringify(circle) })))).toContain(
    'goes in a circle',
  )
  const loud = `# @everyone [free](https://example.org) ${'*_~`|'.repeat(700)}\nNegative prompt: ${'_'.repeat(3000)}\n${settings('@everyone')}, ${Array.from({ length: 40 }, (_, index) => `Odd key ${index}: ${'*'.repeat(200)}`).join(', ')}`
  const card = await inspect(ben, await pngWith({ parameters: loud }))
  expect(textOf(card)).not.toMatch(/(?<!\\)@everyone|(?<!\\)\[free\]\(/)
  expect(textOf(card).length).toBeLessThanOrEqual(4000)
})

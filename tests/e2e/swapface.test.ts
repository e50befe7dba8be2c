/** /swapface as a student types it; the faces are coloured columns (tests/support/fakeFaces.ts). */
import type { APIMessage } from 'discord-api-types/v10'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type ClientFile, type PersonClient } from '../../src/classroom/client.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { createFaceBackend } from '../../src/services/backends/faces/index.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { startDarkroom, type Darkroom } from '../support/darkroom.ts'
import { createFakeKit, facePicture, facesIn } from '../support/fakeFaces.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'

async function open(practice: Record<string, Parameters<typeof facePicture>> = {}) {
  const plain = createFakeKit()
  const more = Object.entries(practice).map(([name, faces]) => ({
    name,
    title: name,
    description: 'A practice picture.',
    faces: faces.filter((face) => face !== 'nobody').length,
  }))
  const kit: typeof plain = {
    ...plain,
    practiceFaces: () => [...plain.practiceFaces(), ...more],
    practicePicture: (name) =>
      practice[name] ? facePicture(...practice[name]) : plain.practicePicture(name),
  }
  const backends = [createMemoryBackend({ isAuto: true }), createFaceBackend(kit.faces)]
  const darkroom = await startDarkroom({ kit, backends })
  onTestFinished(() => darkroom.close())
  const [ida, ben, mei] = await Promise.all(['Ida', 'Ben', 'Mei'].map((name) => darkroom.person(name)))
  return { darkroom, ida: ida!, ben: ben!, mei: mei! }
}

const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)
const file = async (...names: Parameters<typeof facePicture>): Promise<ClientFile> => ({
  name: 'photo.png',
  data: await facePicture(...names),
})

/** All messages that a step brought or left changed, oldest first, as the person sees the channel. */
async function after(
  darkroom: Darkroom,
  person: PersonClient,
  step: () => Promise<{ answer(): Promise<unknown> }>,
) {
  const before = new Set((await person.messages('studio')).map(({ id }) => id))
  await (await step()).answer()
  await darkroom.bot.idle()
  return (await person.messages('studio')).filter(({ id }) => !before.has(id))
}

const bytesOf = async (message: APIMessage, index = 0) =>
  Buffer.from(await (await fetch(mediaOf(message)[index]?.url ?? '')).arrayBuffer())

test('a practice face goes on another one, with mark, words, alt text and metadata', async () => {
  const { darkroom, ben } = await open()
  const [message] = await after(darkroom, ben, () => ben.slash('/swapface face:ada onto:grace'))
  const text = textOf(message!)
  expect(text).toContain('**Face swap**: the face of **practice face Ada** on **practice face Grace**')
  expect(text).toContain('made by a machine')
  expect(mediaOf(message!)[0]?.description).toBe(
    'Face swap, made by a machine: the face of practice face Ada on practice face Grace.',
  )
  const png = await bytesOf(message!)
  expect(await facesIn(png)).toEqual(['ada'])
  expect(readPngText(png)['XML:com.adobe.xmp']).toContain('/compositeWithTrainedAlgorithmicMedia')
  expect(labels(message!)).toEqual(expect.arrayContaining(['How was this made?', 'Delete']))
  // The visible mark: without it this picture has one colour.
  const { channels } = await sharp(png).stats()
  expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(1)
  const { threads } = await ben.state()
  const hung = (await ben.messages(threads[0]!.id)).at(-1)!
  expect(textOf(hung)).toContain('**Face swap**')
})

test('How was this made? shows the stages, and goes from the channel with the picture', async () => {
  const { darkroom, ben } = await open()
  const [message] = await after(darkroom, ben, () => ben.slash('/swapface face:ada onto:grace'))
  const [told] = await after(darkroom, ben, () => ben.press(message!, 'How was this made?'))
  expect(isPrivate(told!)).toBe(true)
  expect(textOf(told!)).toContain('**1. Stage boxes.** What boxes does.')
  expect(textOf(told!)).toContain('gave the very pixels of your picture')
  expect(mediaOf(told!).map(({ description }) => description)).toEqual([
    'The stage boxes.',
    'The stage blend.',
  ])
  const [shown] = await after(darkroom, ben, () => ben.press(told!, 'Show to everyone'))
  expect(isPrivate(shown!)).toBe(false)
  const [question] = await after(darkroom, ben, () => ben.press(message!, 'Delete'))
  await after(darkroom, ben, () => ben.press(question!, 'Yes, delete'))
  const left = (await ben.messages('studio')).map(({ id }) => id)
  expect(left).not.toContain(message!.id)
  expect(left).not.toContain(shown!.id)
})

test('Lineage of a swap names only buttons that it has', async () => {
  const { darkroom, ben } = await open()
  const [message] = await after(darkroom, ben, () => ben.slash('/swapface face:ada onto:grace'))
  const [tree] = await after(darkroom, ben, () => ben.press(message!, 'Lineage'))
  expect(textOf(tree!)).toContain('press **Remix** under it')
  for (const label of ['Again', 'Vary', 'Change']) {
    expect(labels(message!)).not.toContain(label)
    expect(textOf(tree!)).not.toContain(`**${label}**`)
  }
  expect(textOf(tree!)).toContain('A face swap made by Ben')
  expect(textOf(tree!)).toContain('**Ben**, made by a machine')
})

test('says how a picture is given where the channel has none yet', async () => {
  const { darkroom, ben } = await open()
  const answers = async (command: string) => {
    await (await ben.slash(command, 'lessons')).answer()
    await darkroom.bot.idle()
    return textOf((await ben.messages('lessons')).at(-1)!)
  }
  expect(await answers('/swapface face:ada')).toContain('`onto:`, or attach a picture as `target:`')
  expect(await answers('/swapface onto:ada')).toContain('`face:`, or attach a picture as `source:`')
  expect(await answers('/remix prompt:"a dog"')).toContain('attach one as image')
  expect(await answers('/lineage')).not.toContain('attach')
})

test('with several faces the person chooses in private, also after a restart', async () => {
  const { darkroom, ben, mei } = await open({ pair: ['grace', 'ada'], row: ['ada', 'nobody', 'grace'] })
  const source = await file('grace', 'ada')
  const target = await file('ada', 'nobody', 'grace')
  const begun = await after(darkroom, ben, () => ben.slash('/swapface', 'studio', { source, target }))
  const [waiting, first] = begun
  expect(textOf(waiting!)).toBe('Ben is choosing the faces for a swap.')
  expect(isPrivate(first!)).toBe(true)
  expect(textOf(first!)).toContain('Which face is taken?')
  expect(mediaOf(first!)[0]?.description).toBe('A picture with 2 numbered faces.')
  expect(labels(first!)).toEqual(['Face 1', 'Face 2'])
  await darkroom.restart()
  await after(darkroom, ben, () => ben.press(first!, 'Face 2'))
  const second = (await ben.messages('studio')).find(({ id }) => id === first!.id)
  expect(textOf(second!)).toContain('Which face is replaced?')
  const [result] = await after(darkroom, ben, () => ben.press(second!, 'Face 2'))
  expect(textOf(result!)).toContain('the face of **practice face Ada** on **practice face Grace**')
  expect(await facesIn(await bytesOf(result!))).toEqual(['ada', 'ada'])
  expect((await mei.messages('studio')).some(({ id }) => id === waiting!.id)).toBe(false)
  // Used buttons do nothing a second time.
  const again = await after(darkroom, ben, () => ben.press(second!, 'Face 1'))
  expect(again.map(textOf).join()).toContain('This was used already')
})

test('a picture of the channel is taken where none is named, and its maker is credited', async () => {
  const { darkroom, ben, mei } = await open()
  await after(darkroom, ben, () => ben.slash('/swapface face:ada onto:grace'))
  const [message] = await after(darkroom, mei, () => mei.slash('/swapface face:grace'))
  expect(textOf(message!)).toContain('after a picture by **Ben**')
  const picture = darkroom.services.gallery.newest(darkroom.classroom.guildId, 1)[0]!
  expect(picture.parents).toMatchObject([{ relation: 'scene' }])
})

test('real faces are refused while they are off, and it is said in private what to do', async () => {
  const { darkroom, ben, mei } = await open()
  const source = await file('ben')
  const messages = await after(darkroom, ben, () => ben.slash('/swapface onto:grace', 'studio', { source }))
  expect(isPrivate(messages.at(-1)!)).toBe(true)
  expect(textOf(messages.at(-1)!)).toContain('/class faces on')
  expect((await mei.messages('studio')).flatMap(mediaOf)).toEqual([])
  expect(darkroom.services.gallery.newest(darkroom.classroom.guildId, 1)).toEqual([])
})

test.each([
  ['/swapface', 'Please say whose face it is'],
  ['/swapface face:zoe onto:ada', 'There is no practice face “zoe”; there are: ada, grace.'],
  ['/swapface face:ada', 'There is no picture in this channel yet'],
])('%s says what to change', async (command, sentence) => {
  const { darkroom, ben } = await open()
  const [message] = await after(darkroom, ben, () => ben.slash(command))
  expect(isError(message!.components ?? [])).toBe(true)
  expect(isPrivate(message!)).toBe(true)
  expect(textOf(message!)).toContain(sentence)
})

test('a picture without a face, and one named twice, are refused', async () => {
  const { darkroom, ben } = await open()
  const source = await file('nobody')
  const without = await after(darkroom, ben, () => ben.slash('/swapface onto:ada', 'studio', { source }))
  expect(textOf(without.at(-1)!)).toContain('No face was found in the source picture')
  const twice = await after(darkroom, ben, () =>
    ben.slash('/swapface face:ada onto:ada', 'studio', { source }),
  )
  expect(textOf(twice.at(-1)!)).toContain('either `face` or `source`')
})

test('practice faces are suggested by name, and the engine only where there are several', async () => {
  const { ben } = await open()
  const choices = await ben.autocomplete('/swapface face:gr')
  expect(choices).toEqual([{ name: 'Grace: Another practice face.', value: 'grace' }])
  const command = (await ben.state()).commands.find(({ name }) => name === 'swapface')
  expect(command?.options?.map(({ name }) => name)).toEqual(['face', 'onto', 'source', 'target'])
})

test('the engine of the bot itself: two practice faces, one out of a group, and all stages', async () => {
  const darkroom = await startDarkroom()
  onTestFinished(() => darkroom.close())
  const ben = await darkroom.person('Ben')
  const group = darkroom.services.kit.practiceFaces().find(({ faces }) => faces > 1)
  const [, choice] = await after(darkroom, ben, () => ben.slash(`/swapface face:ada onto:${group?.name}`))
  expect(labels(choice!)).toEqual(['Face 1', 'Face 2', 'Face 3'])
  const [message] = await after(darkroom, ben, () => ben.press(choice!, 'Face 2'))
  // The same picture of a face as in the portrait of its own, though smaller and beside others.
  expect(textOf(message!)).toContain('the face of **practice face Ada** on **practice face Femi**')
  const [told] = await after(darkroom, ben, () => ben.press(message!, 'How was this made?'))
  expect(mediaOf(told!)).toHaveLength(6)
  expect(textOf(told!)).toContain('gave the very pixels of your picture')
}, 60_000)

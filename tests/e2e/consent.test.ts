/** Consent from the front door: refused, asked, granted, swapped, withdrawn, gone. Faces are coloured columns. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type ClientFile, type PersonClient } from '../../src/classroom/client.ts'
import type { Fault } from '../../src/classroom/options.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import type { BotContext } from '../../src/discord/context.ts'
import { loadRegistry } from '../../src/discord/registry.ts'
import type { ImageBackend } from '../../src/domain.ts'
import { createFaceBackend } from '../../src/services/backends/faces/index.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createFakeKit, facePicture, facesIn } from '../support/fakeFaces.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'

type Room = Awaited<ReturnType<typeof open>>

async function open(
  options: DarkroomOptions & { rest?: (path: string, method: string) => Fault | undefined } = {},
) {
  const kit = createFakeKit()
  const { rest, ...more } = options
  const model = { ...plainModel, supports: { ...plainModel.supports, img2img: true } }
  const drawing = createMemoryBackend({ isAuto: true, model })
  const darkroom = await startDarkroom({
    kit,
    backends: [drawing, createFaceBackend(kit.faces)],
    classroom: { rest: ({ path, method }) => rest?.(path, method) },
    ...more,
  })
  onTestFinished(() => darkroom.close())
  const persons = await Promise.all(['Ida', 'Ben', 'Mei', 'Noor'].map((name) => darkroom.person(name)))
  const [ida, ben, mei, noor] = persons as [PersonClient, PersonClient, PersonClient, PersonClient]
  return { darkroom, ida, ben, mei, noor }
}

const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)
const file = async (...names: Parameters<typeof facePicture>): Promise<ClientFile> => ({
  name: 'photo.png',
  data: await facePicture(...names),
})
const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}

async function after(
  { darkroom }: Pick<Room, 'darkroom'>,
  person: PersonClient,
  step: () => Promise<{ answer(): Promise<unknown> }>,
  channel = 'studio',
): Promise<APIMessage[]> {
  const before = new Set((await person.messages(channel)).map(({ id }) => id))
  await (await step()).answer()
  await darkroom.bot.idle()
  return (await person.messages(channel)).filter(({ id }) => !before.has(id))
}

/** The messages that the bot sent a person directly. */
async function direct(person: PersonClient): Promise<APIMessage[]> {
  const { channels } = await person.state()
  const channel = channels.find(({ type }) => (type as number) === 1)
  return channel ? person.messages(channel.id) : []
}

const refreshed = async (person: PersonClient, message: APIMessage) =>
  (await person.messages(message.channel_id)).find(({ id }) => id === message.id) as APIMessage

async function askMei(room: Room, ...names: Parameters<typeof facePicture>) {
  const image = await file(...names)
  return after(room, room.ben, () => room.ben.slash('/consent ask person:@Mei', 'studio', { image }))
}

/** Mei says yes to Ben, who puts her face on Grace. */
async function swapped(room: Room): Promise<APIMessage> {
  const { ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  await askMei(room, 'mei')
  const question = (await direct(mei)).at(-1)!
  await after(room, mei, () => mei.press(question, 'Yes'), question.channel_id)
  const source = await file('mei')
  return only(await after(room, ben, () => ben.slash('/swapface onto:grace', 'studio', { source })))
}

const filesIn = (darkroom: Darkroom, folder: string) =>
  readdir(path.join(darkroom.services.config.dataDir, folder))

test('from refused to gone: asked, granted by the other person, swapped, withdrawn', async () => {
  const room = await open()
  const { darkroom, ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  const source = await file('mei')
  const swap = () => ben.slash('/swapface onto:grace', 'studio', { source })

  // Refused, with how to ask.
  const refused = (await after(room, ben, swap)).at(-1)!
  expect(isPrivate(refused)).toBe(true)
  expect(textOf(refused)).toContain('please ask them with `/consent ask`')

  // Asked.
  const asked = only(await askMei(room, 'mei'))
  expect(isPrivate(asked)).toBe(true)
  expect(textOf(asked)).toContain('**Asked.** **Mei** gets a private question')
  const question = only(await direct(mei))
  for (const words of [
    '**Ben** of the class',
    'What for',
    'What is kept',
    'How to take it back',
    '18 or older',
  ]) {
    expect(textOf(question)).toContain(words)
  }
  expect(mediaOf(question)[0]?.description).toContain('The picture that the question is about')
  expect(labels(question)).toEqual(['Yes', 'No'])
  expect((await after(room, ben, swap)).map(textOf).join()).toContain('has not allowed you')

  // Granted, also after a restart, and who asked hears it.
  await darkroom.restart()
  await after(room, mei, () => mei.press(question, 'Yes'), question.channel_id)
  expect(textOf(await refreshed(mei, question))).toContain('**You said yes.**')
  expect(mediaOf(await refreshed(mei, question))).toEqual([])
  expect(textOf((await direct(ben)).at(-1)!)).toContain('**Mei** said **yes**')

  // Swapped.
  const message = only(await after(room, ben, swap))
  expect(textOf(message)).toContain('the face of **Mei** (with their consent) on **practice face Grace**')
  expect(mediaOf(message)[0]?.description).toContain('Mei (with their consent)')
  await after(room, ben, () => ben.press(message, 'How was this made?'))
  const [hung] = (await ben.state()).threads
  expect(await ben.messages(hung!.id)).toHaveLength(1)

  // Withdrawn, while the gallery's thread of that day has closed itself.
  await darkroom.bot.client.rest.patch(`/channels/${hung!.id}`, { body: { archived: true } })
  const list = only(await after(room, mei, () => mei.slash('/consent withdraw')))
  expect(textOf(list)).toContain('Your face, for **Ben**')
  await after(room, mei, () => mei.press(list, 'Take back number 1'))
  const sure = await refreshed(mei, list)
  expect(textOf(sure)).toContain('That deletes one picture')
  await after(room, mei, () => mei.press(sure, 'Yes, take it back'))
  expect(textOf(await refreshed(mei, list))).toContain(
    'What was made with it is deleted: one picture and two messages.',
  )

  // Gone: messages, rows, files, the picture of the face, the explanation.
  expect((await ben.messages('studio')).some(({ id }) => id === message.id)).toBe(false)
  expect(await ben.messages(hung!.id)).toEqual([])
  expect(darkroom.services.gallery.newest(darkroom.classroom.guildId, 9)).toEqual([])
  for (const folder of ['pictures', 'inputs', 'explanations'])
    expect(await filesIn(darkroom, folder)).toEqual([])
  expect((await after(room, ben, swap)).map(textOf).join()).toContain('has not allowed you')
})

test('what was made from a swap bears its mark and goes with it', async () => {
  const room = await open()
  const { darkroom, ben, mei, noor } = room
  const { services } = darkroom
  const swap = await swapped(room)
  const form = await (await noor.press(swap, 'Remix')).answer()
  const filled = { Prompt: 'as an oil painting', Strength: ['0.6'], Model: ['plain'] }
  const remix = only(await after(room, noor, () => noor.fill(form, filled)))
  const again = only(await after(room, ben, () => ben.press(remix, 'Again')))
  const last = only(await after(room, ben, () => ben.slash('/remix prompt:"in blue" model:plain')))
  for (const message of [remix, again, last]) {
    expect(textOf(message)).toContain('**Made from a face swap**')
    expect(mediaOf(message)[0]?.description).toContain('(made from a face swap)')
    const [url = ''] = mediaOf(message).map((media) => media.url)
    const png = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect(readPngText(png)['XML:com.adobe.xmp']).toContain('/compositeWithTrainedAlgorithmicMedia')
  }
  const family = only(await after(room, noor, () => noor.press(again, 'Lineage')))
  const tree = only(await after(room, noor, () => noor.press(family, 'Show to everyone')))
  expect(isPrivate(tree)).toBe(false)
  const list = only(await after(room, mei, () => mei.slash('/consent withdraw')))
  await after(room, mei, () => mei.press(list, 'Take back number 1'))
  await after(room, mei, async () => mei.press(await refreshed(mei, list), 'Yes, take it back'))
  expect(textOf(await refreshed(mei, list))).toContain('four pictures and nine messages')
  expect(services.gallery.newest(darkroom.classroom.guildId, 9)).toEqual([])
  for (const folder of ['pictures', 'inputs']) expect(await filesIn(darkroom, folder)).toEqual([])
  const left = (await ben.messages('studio')).map(({ id }) => id)
  for (const { id } of [swap, remix, again, last, tree]) expect(left).not.toContain(id)
})

test('only the person asked can answer, in a direct message or, when these are closed, in the channel', async () => {
  const closed: Fault = {
    kind: 'answer',
    status: 403,
    body: { code: 50007, message: 'Cannot send messages to this user' },
  }
  const room = await open({ rest: (path) => (path.startsWith('/users/@me/channels') ? closed : undefined) })
  const { ida, ben, mei, noor } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  await askMei(room, 'mei')
  const knock = (await noor.messages('studio')).at(-1)!
  expect(textOf(knock)).toContain(`<@${mei.me.id}>, there is a private question for you`)
  expect(textOf(knock)).not.toContain('face')
  expect(knock.mentions.map(({ id }) => id)).toEqual([mei.me.id])
  expect(mediaOf(knock)).toEqual([])
  for (const other of [noor, ben]) {
    const refusal = (await after(room, other, () => other.press(knock, 'Open the question'))).at(-1)!
    expect(textOf(refusal)).toContain('Only the person who was asked')
  }
  const question = only(await after(room, mei, () => mei.press(knock, 'Open the question')))
  expect(isPrivate(question)).toBe(true)
  await expect(noor.press(question, 'Yes')).rejects.toThrow('gone')
  await after(room, mei, () => mei.press(question, 'No'))
  expect(textOf(await refreshed(mei, question))).toContain('**You said no.**')
  const now = await noor.messages('studio')
  expect(now.some(({ id }) => id === knock.id)).toBe(false)
  // The answer itself is nobody else's business.
  expect(textOf(now.at(-1)!)).toContain(`<@${ben.me.id}>, a private question of yours was answered`)
  expect(await filesIn(room.darkroom, 'inputs')).toEqual([])
  // A no is accepted: nothing is asked for again in the next days.
  expect((await askMei(room, 'mei')).map(textOf).join()).toContain('Mei has said no to a question of yours')
})

test('a question that nobody answers runs out: it goes away, and who asked hears that', async () => {
  const room = await open()
  const { darkroom, ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  await askMei(room, 'mei')
  const question = only(await direct(mei))
  const database = new DatabaseSync(path.join(darkroom.services.config.dataDir, 'darkroom.db'))
  database.exec('UPDATE consent_requests SET expires_at = 1')
  database.close()
  await darkroom.restart()
  await darkroom.bot.idle()
  expect(await direct(mei)).toEqual([])
  expect(textOf(only(await direct(ben)))).toContain('**Mei** did not answer')
  expect(await filesIn(darkroom, 'inputs')).toEqual([])
  expect(question.author.bot).toBe(true)
})

test('a yes is for the one who asked, for one picture, and in one class', async () => {
  const room = await open()
  const { noor, ben } = room
  await swapped(room)
  const source = await file('mei')
  const other = await after(room, noor, () => noor.slash('/swapface onto:grace', 'studio', { source }))
  expect(other.map(textOf).join()).toContain('has not allowed you')
  // On somebody who has not agreed.
  const target = await file('noor')
  const onto = await after(room, ben, () => ben.slash('/swapface', 'studio', { source, target }))
  expect(onto.map(textOf).join()).toContain('The person in the target picture has not allowed you')
})

test('faces are off by default: nobody can be asked, and switching off stops what waits', async () => {
  const room = await open()
  const { ida, ben } = room
  const refused = only(await askMei(room, 'mei'))
  expect(textOf(refused)).toContain('switched off in this class')
  await (await ben.slash('/class faces on')).answer()
  expect(textOf((await ben.messages('studio')).at(-1)!)).toContain('Only instructors')
  const on = only(await after(room, ida, () => ida.slash('/class faces on')))
  expect(textOf(on)).toContain('**Real faces are on.**')
  const off = only(await after(room, ida, () => ida.slash('/class faces off')))
  expect(textOf(off)).toContain('**Real faces are off.**')
  const practice = await after(room, ben, () => ben.slash('/swapface face:ada onto:grace'))
  expect(textOf(practice.at(-1)!)).toContain('**Face swap**')
})

test('my own face: chosen among several, stated, listed with its picture, used by me only', async () => {
  const room = await open()
  const { ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  const image = await file('noor', 'ben')
  const choice = only(await after(room, ben, () => ben.slash('/consent mine', 'studio', { image })))
  expect(isPrivate(choice)).toBe(true)
  expect(textOf(choice)).toContain('**Which face is yours?**')
  await after(room, ben, () => ben.press(choice, 'Face 2'))
  const statement = await refreshed(ben, choice)
  expect(textOf(statement)).toContain(
    '“I am the person in this picture, I am 18 or older, and I allow this.”',
  )
  expect(textOf(statement)).toContain('It is about **face 2**.')
  await after(room, ben, () => ben.press(statement, 'Yes'))
  expect(textOf(await refreshed(ben, choice))).toContain('**Noted.** You, and nobody else,')
  const list = only(await after(room, ben, () => ben.slash('/consent list')))
  expect(textOf(list)).toContain('Your face, for you: face swaps')
  expect(mediaOf(list)).toHaveLength(1)
  const source = await file('ben')
  const mine = await after(room, ben, () => ben.slash('/swapface onto:grace', 'studio', { source }))
  expect(textOf(mine.at(-1)!)).toContain('**Ben** (with their consent)')
  const others = await after(room, mei, () => mei.slash('/swapface onto:grace', 'studio', { source }))
  expect(others.map(textOf).join()).toContain('has not allowed you')
})

test('a no to my own statement stores nothing; everyone in class may be allowed', async () => {
  const room = await open()
  const { darkroom, ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  const image = await file('ben')
  const command = '/consent mine who:everyone'
  const first = only(await after(room, ben, () => ben.slash(command, 'studio', { image })))
  await after(room, ben, () => ben.press(first, 'No'))
  expect(await filesIn(darkroom, 'inputs')).toEqual([])
  const second = only(await after(room, ben, () => ben.slash(command, 'studio', { image })))
  await after(room, ben, () => ben.press(second, 'Yes'))
  const source = image
  const others = await after(room, mei, () => mei.slash('/swapface onto:grace', 'studio', { source }))
  expect(textOf(others.at(-1)!)).toContain('**Ben** (with their consent)')
  const list = only(await after(room, mei, () => mei.slash('/consent list')))
  expect(textOf(list)).toContain('The face of **Ben**, for **everyone in this class**')
  expect(mediaOf(list)).toEqual([])
})

test('real faces switched off while a swap waits: it is not made, and its author reads why', async () => {
  const kit = createFakeKit()
  const gate = Promise.withResolvers<void>()
  const engine = createFaceBackend(kit.faces)
  const slow: ImageBackend = {
    ...engine,
    swapFaces: async (request, context) => {
      await gate.promise
      return engine.swapFaces!(request, context)
    },
  }
  const room = await open({ kit, backends: [slow] })
  const { darkroom, ida, ben, mei } = room
  const { services } = darkroom
  await after(room, ida, () => ida.slash('/class faces on'))
  await askMei(room, 'mei')
  const question = (await direct(mei)).at(-1)!
  await after(room, mei, () => mei.press(question, 'Yes'), question.channel_id)
  const source = await file('mei')
  const states = () => services.queue.unfinished().map(({ state }) => state)
  await (await ben.slash('/swapface face:ada onto:grace')).answer()
  await expect.poll(states).toEqual(['running'])
  await (await ben.slash('/swapface onto:grace', 'studio', { source })).answer()
  await expect.poll(states).toEqual(['running', 'waiting'])
  await services.settings.update(darkroom.classroom.guildId, { realFaces: undefined })
  gate.resolve()
  await darkroom.bot.idle()
  const said = (await ben.messages('studio')).filter(isPrivate).map(textOf).join()
  expect(said).toContain('has taken their yes back, or real faces were switched off')
  expect(services.gallery.newest(darkroom.classroom.guildId, 9)).toHaveLength(1)
})

test('taking a yes back stops the swap that is being made', async () => {
  const kit = createFakeKit()
  const engine = createFaceBackend(kit.faces)
  const begun = Promise.withResolvers<void>()
  const stuck: ImageBackend = {
    ...engine,
    swapFaces: (_request, { signal }) => {
      begun.resolve()
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      return promise
    },
  }
  const room = await open({ kit, backends: [stuck] })
  const { darkroom, ida, ben, mei } = room
  await after(room, ida, () => ida.slash('/class faces on'))
  await askMei(room, 'mei')
  const question = (await direct(mei)).at(-1)!
  await after(room, mei, () => mei.press(question, 'Yes'), question.channel_id)
  const source = await file('mei')
  await (await ben.slash('/swapface onto:grace', 'studio', { source })).answer()
  await begun.promise
  const list = await (await mei.slash('/consent withdraw')).answer()
  expect(list.state).toBe('deferred')
  const withdrawable = async () =>
    (await mei.messages('studio')).find((each) => labels(each).includes('Take back number 1'))
  await expect.poll(withdrawable).toBeDefined()
  const view = (await withdrawable())!
  await (await mei.press(view, 'Take back number 1')).answer()
  await expect.poll(async () => textOf(await refreshed(mei, view))).toContain('Take this back?')
  await after(room, mei, async () => mei.press(await refreshed(mei, view), 'Yes, take it back'))
  expect(textOf(await refreshed(mei, view))).toContain('Stopped: one picture')
  expect((await ben.messages('studio')).map(textOf).join()).toContain('Cancelled: a face swap')
  expect(await filesIn(darkroom, 'inputs')).toEqual([])
})

test('a message that cannot be deleted is said, and deleted at the next start', async () => {
  let isBroken = false
  const room = await open({
    rest: (path, method) =>
      isBroken && method === 'DELETE' && path.includes('/messages/')
        ? { kind: 'answer', status: 403, body: { code: 50013, message: 'Missing Permissions' } }
        : undefined,
  })
  const { darkroom, ben, mei } = room
  const message = await swapped(room)
  isBroken = true
  const list = only(await after(room, mei, () => mei.slash('/consent withdraw')))
  await after(room, mei, () => mei.press(list, 'Take back number 1'))
  await after(room, mei, async () => mei.press(await refreshed(mei, list), 'Yes, take it back'))
  expect(textOf(await refreshed(mei, list))).toContain('Still there: two messages')
  expect(await filesIn(darkroom, 'pictures')).toEqual([])
  isBroken = false
  await darkroom.restart()
  await darkroom.bot.idle()
  expect((await ben.messages('studio')).some(({ id }) => id === message.id)).toBe(false)
  expect(darkroom.services.withdrawals.messages()).toEqual([])
})

test('an instructor can take a consent back, a classmate cannot', async () => {
  const room = await open()
  const { ida, ben } = room
  await swapped(room)
  const refused = only(await after(room, ben, () => ben.slash('/consent withdraw person:@Mei')))
  expect(textOf(refused)).toContain('Only instructors')
  const list = only(await after(room, ida, () => ida.slash('/consent withdraw person:@Mei')))
  expect(mediaOf(list)).toEqual([])
  await after(room, ida, () => ida.press(list, 'Take back number 1'))
  await after(room, ida, async () => ida.press(await refreshed(ida, list), 'Yes, take it back'))
  expect(textOf(await refreshed(ida, list))).toContain('**Taken back.**')
  expect(room.darkroom.services.gallery.newest(room.darkroom.classroom.guildId, 9)).toEqual([])
})

test('the buttons that draw again are not under a swap, and refuse it', async () => {
  const room = await open()
  const { darkroom, ben } = room
  const message = await swapped(room)
  const drawing = only(await after(room, ben, () => ben.slash('/imagine prompt:cat model:plain')))
  const picture = darkroom.services.gallery.newest(darkroom.classroom.guildId, 2)[1]!
  expect(await facesIn(await darkroom.services.gallery.png(picture))).toEqual(['mei'])
  const registry = await loadRegistry()
  for (const label of ['Again', 'Vary', 'Change']) {
    expect(labels(drawing)).toContain(label)
    expect(labels(message)).not.toContain(label)
    const action = registry.actions.get(label.toLowerCase())!
    const context = { services: darkroom.services } as BotContext
    await expect(action.press({} as never, picture, context, undefined)).rejects.toThrow(
      'This is a face swap',
    )
  }
})

/** The bot dies at every line around every kind of send; the next one brings each message exactly once. */
import type { APIMessage } from 'discord-api-types/v10'
import { ChannelType } from 'discord.js'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import type { ClassroomOptions } from '../../src/classroom/index.ts'
import { BackendError } from '../../src/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { crashAt, crashPoints, type CrashPoint } from '../support/crash.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createFakeKit, facePicture } from '../support/fakeFaces.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'

/** A class whose clock can be put forward, so that tokens expire. */
function classWithClock() {
  let minutes = 0
  return {
    later: (more: number) => void (minutes += more),
    options: { now: () => Date.now() + minutes * 60_000 } satisfies Partial<ClassroomOptions>,
  }
}

async function open(options: DarkroomOptions = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom({ backends: [createMemoryBackend({ isAuto: true })], ...options })
  onTestFinished(() => darkroom.close())
  return darkroom
}

const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
/** All pictures that hang in a channel, each as often as it does. */
const picturesIn = async (person: PersonClient, channel: string) =>
  (await person.messages(channel)).flatMap(mediaOf).filter(({ name }) => name?.startsWith('picture-'))

/** The bot dies at the point while `act` is done, and another one starts. */
async function dieAndRestart(
  darkroom: Darkroom,
  point: CrashPoint,
  isIt: (key: string) => boolean,
  act: () => Promise<unknown>,
  between: () => void = () => undefined,
) {
  const isDead = crashAt(darkroom, point, isIt)
  await act()
  await expect.poll(isDead, { timeout: 10_000 }).toBe(true)
  between()
  await darkroom.restart()
  await darkroom.bot.idle()
  expect(darkroom.services.queue.unfinished(), `dead ${point}`).toEqual([])
  expect(darkroom.services.sends.unfinished(), `dead ${point}`).toEqual([])
}

const startsWith = (begin: string) => (key: string) => key.startsWith(begin)

test('a reply, with a token that still lives', async () => {
  const darkroom = await open({ setUp: false })
  const ben = await darkroom.person('Ben')
  for (const [n, point] of crashPoints.entries()) {
    await dieAndRestart(darkroom, point, startsWith('end:'), () =>
      ben.slash(`/imagine prompt:"a cat" seed:${n}`),
    )
    expect((await picturesIn(ben, 'studio')).length, `dead ${point}`).toBe(n + 1)
  }
})

test('a reply whose token has died meanwhile', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({ setUp: false, classroom: options })
  const ben = await darkroom.person('Ben')
  for (const [n, point] of crashPoints.entries()) {
    const act = () => ben.slash(`/imagine prompt:"a cat" seed:${n}`)
    await dieAndRestart(darkroom, point, startsWith('end:'), act, () => later(16))
    expect((await picturesIn(ben, 'studio')).length, `dead ${point}`).toBe(n + 1)
    // What was there before the crash is the reply itself; else there is a message beside it.
    const last = (await ben.messages('studio')).findLast((message) => mediaOf(message).length > 0)
    expect(last?.interaction_metadata !== undefined, `dead ${point}`).toBe(n >= 2)
  }
})

test('a channel message, when the token was dead before', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({
    setUp: false,
    classroom: {
      ...options,
      observe({ method, path }) {
        if (method === 'POST' && path.endsWith('/callback')) later(16)
      },
    },
  })
  const ben = await darkroom.person('Ben')
  for (const [n, point] of crashPoints.entries()) {
    await dieAndRestart(
      darkroom,
      point,
      startsWith('end:'),
      () => ben.slash(`/imagine prompt:"a cat" seed:${n}`),
      // Discord has forgotten the number that keeps it from taking the same message twice.
      () => later(6),
    )
    expect((await picturesIn(ben, 'studio')).length, `dead ${point}`).toBe(n + 1)
  }
})

test('a picture in the gallery', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({ classroom: options })
  const ben = await darkroom.person('Ben')
  for (const [n, point] of crashPoints.entries()) {
    const act = () => ben.slash(`/imagine prompt:"a cat" seed:${n}`)
    await dieAndRestart(darkroom, point, startsWith('gallery:'), act, () => later(6))
    const threads = (await ben.state()).threads.filter(({ name }) => name.startsWith('Gallery'))
    const hung = await Promise.all(threads.map(({ id }) => picturesIn(ben, id)))
    expect(hung.flat().length, `dead ${point}`).toBe(n + 1)
    expect((await picturesIn(ben, 'studio')).length, `dead ${point}`).toBe(n + 1)
  }
})

test('a failure: one public message, the reason at most once, and a button that tells it again', async () => {
  const backend = createMemoryBackend()
  backend.generate = () => Promise.reject(new BackendError('memory', 'rejected', 'for the log'))
  const darkroom = await open({ setUp: false, backends: [backend] })
  const ben = await darkroom.person('Ben')
  let expected = 0
  for (const key of ['end:', 'why:']) {
    for (const point of crashPoints) {
      expected += 1
      await dieAndRestart(darkroom, point, startsWith(key), () => ben.slash('/imagine prompt:"a cat"'))
      const messages = await ben.messages('studio')
      const all = messages.filter((message) => textOf(message).startsWith('No picture this time.'))
      expect(all.length, `${key} ${point}`).toBe(expected)
      const reasons = messages.filter(isPrivate)
      expect(reasons.length, `${key} ${point}`).toBeLessThanOrEqual(expected)
    }
  }
  const last = (await ben.messages('studio')).findLast((message) => !isPrivate(message)) as APIMessage
  expect(buttonsOf(last).map(({ label }) => label)).toEqual(['Why?'])
  const known = (await ben.messages('studio')).length
  await (await ben.press(last, 'Why?')).answer()
  const [again] = (await ben.messages('studio')).slice(known) as [APIMessage]
  expect(isPrivate(again)).toBe(true)
  expect(textOf(again)).toContain('refused this request')
})

test('a result as a direct message, when the channel is closed', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({
    setUp: false,
    classroom: {
      ...options,
      observe({ method, path }) {
        if (method === 'POST' && path.endsWith('/callback')) later(16)
      },
      rest: ({ method, path }) =>
        /^\/channels\/\d+\/messages$/.test(path) && path.includes(studioId) && method === 'POST'
          ? { kind: 'answer', status: 403, body: { code: 50013, message: 'Missing Permissions' } }
          : undefined,
    },
  })
  const ben = await darkroom.person('Ben')
  const studioId = (await ben.state()).channels.find(({ name }) => name === 'studio')?.id ?? ''
  for (const [n, point] of crashPoints.entries()) {
    // The key is that of the whole end: its intent is written for the channel first, and then for the direct message.
    let begun = 0
    const isIt = (key: string) => key.startsWith('end:') && (point.endsWith('intent') ? ++begun > 2 : true)
    const act = () => ben.slash(`/imagine prompt:"a cat" seed:${n}`)
    await dieAndRestart(darkroom, point, isIt, act, () => later(6))
    expect((await picturesOfDirect(ben)).length, `dead ${point}`).toBe(n + 1)
    expect((await picturesIn(ben, 'studio')).length, `dead ${point}`).toBe(0)
  }
})

async function direct(person: PersonClient): Promise<APIMessage[]> {
  const channel = (await person.state()).channels.find(({ type }) => (type as number) === 1)
  return channel ? person.messages(channel.id) : []
}
const picturesOfDirect = async (person: PersonClient) =>
  (await direct(person)).flatMap(mediaOf).filter(({ name }) => name?.startsWith('picture-'))

test('a question about a face, and its answer, as direct messages', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({ setUp: false, kit: createFakeKit(), classroom: options })
  const [ida, ben, mei] = await Promise.all(['Ida', 'Ben', 'Mei'].map((name) => darkroom.person(name)))
  if (!ida || !ben || !mei) throw new Error('they are in the class')
  await (await ida.slash('/class faces on')).answer()
  for (const [n, point] of crashPoints.entries()) {
    const image = { name: 'photo.png', data: await facePicture('mei') }
    await dieAndRestart(
      darkroom,
      point,
      startsWith('question:'),
      () => ben.slash('/consent ask person:@Mei', 'studio', { image }),
      () => later(6),
    )
    const questions = (await direct(mei)).filter((message) => buttonsOf(message).length === 2)
    expect(questions.length, `dead ${point}`).toBe(1)
    await dieAndRestart(
      darkroom,
      point,
      startsWith('heard:'),
      async () => ben && mei.press(questions[0] as APIMessage, 'Yes'),
      () => later(6),
    )
    expect((await direct(ben)).length, `dead ${point}`).toBe(n + 1)
  }
})

test.each(['forum', 'thread', 'here'] as const)('a lesson, %s', async (where) => {
  const { later, options } = classWithClock()
  const darkroom = await open({ setUp: false, classroom: options })
  const ida = await darkroom.person('Ida')
  const guild = darkroom.bot.client.guilds.cache.first()
  if (where === 'forum') await guild?.channels.create({ name: 'questions', type: ChannelType.GuildForum })
  const how = where === 'forum' ? 'forum:questions' : `where:${where}`
  let posts = 0
  for (const page of where === 'thread' ? ['start', '0', '1'] : ['0', '1']) {
    for (const point of crashPoints) {
      posts += 1
      await dieAndRestart(
        darkroom,
        point,
        (key) => key.startsWith('lesson:') && key.endsWith(`:${page}`),
        () => ida.slash(`/lesson post lesson:05-remixing ${how}`),
        () => later(6),
      )
      const { threads } = await ida.state()
      expect(threads.length, `${page} ${point}`).toBe(where === 'here' ? 0 : posts)
      const places = where === 'here' ? ['studio'] : threads.map(({ id }) => id)
      const messages = (await Promise.all(places.map((id) => ida.messages(id)))).flat()
      const texts = messages.filter((message) => !isPrivate(message)).map(textOf)
      for (const words of ['part 1 of 2', 'part 2 of 2'])
        expect(texts.filter((text) => text.includes(words)).length, `${words} ${page} ${point}`).toBe(posts)
    }
  }
})

test('a picture that is deleted after Discord has it and before that was stored: its message goes', async () => {
  const { later, options } = classWithClock()
  const darkroom = await open({
    setUp: false,
    classroom: {
      ...options,
      observe({ method, path }) {
        if (method === 'POST' && path.endsWith('/callback')) later(16)
      },
    },
  })
  const ben = await darkroom.person('Ben')
  const isDead = crashAt(darkroom, 'after Discord has it', startsWith('end:'))
  await ben.slash('/imagine prompt:"a cat"')
  await expect.poll(isDead, { timeout: 10_000 }).toBe(true)
  expect((await picturesIn(ben, 'studio')).length).toBe(1)
  const { gallery } = darkroom.services
  for (const { id } of gallery.newest(darkroom.classroom.guildId, 9)) await gallery.remove(id)
  await darkroom.restart()
  await darkroom.bot.idle()
  expect((await picturesIn(ben, 'studio')).length).toBe(0)
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

/** Discord's bad weather: refusals, lost answers, limits, a bot that is thrown out. What was accepted arrives once, or waits. */
import type { APIMessage } from 'discord-api-types/v10'
import { ChannelType } from 'discord.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import type { Fault } from '../../src/classroom/options.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { BackendError } from '../../src/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createMemoryBackend, type MemoryBackend } from '../support/memoryBackend.ts'

type Asked = { method: string; path: string }

/** A class in which `faults.now` decides what Discord answers. */
async function open(options: DarkroomOptions = {}) {
  const faults: { now: (asked: Asked) => Fault | undefined } = { now: () => undefined }
  const backend = createMemoryBackend({ isAuto: true })
  const darkroom = await startDarkroom({
    backends: [backend],
    setUp: false,
    serverErrors: true,
    ...options,
    classroom: { rest: (asked) => faults.now(asked), ...options.classroom },
  })
  onTestFinished(() => darkroom.close())
  return { darkroom, faults, ben: await darkroom.person('Ben') }
}

const isEdit = ({ method, path }: Asked) => method === 'PATCH' && path.endsWith('@original')
const isPost = ({ method, path }: Asked) => method === 'POST' && /^\/channels\/\d+\/messages$/.test(path)
const isCallback = ({ path }: Asked) => path.endsWith('/callback')
const refusal = (status: number, code: number): Fault => ({
  kind: 'answer',
  status,
  body: { code, message: 'refused by the test' },
})
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)

const withPictures = async (person: PersonClient, channel = 'studio') =>
  (await person.messages(channel)).filter((message) =>
    mediaOf(message).some(({ name }) => name?.startsWith('picture-')),
  )
async function direct(person: PersonClient): Promise<APIMessage[]> {
  const channel = (await person.state()).channels.find(({ type }) => (type as number) === 1)
  return channel ? person.messages(channel.id) : []
}

/** Asks for a picture and waits until nothing is left to do. */
async function imagine(darkroom: Darkroom, person: PersonClient, prompt = 'a cat') {
  const handled = () =>
    darkroom.logs.filter((line) => /"handled"|Discord did not take an answer/.test(line)).length
  const before = handled()
  await person.slash(`/imagine prompt:"${prompt}" seed:7`)
  await expect.poll(handled, { timeout: 10_000 }).toBeGreaterThan(before)
  await darkroom.bot.idle()
}

/** The newest private answer to a person. */
async function mine(darkroom: Darkroom, person: PersonClient): Promise<APIMessage> {
  await (await person.slash('/mine')).answer()
  await darkroom.bot.idle()
  return (await person.messages('studio')).findLast(isPrivate) as APIMessage
}

describe('when the reply is refused', () => {
  test.each([
    ['10062 at the acknowledgement', isCallback, refusal(404, 10062)],
    ['50027 at the edit', isEdit, refusal(401, 50027)],
    ['10015 at the edit', isEdit, refusal(404, 10015)],
    ['10008 at the edit', isEdit, refusal(404, 10008)],
  ])('%s: the result comes as a channel message', async (_, isIt, fault) => {
    const { darkroom, faults, ben } = await open()
    faults.now = (asked) => (isIt(asked) ? fault : undefined)
    await imagine(darkroom, ben)
    const found = await withPictures(ben)
    expect(found.length).toBe(1)
    expect(textOf(found[0] as APIMessage)).toContain(`<@${ben.me.id}>, your picture is ready`)
    // A reply that was announced and never came does not say so for ever.
    const reply = (await ben.messages('studio')).find((message) => message.interaction_metadata)
    expect(reply ? textOf(reply) : 'there is none, so another message').toContain('another message')
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })
})

test('a late result leads back to the command, and what said "in line" says where the result is', async () => {
  const backend = createMemoryBackend()
  const { darkroom, faults, ben } = await open({ backends: [backend] })
  await (await ben.slash('/imagine prompt:"a cat"')).answer()
  const call = await backend.called(1)
  const reply = async () => (await ben.messages('studio')).find((each) => each.interaction_metadata)
  await expect
    .poll(async () => labels((await reply()) as APIMessage), { timeout: 10_000 })
    .toEqual(['Cancel'])
  faults.now = (asked) => (isEdit(asked) ? refusal(401, 50027) : undefined)
  call.finish()
  await darkroom.bot.idle()
  const [late] = (await withPictures(ben)) as [APIMessage]
  const old = (await reply()) as APIMessage
  expect(textOf(late)).toContain(
    `[your command](https://discord.com/channels/${darkroom.classroom.guildId}/${old.channel_id}/${old.id})`,
  )
  expect(textOf(old)).toContain(
    `[another message](https://discord.com/channels/${darkroom.classroom.guildId}/${late.channel_id}/${late.id})`,
  )
  expect(labels(old)).toEqual([])
})

describe('a message whose arrival is not known is not sent twice', () => {
  test.each([
    ['502 after Discord has it', { kind: 'answer', status: 502, after: true } as const],
    ['the line is cut after Discord has it', { kind: 'drop', after: true } as const],
    ['502 before Discord has it', { kind: 'answer', status: 502 } as const],
    ['the line is cut before Discord has it', { kind: 'drop' } as const],
  ])('%s', async (_, fault) => {
    let times = 0
    const { darkroom, faults, ben } = await open()
    faults.now = (asked) => {
      if (isEdit(asked)) return refusal(401, 50027)
      return isPost(asked) && times++ === 0 ? fault : undefined
    }
    await imagine(darkroom, ben)
    expect((await withPictures(ben)).length).toBe(1)
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })
})

test('a forum post whose arrival is not known is not made twice', async () => {
  let times = 0
  const { darkroom, faults } = await open()
  const ida = await darkroom.person('Ida')
  const guild = darkroom.bot.client.guilds.cache.first()
  await guild?.channels.create({ name: 'questions', type: ChannelType.GuildForum })
  faults.now = ({ method, path }) =>
    method === 'POST' && path.endsWith('/threads') && times++ === 0
      ? { kind: 'answer', status: 502, after: true }
      : undefined
  await (await ida.slash('/lesson post lesson:05-remixing forum:questions')).answer()
  await darkroom.bot.idle()
  const { threads } = await ida.state()
  expect(threads.length).toBe(1)
  const pages = (await ida.messages(threads[0]?.id ?? '')).map(textOf)
  expect(pages.filter((text) => /part [12] of 2/.test(text)).length).toBe(2)
})

test('429: it waits as long as Discord says', async () => {
  const times: number[] = []
  const { darkroom, faults, ben } = await open()
  faults.now = (asked) => {
    if (!isEdit(asked)) return undefined
    times.push(Date.now())
    return times.length === 1 ? { kind: 'rate-limit', seconds: 1 } : undefined
  }
  await imagine(darkroom, ben)
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(950)
  expect((await withPictures(ben)).length).toBe(1)
})

describe('an upload that is too large', () => {
  test('is sent once more as a smaller copy, which says so, here and in the gallery', async () => {
    const sizes: number[] = []
    const { darkroom, faults, ben } = await open({
      setUp: true,
      classroom: {
        observe({ files }) {
          for (const { name, size } of files) if (name.startsWith('picture-')) sizes.push(size)
        },
      },
    })
    const refused = new Set<string>()
    faults.now = (asked) => {
      if (!isEdit(asked) && !isPost(asked)) return undefined
      if (refused.has(asked.path)) return undefined
      refused.add(asked.path)
      return refusal(413, 40005)
    }
    await imagine(darkroom, ben)
    const [message] = (await withPictures(ben)) as [APIMessage]
    expect(textOf(message)).toContain('so this is a smaller copy')
    expect(mediaOf(message)[0]?.name).toMatch(/^picture-.*\.webp$/)
    const thread = (await ben.state()).threads[0]?.id ?? ''
    const [hung] = (await withPictures(ben, thread)) as [APIMessage]
    expect(textOf(hung)).toContain('so this is a smaller copy')
    expect(sizes.length).toBe(4)
    expect(sizes[1]).toBeLessThan(sizes[0] ?? 0)
  })

  test('is given up in words when the smaller copy is refused too; the picture waits in /mine', async () => {
    const { darkroom, faults, ben } = await open()
    let uploads = 0
    faults.now = (asked) => (isEdit(asked) && uploads++ < 2 ? refusal(413, 40005) : undefined)
    await imagine(darkroom, ben)
    expect((await withPictures(ben)).length).toBe(0)
    const reason = (await ben.messages('studio')).findLast(isPrivate) as APIMessage
    expect(textOf(reason)).toContain('too large for this server')
    expect(labels(await mine(darkroom, ben))).toEqual(['Show 1 here'])
  })
})

describe('when the channel is closed', () => {
  const closeChannel =
    (isDirectToo: boolean) =>
    (studio: string) =>
    (asked: Asked): Fault | undefined => {
      if (isEdit(asked)) return refusal(401, 50027)
      if (isPost(asked)) return asked.path.includes(studio) || isDirectToo ? refusal(403, 50013) : undefined
      return undefined
    }
  const studioOf = async (person: PersonClient) =>
    (await person.state()).channels.find(({ name }) => name === 'studio')?.id ?? ''

  test('the result comes as a direct message, without buttons that would not work there', async () => {
    const { darkroom, faults, ben } = await open()
    faults.now = closeChannel(false)(await studioOf(ben))
    await imagine(darkroom, ben)
    expect((await withPictures(ben)).length).toBe(0)
    const [message] = (await direct(ben)) as [APIMessage]
    expect(mediaOf(message).length).toBe(1)
    expect(textOf(message)).toContain('`/mine` shows it again')
    expect(labels(message)).toEqual([])
  })

  test('and direct messages are too, the result waits in /mine, and can be shown there once', async () => {
    const { darkroom, faults, ben } = await open()
    faults.now = closeChannel(true)(await studioOf(ben))
    await imagine(darkroom, ben)
    expect((await withPictures(ben)).length + (await direct(ben)).length).toBe(0)
    expect(darkroom.services.queue.unfinished()).toEqual([])
    faults.now = () => undefined
    const list = await mine(darkroom, ben)
    expect(textOf(list)).toContain('It could not be shown to you when it was ready.')
    await (await ben.press(list, 'Show 1 here')).answer()
    await darkroom.bot.idle()
    const [shown] = (await withPictures(ben)) as [APIMessage]
    expect(labels(shown)).toContain('How was this made?')
    expect(textOf(await mine(darkroom, ben))).not.toContain('could not be shown')
    // It is the message of its job now: Delete takes it away.
    await (await ben.press(shown, 'Delete')).answer()
    const question = (await ben.messages('studio')).findLast(isPrivate) as APIMessage
    await (await ben.press(question, 'Yes, delete')).answer()
    await darkroom.bot.idle()
    expect((await withPictures(ben)).length).toBe(0)
  })

  test('the reason of a failure waits in /mine too', async () => {
    const backend = createMemoryBackend()
    backend.generate = () => Promise.reject(new BackendError('memory', 'rejected', 'for the log'))
    const { darkroom, faults, ben } = await open({ backends: [backend] })
    faults.now = closeChannel(true)(await studioOf(ben))
    await imagine(darkroom, ben)
    faults.now = () => undefined
    const list = await mine(darkroom, ben)
    expect(textOf(list)).toContain('No picture: “a cat”')
    await (await ben.press(list, 'Show 1 here')).answer()
    const reason = (await ben.messages('studio')).findLast(isPrivate) as APIMessage
    expect(isError(reason.components ?? [])).toBe(true)
    expect(textOf(await mine(darkroom, ben))).toContain('There is no picture of yours')
  })
})

describe('/mine', () => {
  test('lists one’s own pictures only, in pages, each to be shown with its buttons', async () => {
    const { darkroom, ben } = await open()
    const mei = await darkroom.person('Mei')
    for (const prompt of ['one', 'two', 'three', 'four', 'five', 'six'])
      await imagine(darkroom, ben, `a ${prompt}`)
    await imagine(darkroom, mei, 'a secret of Mei')
    const list = await mine(darkroom, ben)
    expect(isPrivate(list)).toBe(true)
    expect(textOf(list)).toMatch(/page 1 of 2[\s\S]*a six[\s\S]*a five[\s\S]*a two/)
    expect(textOf(list)).not.toContain('secret')
    expect(mediaOf(list).every(({ description }) => description)).toBe(true)
    await (await ben.press(list, 'Older')).answer()
    await darkroom.bot.idle()
    const second = (await ben.messages('studio')).findLast(isPrivate) as APIMessage
    expect(textOf(second)).toMatch(/page 2 of 2[\s\S]*a one/)
    await (await ben.press(second, 'Show 1 here')).answer()
    await darkroom.bot.idle()
    const shown = (await withPictures(ben)).at(-1) as APIMessage
    expect(isPrivate(shown)).toBe(false)
    expect(textOf(shown)).toContain('a one')
    expect(labels(shown)).toContain('Again')
    // Nobody else can have it shown.
    const before = (await withPictures(mei)).length
    await (await mei.press(list, 'Show 1 here').catch(() => undefined))?.answer()
    expect((await withPictures(mei)).length).toBe(before)
  })
})

describe('when the bot is thrown out', () => {
  test('what waits goes by the reply while its token lives; the gallery gets its copy when the bot is back', async () => {
    const backend = createMemoryBackend()
    const { darkroom, ben } = await open({ backends: [backend], setUp: true })
    await (await ben.slash('/imagine prompt:"a cat"')).answer()
    const call = await backend.called(1)
    darkroom.classroom.removeBot()
    await expect
      .poll(() => darkroom.logs.join(''), { timeout: 10_000 })
      .toContain('Darkroom was removed from a server')
    call.finish()
    await darkroom.bot.idle()
    expect((await withPictures(ben)).length).toBe(1)
    const hung = async () => withPictures(ben, (await ben.state()).threads[0]?.id ?? '').catch(() => [])
    expect((await hung()).length).toBe(0)
    darkroom.classroom.addBot()
    await expect.poll(async () => (await hung()).length, { timeout: 10_000 }).toBe(1)
    expect((await ben.state()).commands.map(({ name }) => name)).toContain('imagine')
    await darkroom.bot.idle()
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })

  test('and the token is dead, the result waits in /mine', async () => {
    const backend: MemoryBackend = createMemoryBackend()
    const { darkroom, faults, ben } = await open({ backends: [backend] })
    await (await ben.slash('/imagine prompt:"a cat"')).answer()
    const call = await backend.called(1)
    darkroom.classroom.removeBot()
    faults.now = (asked) => (isEdit(asked) ? refusal(401, 50027) : undefined)
    call.finish()
    await darkroom.bot.idle()
    expect((await withPictures(ben)).length).toBe(0)
    faults.now = () => undefined
    darkroom.classroom.addBot()
    await expect
      .poll(async () => (await ben.state()).commands.map(({ name }) => name), { timeout: 10_000 })
      .toContain('mine')
    expect(textOf(await mine(darkroom, ben))).toContain('It could not be shown to you when it was ready.')
  })
})

describe('the gateway', () => {
  test.each(['drop', 'invalid', 'reconnect'] as const)('%s: what was accepted arrives once', async (how) => {
    const backend = createMemoryBackend()
    const { darkroom, ben } = await open({ backends: [backend] })
    await (await ben.slash('/imagine prompt:"a cat"')).answer()
    const call = await backend.called(1)
    darkroom.classroom.dropGateway(how)
    call.finish()
    await darkroom.bot.idle()
    expect((await withPictures(ben)).length).toBe(1)
    // And it hears commands again.
    await expect
      .poll(
        async () => {
          const sent = await ben.slash('/darkroom')
          return Promise.race([
            sent.answer().then(({ state }) => state),
            new Promise((r) => setTimeout(r, 2000, 'late')),
          ])
        },
        { timeout: 15_000 },
      )
      .toBe('acknowledged')
  })
})

test('a token that is revoked while it runs: jobs are kept, and delivered with the next one', async () => {
  const backend = createMemoryBackend()
  const { darkroom, faults, ben } = await open({ backends: [backend] })
  await (await ben.slash('/imagine prompt:"a cat"')).answer()
  const call = await backend.called(1)
  faults.now = (asked) => {
    if (isEdit(asked)) return refusal(401, 50027)
    return asked.path.startsWith('/channels/') ? refusal(401, 0) : undefined
  }
  call.finish()
  await expect.poll(() => darkroom.fatal.map(({ exitCode }) => exitCode), { timeout: 10_000 }).toEqual([6])
  expect(darkroom.fatal[0]?.message).toContain('Accepted jobs are kept')
  faults.now = (asked) => (isEdit(asked) ? refusal(401, 50027) : undefined)
  await darkroom.restart()
  await darkroom.bot.idle()
  expect((await withPictures(ben)).length).toBe(1)
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

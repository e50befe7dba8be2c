/** What was accepted arrives, whatever happens to tokens, connections and processes. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sharp from 'sharp'
import type { APIMessage } from 'discord-api-types/v10'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import type { ClassroomOptions } from '../../src/classroom/index.ts'
import type { ImageBackend } from '../../src/domain.ts'
import { exits, FatalError } from '../../src/discord/exitCodes.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'

async function open(options: DarkroomOptions = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom(options)
  onTestFinished(() => darkroom.close())
  return darkroom
}
/** In this class 16 minutes pass as soon as a command is acknowledged: no reply can be edited any more. */
function slowClass(): Partial<ClassroomOptions> {
  let minutes = 0
  return {
    now: () => Date.now() + minutes * 60_000,
    observe({ method, path, requestBody }) {
      const isPublic = JSON.stringify(requestBody).includes('"flags":0')
      if (method === 'POST' && path.endsWith('/callback') && isPublic) minutes += 16
    },
  }
}

const answers = (messages: readonly APIMessage[]) => messages.filter(({ author }) => author.bot === true)

describe('when the way of answering in private has expired', () => {
  test('the picture comes as a channel message that mentions its author', async () => {
    const darkroom = await open({ classroom: slowClass() })
    const ben = await darkroom.person('Ben')
    await (await ben.slash('/imagine prompt:"a red heart" seed:7 steps:2 count:2')).answer()
    await darkroom.bot.idle()
    const messages = (await ben.messages('studio')).filter((message) => mediaOf(message).length > 0)
    expect(messages.length).toBe(1)
    expect(textOf(messages[0] as APIMessage)).toMatch(new RegExp(`^<@${ben.me.id}>, your pictures are ready`))
    expect(messages[0]?.mentions.map(({ id }) => id)).toEqual([ben.me.id])
    expect(messages[0]?.interaction_metadata).toBeUndefined()
  })
})

test('a result whose arrival could not be heard of is not sent twice', async () => {
  let isCut = false
  const darkroom = await open({
    classroom: {
      ...slowClass(),
      rest({ method, path }) {
        if (isCut || method !== 'POST' || !/^\/channels\/\d+\/messages$/.test(path)) return undefined
        isCut = true
        return { kind: 'drop', after: true }
      },
    },
  })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:"a red heart" seed:7 steps:2')).answer()
  await darkroom.bot.idle()
  expect(isCut).toBe(true)
  expect((await ben.messages('studio')).filter((message) => mediaOf(message).length > 0).length).toBe(1)
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

test('a picture that is deleted while it is being hung leaves no copy in the gallery', async () => {
  const darkroom = await open({
    classroom: {
      rest: ({ method, path }) =>
        method === 'POST' && /^\/channels\/\d+\/messages$/.test(path)
          ? { kind: 'delay', ms: 1500 }
          : undefined,
    },
  })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:"a red heart" seed:7 steps:2 count:2')).answer()
  // Not the preview that a slow machine shows meanwhile: that message can only be cancelled.
  const shown = async () =>
    (await ben.messages('studio')).filter((message) =>
      buttonsOf(message).some(({ label }) => label === 'Delete'),
    )
  await expect.poll(async () => (await shown()).length, { timeout: 10_000 }).toBe(1)
  await (await ben.press((await shown())[0] as APIMessage, 'Delete')).answer()
  const question = (await ben.messages('studio')).at(-1) as APIMessage
  await (await ben.press(question, 'Yes, delete')).answer()
  await darkroom.bot.idle()
  const { threads } = await ben.state()
  expect(threads.length).toBe(1)
  expect((await ben.messages(threads[0]?.id ?? '')).filter((each) => mediaOf(each).length > 0)).toEqual([])
  expect(darkroom.services.queue.unfinished()).toEqual([])
})

describe('after a restart', () => {
  test('a job that was waiting is drawn, delivered and archived, once', async () => {
    const darkroom = await open()
    const ben = await darkroom.person('Ben')
    for (const seed of [1, 2]) {
      await (await ben.slash(`/imagine prompt:"a red heart" seed:${seed} steps:20 count:2`)).answer()
    }
    await darkroom.restart()
    await darkroom.bot.idle()
    const messages = answers(await ben.messages('studio')).filter((message) => mediaOf(message).length > 0)
    expect(messages.map((message) => mediaOf(message).length)).toEqual([2, 2])
    const thread = (await ben.state()).threads[0]?.id ?? ''
    expect((await ben.messages(thread)).filter((message) => mediaOf(message).length > 0).length).toBe(2)
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })

  test('a message that was sent but not noted is found again instead of being sent twice', async () => {
    const darkroom = await open({ classroom: slowClass() })
    const ben = await darkroom.person('Ben')
    // As if the process had died between sending and noting.
    darkroom.services.queue.markDelivered = () => {
      throw new Error('died')
    }
    // The second one comes 16 minutes after the first: by then Discord has forgotten the number of the first message.
    for (const seed of [1, 2]) {
      await (await ben.slash(`/imagine prompt:"a red heart" seed:${seed} steps:2`)).answer()
      await darkroom.bot.idle()
    }
    await darkroom.restart()
    await darkroom.bot.idle()
    const messages = (await ben.messages('studio')).filter((message) => mediaOf(message).length > 0)
    expect(messages.length).toBe(2)
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })
})

test('while it is drawn, previews are shown and stay until there is a newer one', async () => {
  const darkroom = await open({ setUp: false })
  const [backend] = darkroom.services.backends.all()
  const dot = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  Object.assign(backend as object, {
    async generate(_: unknown, { signal, onProgress }: Parameters<ImageBackend['generate']>[1]) {
      for (let step = 1; ; step++) {
        onProgress({ pictureIndex: 0, pictureCount: 1, step, steps: 20, preview: () => Promise.resolve(dot) })
        await pause(400, undefined, { signal })
      }
    },
  })
  const ben = await darkroom.person('Ben')
  const shown: string[] = []
  ben.on((event) => {
    if (event.type !== 'message-update') return
    shown.push(
      mediaOf(event.message)
        .map(({ name }) => name)
        .join() || 'none',
    )
  })
  await (await ben.slash('/imagine prompt:cat')).answer()
  await expect.poll(() => shown, { timeout: 20_000 }).toEqual(['none', 'preview-1.png', 'preview-1.png'])
  const message = (await ben.messages('studio')).at(-1) as APIMessage
  await (await ben.press(message, 'Cancel')).answer()
  await darkroom.bot.idle()
  expect(shown.at(-1)).toBe('none')
})

test('a lost connection to the gateway loses no command', async () => {
  const darkroom = await open()
  const ben = await darkroom.person('Ben')
  darkroom.classroom.dropGateway('reconnect')
  const sent = await ben.slash('/imagine prompt:cat seed:1 steps:2')
  expect((await sent.answer()).state).toBe('deferred')
  await darkroom.bot.idle()
  expect((await ben.messages('studio')).some((message) => mediaOf(message).length === 1)).toBe(true)
})

test('while Discord answers with errors, the result is sent again until it arrives', async () => {
  let failures = 0
  const darkroom = await open({
    serverErrors: true,
    classroom: {
      rest: ({ method, path }) =>
        method === 'PATCH' && path.startsWith('/webhooks/') && path.endsWith('@original') && failures++ < 4
          ? { kind: 'answer', status: 502 }
          : undefined,
    },
    setUp: false,
  })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:cat seed:1 steps:2')).answer()
  await darkroom.bot.idle()
  expect(failures).toBeGreaterThan(4)
  expect((await ben.messages('studio')).filter((message) => mediaOf(message).length === 1).length).toBe(1)
})

test('a line that breaks in the middle of an upload ends neither the bot nor the upload', async () => {
  let cuts = 0
  const darkroom = await open({
    classroom: {
      rest: ({ method, path, hasFiles }) =>
        method === 'PATCH' && path.endsWith('@original') && hasFiles && cuts++ < 3
          ? { kind: 'drop' }
          : undefined,
    },
    setUp: false,
  })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:cat seed:1 steps:2 count:3')).answer()
  await darkroom.bot.idle()
  expect(cuts).toBeGreaterThan(3)
  expect((await ben.messages('studio')).filter((message) => mediaOf(message).length === 3).length).toBe(1)
})

test('without a gallery the picture comes all the same', async () => {
  const darkroom = await open({ setUp: false })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:cat seed:1 steps:2')).answer()
  await darkroom.bot.idle()
  const message = (await ben.messages('studio')).at(-1) as APIMessage
  expect(buttonsOf(message).map(({ label }) => label)).toContain('How was this made?')
  expect((await ben.state()).threads).toEqual([])
})

describe('the bot does not start, and says why,', () => {
  const reasonOf = async (options: DarkroomOptions) => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'darkroom-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const error = await startDarkroom({ ...options, dataDir }).then(
      (darkroom) => darkroom.close(),
      (error: unknown) => error,
    )
    return error instanceof FatalError ? error.reason : error
  }

  test('with a wrong token', async () => {
    expect(await reasonOf({ config: { discordToken: 'a-wrong-token' } })).toBe('wrong-token')
  })
  test('when it may not register commands', async () => {
    const rest: ClassroomOptions['rest'] & {} = ({ method, path }) =>
      method === 'PUT' && path.endsWith('/commands')
        ? { kind: 'answer', status: 403, body: { code: 50001, message: 'Missing Access' } }
        : undefined
    expect(await reasonOf({ classroom: { rest } })).toBe('missing-permissions')
  })
  test('when Discord cannot be reached', async () => {
    expect(await reasonOf({ config: { discordApiUrl: 'http://127.0.0.1:9/api' } })).toBe('unreachable')
    expect(exits.unreachable.code).toBe(7)
  })
})

describe('the bot gives up, and says why,', () => {
  test('when its token is reset while it runs', async () => {
    let isReset = false
    const darkroom = await open({
      classroom: {
        rest: ({ path }) =>
          isReset && path.startsWith('/channels/')
            ? { kind: 'answer', status: 401, body: { code: 0, message: '401: Unauthorized' } }
            : undefined,
      },
    })
    isReset = true
    await darkroom.bot.client.rest.delete('/channels/1/messages/1').catch(() => undefined)
    expect(darkroom.fatal.map(({ reason, exitCode }) => [reason, exitCode])).toEqual([['revoked-token', 6]])
  })

  test.each([
    [4004, 'revoked-token'],
    [4014, 'disallowed-intents'],
  ])('when the gateway closes with %i', async (code, reason) => {
    const darkroom = await open()
    darkroom.classroom.dropGateway(code)
    await expect.poll(() => darkroom.fatal.map((error) => error.reason)).toEqual([reason])
  })
})

test('before it is invited to the named servers it waits, and says which link to open', async () => {
  const darkroom = await open({ config: { guildIds: ['123456789012345678'] }, setUp: false })
  expect(darkroom.fatal).toEqual([])
  expect(darkroom.logs.join('')).toContain('in none of the servers of DISCORD_GUILD_IDS yet')
})

test('what a command has handed over is not brought a second time by a resume', async () => {
  const darkroom = await open()
  const ben = await darkroom.person('Ben')
  await ben.slash('/imagine prompt:"a red heart" seed:7 steps:40')
  await expect.poll(() => darkroom.services.queue.unfinished().length).toBe(1)
  darkroom.bot.deliverer.resume()
  darkroom.bot.deliverer.resume()
  await darkroom.bot.idle()
  const pictures = (await ben.messages('studio')).filter(({ components = [] }) => components.length > 1)
  expect(pictures).toHaveLength(1)
  const edits = darkroom.logs.filter((line) => line.includes('"drawn"'))
  expect(edits).toHaveLength(1)
})

test('without a list of servers it serves the only one it is in, and says which line to add', async () => {
  const darkroom = await open({ config: { guildIds: [] } })
  const ben = await darkroom.person('Ben')
  expect((await ben.state()).commands.map(({ name }) => name)).toContain('imagine')
  expect(darkroom.logs.join('')).toContain(`DISCORD_GUILD_IDS=${darkroom.classroom.guildId}`)
})

test('commands are registered again only when they changed', async () => {
  const puts: string[] = []
  const darkroom = await open({
    classroom: {
      rest({ method, path }) {
        if (method === 'PUT' && path.endsWith('/commands')) puts.push(path)
        return undefined
      },
    },
  })
  await darkroom.restart()
  expect(puts.length).toBe(1)
})

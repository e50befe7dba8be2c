/** A discord.js client and three people use many features; all traffic must fit Discord's OpenAPI document. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { APIMessage } from 'discord-api-types/v10'
import { DiscordAPIError } from 'discord.js'
import type { Client } from 'discord.js'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { connectPerson } from '../../src/classroom/client.ts'
import type { InteractionEvent, PersonClient } from '../../src/classroom/client.ts'
import { startClassroom } from '../../src/classroom/index.ts'
import type { Classroom } from '../../src/classroom/index.ts'
import { createSpecCheck } from '../support/discordSpec.ts'
import { startFeatureBot } from '../support/featureBot.ts'
import { routeCalls } from '../support/routeCalls.ts'

const check = createSpecCheck()
const failures: string[] = []
let dataDir: string
let classroom: Classroom
let bot: Client<true>
let mei: PersonClient
let ida: PersonClient

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darkroom-spec-'))
  classroom = await startClassroom({
    port: 0,
    dataDir,
    botPermissions: 8n,
    observe: check.onExchange,
    log: (line, data) => failures.push(`${line} ${inspect(data)}`),
  })
  bot = await startFeatureBot({
    apiUrl: classroom.apiUrl,
    token: classroom.token,
    guildId: classroom.guildId,
    onError: (error) => failures.push(String(error)),
    onEvent: check.event,
  })
  mei = await connectPerson(classroom.url, 'Mei')
  ida = await connectPerson(classroom.url, 'Ida')
})

afterAll(async () => {
  await mei?.close()
  await ida?.close()
  await bot?.destroy()
  await classroom?.close()
  await rm(dataDir, { recursive: true, force: true })
})

afterEach(() => {
  const [failure] = failures.splice(0)
  if (failure !== undefined) throw new Error(failure)
})

const newest = async (person: PersonClient): Promise<APIMessage | undefined> =>
  (await person.messages('studio')).at(-1)

/** Waits until some message in the studio has this text. */
const seen = (person: PersonClient, text: string): Promise<APIMessage> =>
  vi.waitFor(
    async () => {
      expect(failures).toEqual([])
      const found = (await person.messages('studio')).find((message) => message.content === text)
      expect(found).toBeDefined()
      return found!
    },
    { timeout: 8000, interval: 30 },
  )

describe('commands', () => {
  test('an option of every type arrives as the person gave it', async () => {
    const { guild } = await mei.state()
    const studio = (await mei.state()).channels.find(({ name }) => name === 'studio')!
    const role = guild.roles.find(({ name }) => name === 'Instructor')!
    const sent = await mei.slash({
      name: 'all',
      options: [
        { name: 'text', type: 3, value: 'words' },
        { name: 'whole', type: 4, value: 7 },
        { name: 'yes', type: 5, value: true },
        { name: 'who', type: 6, value: ida.me.id },
        { name: 'where', type: 7, value: studio.id },
        { name: 'which', type: 8, value: role.id },
        { name: 'any', type: 9, value: ida.me.id },
        { name: 'amount', type: 10, value: 0.5 },
        { name: 'file', type: 11, value: 'file' },
        { name: 'choice', type: 3, value: 'red' },
      ],
      files: { file: { name: 'note.txt', type: 'text/plain', data: Buffer.from('hello') } },
    })
    const answer = await sent.answer()
    expect(answer.responseMessage?.content.split(' | ')).toEqual(
      ['words', 7, true, 'ida', 'Ida', 'studio', 'Instructor', 'somebody', 0.5, 'note.txt', 5, 'red'].map(
        String,
      ),
    )
  })

  test('subcommands and groups arrive as such', async () => {
    await (await mei.slash('/tree group leaf word:green')).answer()
    expect((await newest(mei))?.content).toBe('group/leaf green')
    await (await mei.slash('/tree twig')).answer()
    expect((await newest(mei))?.content).toBe('/twig null')
  })

  test('autocomplete suggests, and the answer may be for one person', async () => {
    expect(await mei.autocomplete('/pick sampler:eu')).toEqual([{ name: 'eu a', value: 'eu-a' }])
    await (await mei.slash('/pick sampler:eu-a')).answer()
    const note = await seen(mei, 'eu-a')
    expect(note.flags).toBe(64)
    expect((await ida.messages('studio')).some(({ id }) => id === note.id)).toBe(false)
  })

  test('menus on people and messages carry their target', async () => {
    await (await mei.menu('Greet', ida.me.id)).answer()
    const greeting = await seen(mei, 'Hello ida')
    await (await mei.menu('Quote', greeting.id)).answer()
    expect((await seen(mei, '> Hello ida')).interaction_metadata).toMatchObject({
      target_message_id: greeting.id,
    })
  })
})

describe('components', () => {
  test('a card shows its pictures and file, also after an edit without uploads, and opens a form', async () => {
    await mei.slash('/card')
    const card = await vi.waitFor(
      async () => {
        expect(failures).toEqual([])
        const message = await newest(mei)
        expect(message?.edited_timestamp).toBeTruthy()
        expect(message?.components).toHaveLength(2)
        return message!
      },
      { timeout: 8000, interval: 30 },
    )
    await mei.press(card, 'Again')
    await seen(mei, 'Again.')
    const form: InteractionEvent = await (await mei.press(card, 'Change')).answer()
    expect(form).toMatchObject({ state: 'modal', modal: { title: 'Change' } })
    await mei.fill(form, { Prompt: 'a blue heart', sampler: ['euler'] })
    await seen(mei, 'a blue heart with euler')
  })

  test('each kind of select brings its values', async () => {
    const { guild } = await mei.state()
    const { channels } = await mei.state()
    await (await mei.slash('/menus')).answer()
    const message = (await newest(mei))!
    const choices: [string, string[]][] = [
      ['menu-string', ['red', 'blue']],
      ['menu-user', [ida.me.id]],
      ['menu-role', [guild.roles[0]!.id]],
      ['menu-any', [ida.me.id]],
      ['menu-channel', [channels[0]!.id]],
    ]
    for (const [id, values] of choices) {
      await (await mei.select(message, id, values)).answer()
      expect((await seen(mei, `${id} ${values.length}`)).id).toBe(message.id)
    }
  })
})

describe('messages, channels and roles', () => {
  test('messages are sent, edited, deleted and discussed in threads', async () => {
    await mei.slash('/work')
    const note = await seen(mei, 'Worked.')
    expect(note.flags).toBe(64)
    const messages = await ida.messages('studio')
    const second = messages.find(({ content }) => content === 'Second')
    expect(second?.attachments.map(({ filename }) => filename)).toEqual(['a.png'])
    expect(messages.some(({ content }) => content === 'Gone soon')).toBe(false)
    expect((await ida.state()).threads.map(({ name }) => name)).toContain('About the dot')
  })

  test('channels with overwrites and roles are made, changed and removed', async () => {
    await ida.slash('/admin')
    await seen(ida, 'Done.')
    expect((await ida.state()).channels.map(({ name }) => name)).not.toContain('workshop')
  })
})

test('a refused request is answered with an error body that fits', async () => {
  const channel = bot.channels.cache.find((one) => one.isSendable() && 'name' in one && one.name === 'studio')
  const send = async (): Promise<unknown> => channel?.isSendable() && channel.send('a'.repeat(2001))
  await expect(send()).rejects.toMatchObject({ code: 50035, message: expect.stringContaining('content') })
})

describe('routes that no feature above used', () => {
  test.each(routeCalls)('%s', async (_, call) => {
    const { channels, threads } = await mei.state()
    const { method, path, body } = call({
      guild: classroom.guildId,
      channel: channels.find(({ name }) => name === 'studio')!.id,
      thread: threads.find(({ name }) => name === 'About the dot')!.id,
      app: bot.application.id,
      user: mei.me.id,
    })
    const known = check.violations.length
    await bot.rest.request({ method, fullRoute: path, body }).catch((error: unknown) => {
      if (!(error instanceof DiscordAPIError)) throw error
    })
    expect(check.violations.slice(known)).toEqual([])
  })
})

test('all requests, answers and events of this file fit Discord’s OpenAPI document', () => {
  expect(check.violations).toEqual([])
  expect(check.operations.size).toBeGreaterThan(50)
  expect([...check.events]).toEqual(
    expect.arrayContaining([
      'READY',
      'GUILD_CREATE',
      'INTERACTION_CREATE',
      'MESSAGE_CREATE',
      'MESSAGE_UPDATE',
      'THREAD_CREATE',
      'CHANNEL_CREATE',
      'GUILD_ROLE_CREATE',
    ]),
  )
})

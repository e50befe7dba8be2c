/** The classroom's gateway against a real discord.js client: broken lines, restarts, refusals. */
import { Client, Events, GatewayIntentBits } from 'discord.js'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { GatewayDrop } from '../../src/classroom/index.ts'
import { startSmallBot, type SmallBot } from '../support/smallBot.ts'

let bot: SmallBot

afterEach(() => bot.close())

const nextResume = () => new Promise((resolve) => bot.client.once(Events.ShardResume, resolve))
const nextReady = () => new Promise((resolve) => bot.client.once(Events.ShardReady, resolve))

/** The bot's answer to a command that is typed now. */
async function answered(): Promise<string | undefined> {
  bot.onInteraction(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.reply('here')
  })
  const answer = await (await bot.ben.slash('/say')).answer()
  return answer.responseMessage?.content
}

test.each<GatewayDrop>(['reconnect', 'drop', 4000])(
  'after %s the session goes on with what was missed',
  async (how) => {
    bot = await startSmallBot()
    const resumed = nextResume()
    const away = new Promise((resolve) => bot.client.once(Events.ShardReconnecting, resolve))
    bot.classroom.dropGateway(how)
    await away
    // Typed while the bot may be away: it is told after the resume.
    expect(await answered()).toBe('here')
    await resumed
  },
)

test('after an invalid session the client logs in again', async () => {
  bot = await startSmallBot()
  const ready = nextReady()
  bot.classroom.dropGateway('invalid')
  await ready
  expect(await answered()).toBe('here')
})

test('after a restart messages, files, buttons and tokens still work, and ids go on', async () => {
  bot = await startSmallBot()
  const row = {
    type: 1,
    components: [{ type: 2, style: 1, label: 'Again', custom_id: 'again' }],
  } as const
  let token = ''
  bot.onInteraction(async (interaction) => {
    if (interaction.isChatInputCommand()) {
      token = interaction.token
      const file = { attachment: Buffer.from('kept'), name: 'note.txt' }
      await interaction.reply({ content: 'first', components: [row], files: [file] })
    } else if (interaction.isButton()) await interaction.reply('second')
  })
  await (await bot.ben.slash('/say')).answer()
  const [before] = await bot.ben.messages('studio')
  // Even when the clock of the machine was put back in between.
  await bot.reopen({ now: () => Date.now() - 3_600_000 })
  const [after] = await bot.ben.messages('studio')
  expect(after).toMatchObject({ id: before?.id, content: 'first' })
  expect(await (await fetch(after?.attachments[0]?.url ?? '')).text()).toBe('kept')
  const original = `/webhooks/${bot.client.application.id}/${token}/messages/@original`
  expect((await bot.rest('PATCH', original, { content: 'edited' })).body).toMatchObject({ content: 'edited' })
  await (await bot.ben.press(after!, 'Again')).answer()
  const second = (await bot.ben.messages('studio')).at(-1)
  expect(second?.content).toBe('second')
  expect(BigInt(second?.id ?? 0)).toBeGreaterThan(BigInt(before?.id ?? 0))
})

test('a client comes back by itself when the classroom was away', async () => {
  bot = await startSmallBot()
  const ready = nextReady()
  await bot.reopen({ samePort: true })
  await ready
  expect(await answered()).toBe('here')
})

test('with the intent Guilds alone no message is told, and only the bot is in the list of members', async () => {
  bot = await startSmallBot()
  const heard: string[] = []
  bot.client.on('raw', (packet: { t: string }) => heard.push(packet.t))
  await bot.rest('POST', `/channels/${bot.studioId}/messages`, { content: 'hello' })
  await bot.rest('POST', `/channels/${bot.studioId}/threads`, { name: 'a thread', type: 11 })
  await vi.waitFor(() => expect(heard).toContain('THREAD_CREATE'))
  expect(heard).not.toContain('MESSAGE_CREATE')
  expect([...(bot.client.guilds.cache.first()?.members.cache.keys() ?? [])]).toEqual([bot.client.user.id])
})

test('the intent for messages hears of them', async () => {
  const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages]
  bot = await startSmallBot({}, { intents })
  const heard: { type: number; content: string }[] = []
  bot.client.on('messageCreate', ({ type, content }) => heard.push({ type, content }))
  await bot.rest('POST', `/channels/${bot.studioId}/messages`, { content: 'my own' })
  await vi.waitFor(() => expect(heard).toEqual([{ type: 0, content: 'my own' }]))
})

/** The code with which the classroom closes a connection after one frame. */
async function closeCode(payload: object | string, query = '?v=10&encoding=json'): Promise<number> {
  const socket = new WebSocket(`${bot.classroom.url.replace('http', 'ws')}/gateway${query}`)
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.once('open', () => socket.send(typeof payload === 'string' ? payload : JSON.stringify(payload)))
  return closed
}

test('frames that break the protocol are answered with Discord’s close codes', async () => {
  bot = await startSmallBot()
  const { token } = bot.classroom
  const identify = (d: object) => closeCode({ op: 2, d: { token, intents: 1, properties: {}, ...d } })
  expect(await identify({ token: 'wrong' })).toBe(4004)
  expect(await identify({ intents: 1 << 15 })).toBe(4014)
  expect(await identify({ intents: 'all' })).toBe(4013)
  expect(await closeCode({ op: 99 })).toBe(4001)
  expect(await closeCode('{')).toBe(4002)
  expect(await closeCode({ op: 8, d: {} })).toBe(4003)
  expect(await closeCode({}, '/?v=6')).toBe(4012)
})

test('a wrong token and disallowed intents stop a discord.js client', async () => {
  bot = await startSmallBot()
  const { apiUrl, token } = bot.classroom
  const login = (intents: number[], given: string) =>
    new Client({ intents, rest: { api: apiUrl } }).login(given)
  await expect(login([GatewayIntentBits.Guilds], 'wrong')).rejects.toMatchObject({ code: 'TokenInvalid' })
  await expect(login([GatewayIntentBits.MessageContent], token)).rejects.toThrow('disallowed intents')
})

test('a client that sends no heartbeat is disconnected', async () => {
  bot = await startSmallBot({ heartbeatIntervalMs: 40 })
  const identify = { op: 2, d: { token: bot.classroom.token, intents: 1, properties: {} } }
  expect(await closeCode(identify)).toBe(4009)
})

/** The classroom's REST API past the client: errors, permissions, threads, limits, faults. */
import { afterEach, expect, test } from 'vitest'
import type { Fault } from '../../src/classroom/index.ts'
import { startSmallBot, type SmallBot } from '../support/smallBot.ts'

let bot: SmallBot

afterEach(() => bot.close())

const studio = (rest = '') => `/channels/${bot.studioId}${rest}`
const post = async (content: string) => (await bot.rest('POST', studio('/messages'), { content })).body

const DENY = { view: 1n << 10n, send: 1n << 11n, attach: 1n << 15n, threads: 1n << 35n } as const

/** Takes permissions from everyone, the bot's role included, in the studio. */
function deny(bits: bigint): void {
  const botRole = bot.client.guilds.cache.first()?.members.me?.roles.highest.id ?? ''
  bot.classroom.setOverwrite(bot.studioId, { id: botRole, type: 0, allow: '0', deny: String(bits) })
}

test('a route that is not there answers 501 and its name is logged', async () => {
  const lines: string[] = []
  bot = await startSmallBot({ log: (line) => lines.push(line) })
  const { status } = await bot.rest('GET', `/guilds/${bot.classroom.guildId}/audit-logs`)
  expect(status).toBe(501)
  expect(lines).toEqual([`the classroom does not implement GET /guilds/${bot.classroom.guildId}/audit-logs`])
})

test('requests without the bot’s token are refused', async () => {
  bot = await startSmallBot()
  expect(await bot.rest('GET', '/users/@me', undefined, 'Bot wrong')).toEqual({
    status: 401,
    body: { message: '401: Unauthorized', code: 0 },
  })
  expect((await bot.rest('GET', '/users/@me', undefined, bot.classroom.token)).status).toBe(401)
})

test('unknown things and wrong ids have Discord’s codes', async () => {
  bot = await startSmallBot()
  const code = async (method: string, path: string, body?: object) =>
    (await bot.rest(method, path, body)).body.code
  const guild = `/guilds/${bot.classroom.guildId}`
  expect(await code('GET', '/channels/1')).toBe(10003)
  expect(await code('GET', '/guilds/1')).toBe(10004)
  expect(await code('GET', `${guild}/members/1`)).toBe(10007)
  expect(await code('GET', studio('/messages/1'))).toBe(10008)
  expect(await code('PATCH', `${guild}/roles/1`, {})).toBe(10011)
  expect(await code('GET', studio('/messages/abc'))).toBe(50035)
  expect(await code('POST', studio('/messages'), {})).toBe(50006)
  expect(await code('GET', studio('/messages?limit=101'))).toBe(50035)
})

test('what the bot may not do is refused with 50013, what it may not see with 50001', async () => {
  bot = await startSmallBot()
  const message = await post('before')
  const form = new FormData()
  form.append('files[0]', new Blob(['x']), 'x.txt')
  const upload = async () => {
    const headers = { authorization: `Bot ${bot.classroom.token}` }
    const url = `${bot.classroom.apiUrl}/v10${studio('/messages')}`
    return (await fetch(url, { method: 'POST', headers, body: form })).status
  }
  expect(await upload()).toBe(200)
  deny(DENY.attach | DENY.threads)
  expect(await upload()).toBe(403)
  expect((await bot.rest('POST', studio('/threads'), { name: 'x', type: 11 })).body.code).toBe(50013)
  expect((await bot.rest('POST', studio('/messages'), { content: 'x' })).status).toBe(200)
  deny(DENY.send)
  expect((await bot.rest('POST', studio('/messages'), { content: 'x' })).body.code).toBe(50013)
  expect((await bot.rest('PUT', studio(`/messages/pins/${message.id}`))).body.code).toBe(50013)
  deny(DENY.view)
  expect((await bot.rest('GET', studio())).body.code).toBe(50001)
  expect((await bot.ben.state()).channels.map(({ name }) => name)).toContain('studio')
})

test('lists of messages begin at, before, after and around one', async () => {
  bot = await startSmallBot()
  const ids: string[] = []
  for (const text of ['a', 'b', 'c', 'd', 'e']) ids.push((await post(text)).id)
  const list = async (query: string) =>
    ((await bot.rest('GET', studio(`/messages?${query}`))).body as unknown as { content: string }[])
      .map(({ content }) => content)
      .join('')
  expect(await list('limit=2')).toBe('ed')
  expect(await list(`before=${ids[2]}`)).toBe('ba')
  expect(await list(`after=${ids[2]}`)).toBe('ed')
  expect(await list(`after=${ids[0]}&limit=2`)).toBe('cb')
  expect(await list(`around=${ids[2]}&limit=3`)).toBe('dcb')
})

test('the same nonce gives the first message back for some minutes', async () => {
  let ahead = 0
  bot = await startSmallBot({ now: () => Date.now() + ahead })
  const send = async (content: string) => {
    const body = { content, nonce: 'job-1', enforce_nonce: true }
    return (await bot.rest('POST', studio('/messages'), body)).body
  }
  const first = await send('one')
  expect(await send('two')).toMatchObject({ id: first.id, content: 'one' })
  ahead = 10 * 60_000
  expect(await send('three')).toMatchObject({ content: 'three' })
})

test('a thread is archived after its time, found in the archive, and woken by a message', async () => {
  let ahead = 0
  bot = await startSmallBot({ now: () => Date.now() + ahead })
  const made = await bot.rest('POST', studio('/threads'), {
    name: 'today',
    type: 11,
    auto_archive_duration: 60,
  })
  expect(made).toMatchObject({
    status: 201,
    body: { type: 11, member: {}, thread_metadata: { archived: false } },
  })
  const thread = made.body.id
  const message = (await bot.rest('POST', `/channels/${thread}/messages`, { content: 'hi' })).body
  const active = async () =>
    (await bot.rest('GET', `/guilds/${bot.classroom.guildId}/threads/active`)).body.threads.length
  expect(await active()).toBe(1)

  ahead = 61 * 60_000
  expect(await active()).toBe(0)
  const archived = (await bot.rest('GET', studio('/threads/archived/public'))).body
  expect(archived).toMatchObject({ threads: [{ id: thread, message_count: 1 }], has_more: false })
  const edit = await bot.rest('PATCH', `/channels/${thread}/messages/${message.id}`, { content: 'x' })
  expect(edit.body.code).toBe(50083)
  await bot.rest('POST', `/channels/${thread}/messages`, { content: 'again' })
  expect(await active()).toBe(1)
  expect((await bot.ben.messages('studio')).at(-1)).toMatchObject({ type: 18, content: 'today' })
})

test('a message has at most one thread, which has its id', async () => {
  bot = await startSmallBot()
  const { id } = await post('about this')
  const start = () => bot.rest('POST', studio(`/messages/${id}/threads`), { name: 'talk' })
  expect((await start()).body).toMatchObject({ id, name: 'talk' })
  expect((await start()).body.code).toBe(160004)
  expect((await bot.rest('GET', studio(`/messages/${id}`))).body).toMatchObject({ thread: { id }, flags: 32 })
})

test('files of an edit are added, and the list of attachments says which old ones stay', async () => {
  bot = await startSmallBot()
  const send = async (method: string, path: string, payload: object, names: string[]) => {
    const form = new FormData()
    form.append('payload_json', JSON.stringify(payload))
    for (const [i, name] of names.entries()) form.append(`files[${i}]`, new Blob([name]), name)
    const headers = { authorization: `Bot ${bot.classroom.token}` }
    const response = await fetch(`${bot.classroom.apiUrl}/v10${path}`, { method, headers, body: form })
    return (await response.json()) as {
      id: string
      attachments: { id: string; filename: string; title?: string }[]
    }
  }
  const first = await send('POST', studio('/messages'), { content: 'x' }, ['a.txt', 'my b.txt'])
  expect(first.attachments).toMatchObject([{ filename: 'a.txt' }, { filename: 'my_b.txt', title: 'my b' }])
  const path = studio(`/messages/${first.id}`)
  const second = await send('PATCH', path, {}, ['c.txt'])
  expect(second.attachments.map(({ filename }) => filename)).toEqual(['a.txt', 'my_b.txt', 'c.txt'])
  const keep = [{ id: second.attachments[1]?.id }, { id: '0', description: 'new' }]
  const third = await send('PATCH', path, { attachments: keep }, ['d.txt'])
  expect(third.attachments).toMatchObject([
    { filename: 'my_b.txt' },
    { filename: 'd.txt', description: 'new' },
  ])
})

test('the headers tell of rate limits, and enforced ones are kept by discord.js', async () => {
  bot = await startSmallBot({ enforceRateLimits: true })
  const seen = await fetch(`${bot.classroom.apiUrl}/v10/users/@me`, {
    headers: { authorization: `Bot ${bot.classroom.token}` },
  })
  expect(seen.headers.get('x-ratelimit-limit')).toBe('5')
  const statuses: number[] = []
  for (let i = 0; i < 6; i++) statuses.push((await bot.rest('POST', studio('/typing'))).status)
  expect(statuses).toEqual([204, 204, 204, 204, 204, 429])
  const refused = await bot.rest('POST', studio('/typing'))
  expect(refused.body).toMatchObject({ global: false, message: 'You are being rate limited.' })
  expect(refused.body.retry_after).toBeGreaterThan(0)
})

test('faults that a test asks for are answered: a forced 429 is waited for, a lost answer was still done', async () => {
  const faults: Fault[] = []
  bot = await startSmallBot({
    rest: ({ method, path }) =>
      method === 'POST' && path.endsWith('/messages') ? faults.shift() : undefined,
  })
  const channel = bot.client.channels.cache.get(bot.studioId)
  if (!channel?.isSendable()) throw new Error('no studio')
  faults.push({ kind: 'rate-limit', seconds: 0.2 })
  const before = performance.now()
  await channel.send('after a pause')
  expect(performance.now() - before).toBeGreaterThan(190)

  faults.push({ kind: 'drop', after: true })
  await expect(bot.rest('POST', studio('/messages'), { content: 'unheard' })).rejects.toThrow('fetch failed')
  faults.push({ kind: 'drop' })
  await expect(bot.rest('POST', studio('/messages'), { content: 'undone' })).rejects.toThrow('fetch failed')
  const contents = (await bot.ben.messages('studio')).map(({ content }) => content)
  expect(contents).toEqual(['after a pause', 'unheard'])
})

test('a file over the limit is refused with 40005', async () => {
  bot = await startSmallBot({ attachmentSizeLimit: 1000 })
  const channel = bot.client.channels.cache.get(bot.studioId)
  if (!channel?.isSendable()) throw new Error('no studio')
  const send = (bytes: number) =>
    channel.send({ files: [{ attachment: Buffer.alloc(bytes), name: 'x.bin' }] })
  await send(1000)
  await expect(send(1001)).rejects.toMatchObject({ code: 40005, status: 413 })
})

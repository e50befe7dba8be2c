/** What Discord refuses, the classroom refuses too, over HTTP and with the same code and field. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, GatewayIntentBits } from 'discord.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectPerson } from '../../src/classroom/client.ts'
import type { PersonClient } from '../../src/classroom/client.ts'
import { startClassroom } from '../../src/classroom/index.ts'
import type { Classroom } from '../../src/classroom/index.ts'

type Interaction = { id: string; token: string }

let dataDir: string
let classroom: Classroom
let mei: PersonClient
let studio: string
/** A bot that never answers, so that the tests can. */
let silent: Client<true>
const interactions: Interaction[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'darkroom-rules-'))
  classroom = await startClassroom({ port: 0, dataDir, answerWithinMs: 30_000 })
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: classroom.apiUrl } })
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve))
  client.on('interactionCreate', ({ id, token }) => interactions.push({ id, token }))
  await client.login(classroom.token)
  silent = await ready
  await silent.application.commands.set([{ name: 'ask', description: 'Ask' }], classroom.guildId)
  mei = await connectPerson(classroom.url, 'Mei')
  studio = (await mei.state()).channels.find(({ name }) => name === 'studio')!.id
})

afterAll(async () => {
  await mei?.close()
  await silent?.destroy()
  await classroom?.close()
  await rm(dataDir, { recursive: true, force: true })
})

type Refusal = { status: number; code: number; fields: string[] }

/** Paths of all `_errors` with their codes, "content BASE_TYPE_MAX_LENGTH". */
const fields = (node: unknown, path: string[] = []): string[] => {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, child]) =>
    key === '_errors'
      ? (child as { code: string }[]).map(({ code }) => `${path.join('.')} ${code}`.trim())
      : fields(child, [...path, key]),
  )
}

const call = async (method: string, path: string, body: object, sizes: number[] = []): Promise<Refusal> => {
  const headers = { authorization: `Bot ${classroom.token}` }
  const json = JSON.stringify(body)
  const form = new FormData()
  sizes.forEach((size, i) => form.append(`files[${i}]`, new Blob([new Uint8Array(size)]), `${i}.bin`))
  form.append('payload_json', json)
  const init =
    sizes.length > 0
      ? { headers, body: form }
      : { headers: { ...headers, 'content-type': 'application/json' }, body: json }
  const response = await fetch(`${classroom.apiUrl}/v10${path}`, { method, ...init })
  const answer = (response.status === 204 ? {} : await response.json()) as { code?: number; errors?: unknown }
  return { status: response.status, code: answer.code ?? 0, fields: fields(answer.errors) }
}

const send = (body: object, sizes?: number[]) => (): Promise<Refusal> =>
  call('POST', `/channels/${studio}/messages`, body, sizes)

const callback = (body: object) => async (): Promise<Refusal> => {
  const count = interactions.length
  await mei.slash('/ask', studio)
  await expect.poll(() => interactions.length).toBe(count + 1)
  const { id, token } = interactions.at(-1)!
  return call('POST', `/interactions/${id}/${token}/callback`, body)
}

const bulk =
  (...commands: object[]) =>
  (): Promise<Refusal> =>
    call('PUT', `/applications/${silent.application.id}/guilds/${classroom.guildId}/commands`, commands)

const V2 = 1 << 15
const text = (content: string) => ({ type: 10, content })
const button = (id: string) => ({ type: 2, style: 1, label: 'Press', custom_id: id })
const row = (...components: object[]) => ({ type: 1, components })
const option = (more: object) => ({ type: 3, name: 'a', description: 'Words', ...more })
const command = (more: object) => ({ name: 'ask', description: 'Ask', ...more })
const label = (i: number) => ({
  type: 18,
  label: 'Word',
  component: { type: 4, custom_id: `w${i}`, style: 1 },
})
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))
const MEBIBYTE = 2 ** 20

test.each<[string, () => Promise<Refusal>, string | number]>([
  ['1 content over 2000', send({ content: 'a'.repeat(2001) }), 'content BASE_TYPE_MAX_LENGTH'],
  [
    '2 embeds over 6000',
    send({ embeds: times(2, () => ({ description: 'a'.repeat(3001) })) }),
    'embeds MAX_EMBED_SIZE_EXCEEDED',
  ],
  [
    '3 six action rows',
    send({ content: 'a', components: times(6, (i) => row(button(`${i}`))) }),
    'components BASE_TYPE_MAX_LENGTH',
  ],
  [
    '4 a custom id twice',
    send({ content: 'a', components: [row(button('x'), button('x'))] }),
    'components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  [
    '5 a link without url',
    send({ content: 'a', components: [row({ type: 2, style: 5, label: 'Look' })] }),
    'components.0.components.0.url BASE_TYPE_REQUIRED',
  ],
  [
    '6 content in a V2 message',
    send({ content: 'a', flags: V2, components: [text('a')] }),
    'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    '7 a V2 component without the flag',
    send({ content: 'a', components: [text('a')] }),
    'components.0 UNION_TYPE_CHOICES',
  ],
  [
    '8 41 components',
    send({ flags: V2, components: [{ type: 17, components: times(40, () => text('a')) }] }),
    'components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
  ],
  [
    '9 V2 texts over 4000',
    send({ flags: V2, components: times(2, () => text('a'.repeat(2001))) }),
    'components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
  ],
  [
    '10 attachment:// without its file',
    send({ embeds: [{ image: { url: 'attachment://a.png' } }] }),
    'embeds.0.image.url UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
  ],
  ['11 an empty message', send({ content: '' }), 50006],
  [
    '12 a mention kind parsed and listed',
    send({ content: 'a', allowed_mentions: { parse: ['users'], users: ['1'] } }),
    'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
  ],
  [
    '13 six components in a modal',
    callback({ type: 9, data: { custom_id: 'm', title: 'M', components: times(6, label) } }),
    'data.components BASE_TYPE_BAD_LENGTH',
  ],
  [
    '14 a command name with a space',
    bulk(command({ name: 'ask me' })),
    '0.name APPLICATION_COMMAND_INVALID_NAME',
  ],
  ['15 a command without description', bulk({ name: 'ask' }), '0.description BASE_TYPE_REQUIRED'],
  [
    '16 a choice value over 100',
    bulk(command({ options: [option({ choices: [{ name: 'n', value: 'a'.repeat(101) }] })] })),
    '0.options.0.choices.0.value BASE_TYPE_MAX_LENGTH',
  ],
  [
    '17 required after optional',
    bulk(command({ options: [option({}), option({ name: 'b', required: true })] })),
    '0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
  ],
  [
    '18 autocomplete with choices',
    bulk(command({ options: [option({ autocomplete: true, choices: [{ name: 'n', value: 'v' }] })] })),
    '0.options.0.autocomplete APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES',
  ],
  ['19 101 commands', bulk(...times(101, (i) => command({ name: `c${i}` }))), 30032],
  ['20 a command name twice', bulk(command({}), command({})), '1 APPLICATION_COMMANDS_DUPLICATE_NAME'],
  [
    '21 a path without number',
    () => call('POST', '/channels/undefined/messages', { content: 'a' }),
    'channel_id NUMBER_TYPE_COERCE',
  ],
  [
    '23 a command over 8000',
    bulk(
      command({
        options: times(4, (n) =>
          option({
            name: `o${n}`,
            choices: times(25, (i) => ({ name: `${i}`.padEnd(90, 'x'), value: `${i}` })),
          }),
        ),
      }),
    ),
    '0 APPLICATION_COMMAND_TOO_LARGE',
  ],
  [
    '24 eleven files',
    send(
      { content: 'a' },
      times(11, () => 1),
    ),
    'attachments BASE_TYPE_MAX_LENGTH',
  ],
  ['24 a file over 10 MiB', send({ content: 'a' }, [10 * MEBIBYTE + 1]), 40005],
  [
    '25 a deferred answer with the V2 flag',
    callback({ type: 5, data: { flags: V2 } }),
    'data.flags BASE_TYPE_CHOICES',
  ],
])('refuses %s', async (_, request, expected) => {
  const refusal = await request()
  const whole = typeof expected === 'number'
  expect(refusal).toEqual({
    status: expected === 40005 ? 413 : 400,
    code: whole ? expected : 50035,
    fields: whole ? [] : [expected],
  })
})

test('an interaction whose callback was refused can still be answered', async () => {
  await callback({ type: 5, data: { flags: V2 } })()
  const { id, token } = interactions.at(-1)!
  const answered = await call('POST', `/interactions/${id}/${token}/callback`, {
    type: 4,
    data: { content: 'a' },
  })
  expect(answered.status).toBe(204)
})

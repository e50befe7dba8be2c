import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../src/classroom/index.ts'
import { createSpecCheck } from '../support/discordSpec.ts'
import {
  ID,
  answer,
  bulk,
  button,
  callback,
  exchange,
  get,
  interaction,
  limited,
  member,
  message,
  refused,
  role,
  row,
  send,
  upload,
  violations,
  without,
} from '../support/specSamples.ts'

const clean: [string, Exchange][] = [
  ['a message', exchange()],
  ['a message with a file', upload()],
  ['a message with a button', send({ content: 'hello', components: [row] })],
  [
    'a V2 card',
    send({ flags: 1 << 15, components: [{ type: 17, components: [{ type: 10, content: 'a' }, row] }] }),
  ],
  ['a forwarded message', send({ message_reference: { type: 1, message_id: ID, channel_id: ID } })],
  [
    'an emoji with `animated`',
    send({ components: [{ ...row, components: [{ ...button, emoji: { name: '🎲', animated: false } }] }] }),
  ],
  ['an answer with a rate limit', answer(limited, 429)],
  ['an answer with field errors', answer(refused, 400)],
  ['the callback of a deferred answer', callback({ type: 5, data: { flags: 64 } })],
  [
    'the callback of an autocomplete',
    callback({ type: 8, data: { choices: [{ name: 'Euler', value: 'euler' }] } }),
  ],
  [
    'the callback with a modal',
    callback({
      type: 9,
      data: {
        custom_id: 'm',
        title: 'Change',
        components: [{ type: 18, label: 'Prompt', component: { type: 4, custom_id: 'prompt', style: 2 } }],
      },
    }),
  ],
  [
    'permission bits as a string',
    bulk({ name: 'class', description: 'Set up', default_member_permissions: '32', nsfw: false }),
  ],
  [
    'an overwrite',
    exchange({
      method: 'PUT',
      path: `/channels/${ID}/permissions/${ID}`,
      requestBody: { id: ID, type: 0, allow: '1024', deny: '0' },
      status: 204,
      responseBody: undefined,
    }),
  ],
  [
    'an edit of the original answer',
    exchange({
      method: 'PATCH',
      path: `/webhooks/${ID}/token/messages/@original`,
      requestBody: { content: 'done', tts: false },
    }),
  ],
  ['a list of messages', get(`/channels/${ID}/messages`, [message], { limit: '50', after: ID })],
  ['a search with its query', get(`/guilds/${ID}/members/search`, [member], { query: 'Mei' })],
  [
    'a reaction',
    exchange({
      method: 'PUT',
      path: `/channels/${ID}/messages/${ID}/reactions/👍/@me`,
      requestType: 'none',
      requestBody: undefined,
      status: 204,
      responseBody: undefined,
    }),
  ],
]

describe('the check against the OpenAPI document', () => {
  test.each(clean)('passes %s', (_, given) => {
    expect(violations(given)).toEqual([])
  })

  test('a fault that repeats is listed once', () => {
    const check = createSpecCheck()
    check.onExchange(send({ content: 7 }))
    check.onExchange(send({ content: 7 }))
    expect(check.violations).toHaveLength(1)
    expect([...check.operations]).toEqual(['POST /channels/{channel_id}/messages'])
  })

  test('server errors made on purpose are no violation', () => {
    expect(violations(answer({ message: 'oops' }, 502), { serverErrors: true })).toEqual([])
  })
})

describe('the check of gateway events', () => {
  const event = (type: string, data: unknown): string => {
    const check = createSpecCheck()
    check.event(type, data)
    return check.violations.join('\n')
  }

  test('passes events that fit', () => {
    expect(event('MESSAGE_CREATE', { ...message, guild_id: ID, member })).toBe('')
    expect(event('INTERACTION_CREATE', interaction)).toBe('')
    expect(event('GUILD_ROLE_CREATE', { guild_id: ID, role })).toBe('')
    expect(event('TYPING_START', {})).toBe('')
  })

  test.each<[string, string, unknown, RegExp]>([
    ['a message without author', 'MESSAGE_CREATE', { ...message, author: undefined }, /'author'/],
    [
      'a role without colours',
      'GUILD_ROLE_CREATE',
      { guild_id: ID, role: { ...role, colors: undefined } },
      /'colors'/,
    ],
    [
      'a member without flags',
      'GUILD_CREATE',
      { id: ID, members: [{ ...member, flags: undefined }] },
      /\/members\/0\/? must have required property 'flags'/,
    ],
    [
      'an interaction without entitlements',
      'INTERACTION_CREATE',
      without(interaction, 'entitlements'),
      /'entitlements'/,
    ],
    [
      'an interaction whose channel has no type',
      'INTERACTION_CREATE',
      { ...interaction, channel: { id: ID } },
      /\/channel must have required property 'type'/,
    ],
    [
      'an interaction without the member’s permissions',
      'INTERACTION_CREATE',
      { ...interaction, member },
      /'permissions'/,
    ],
    [
      'a resolved message that is none',
      'INTERACTION_CREATE',
      { ...interaction, data: { resolved: { messages: { [ID]: { id: ID } } } } },
      /\/data\/resolved\/messages/,
    ],
  ])('catches %s', (_, type, data, words) => {
    expect(event(type, data)).toMatch(words)
  })
})

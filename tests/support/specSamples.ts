/** Correct objects of Discord's and exchanges made from them, for the tests of the check itself. */
import type { Exchange } from '../../src/classroom/index.ts'
import { createSpecCheck } from './discordSpec.ts'

export const ID = '100000000000000001'
export const user = {
  id: ID,
  username: 'darkroom',
  avatar: null,
  discriminator: '0000',
  public_flags: 0,
  flags: 0,
  global_name: null,
  primary_guild: null,
  bot: true,
}
export const message = {
  id: ID,
  channel_id: ID,
  type: 0,
  content: 'hello',
  author: user,
  mentions: [],
  mention_roles: [],
  mention_everyone: false,
  attachments: [],
  embeds: [],
  timestamp: '2026-11-23T10:00:00.000000+00:00',
  edited_timestamp: null,
  flags: 0,
  components: [],
  pinned: false,
  tts: false,
}
export const role = {
  id: ID,
  name: 'Instructor',
  permissions: '32',
  position: 1,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: false,
  mentionable: false,
  icon: null,
  unicode_emoji: null,
  flags: 0,
}
export const member = {
  user,
  nick: null,
  avatar: null,
  banner: null,
  roles: [],
  joined_at: '2026-11-23T10:00:00.000000+00:00',
  premium_since: null,
  communication_disabled_until: null,
  flags: 0,
  pending: false,
  mute: false,
  deaf: false,
}
export const interaction = {
  id: ID,
  application_id: ID,
  type: 2,
  token: 'token',
  version: 1,
  guild_id: ID,
  channel: { id: ID, type: 0 },
  channel_id: ID,
  member: { ...member, permissions: '0' },
  locale: 'en-US',
  entitlements: [],
  authorizing_integration_owners: { '0': ID },
  app_permissions: '0',
  attachment_size_limit: 10485760,
  data: { id: ID, name: 'imagine', type: 1, resolved: { messages: { [ID]: message } } },
}
export const button = { type: 2, style: 1, label: 'Again', custom_id: 'again:1' }
export const row = { type: 1, components: [button] }

export const without = (object: object, left: string): object =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== left))

export const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  method: 'POST',
  path: `/channels/${ID}/messages`,
  query: {},
  requestType: 'json',
  requestBody: { content: 'hello' },
  files: [],
  status: 200,
  responseBody: message,
  ...change,
})
export const send = (requestBody: object): Exchange => exchange({ requestBody })
export const answer = (responseBody: unknown, status = 200): Exchange => exchange({ responseBody, status })
export const get = (path: string, responseBody: unknown, query: Exchange['query'] = {}): Exchange =>
  exchange({ method: 'GET', path, query, requestType: 'none', requestBody: undefined, responseBody })
export const callback = (requestBody: object): Exchange =>
  exchange({
    path: `/interactions/${ID}/token/callback`,
    requestBody,
    query: { with_response: 'false' },
    status: 204,
    responseBody: undefined,
  })
export const bulk = (...commands: object[]): Exchange =>
  exchange({
    method: 'PUT',
    path: `/applications/${ID}/guilds/${ID}/commands`,
    requestBody: commands,
    responseBody: [],
  })
export const upload = (change: Partial<Exchange> = {}): Exchange =>
  exchange({
    requestType: 'multipart',
    requestBody: { attachments: [{ id: '0', description: 'A heart' }] },
    files: [{ field: 'files[0]', name: 'heart.png', type: 'image/png', size: 9 }],
    ...change,
  })

export const violations = (given: Exchange, options?: { serverErrors: boolean }): string[] => {
  const check = createSpecCheck(options)
  check.onExchange(given)
  return check.violations
}

export const limited = { message: 'You are being rate limited.', code: 0, retry_after: 0.5, global: false }
export const refused = {
  code: 50035,
  message: 'Invalid Form Body',
  errors: { content: { ['_errors']: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }] } },
}

/**
 * Gateway events have no schema in the document, but most of their data are objects that it describes.
 * Here is which, and what an INTERACTION_CREATE must carry for real clients (Discord's documentation).
 */
import { pointerTo } from './specDocument.ts'
import { schemaErrors } from './specErrors.ts'

type Data = Record<string, unknown>

/** A part of an event's data and the component schema that it must fit. */
type Part = { at: string; schema: string; value: unknown }

const data = (value: unknown): Data => (typeof value === 'object' && value !== null ? (value as Data) : {})

const each = (at: string, schema: string, list: unknown): Part[] =>
  Array.isArray(list) ? list.map((value, i) => ({ at: `${at}/${i}`, schema, value: value as unknown })) : []

const entries = (at: string, schema: string, map: unknown): Part[] =>
  Object.entries(data(map)).map(([key, value]) => ({ at: `${at}/${key}`, schema, value }))

const present = (at: string, schema: string, value: unknown): Part[] =>
  value === undefined || value === null ? [] : [{ at, schema, value }]

const whole =
  (schema: string) =>
  (value: Data): Part[] => [{ at: '', schema, value }]

const inside =
  (key: string, schema: string) =>
  (value: Data): Part[] => [{ at: `/${key}`, schema, value: value[key] }]

const guild = (value: Data): Part[] => [
  ...each('/channels', 'GuildChannelResponse', value.channels),
  ...each('/threads', 'ThreadResponse', value.threads),
  ...each('/roles', 'GuildRoleResponse', value.roles),
  ...each('/members', 'GuildMemberResponse', value.members),
]

const interaction = (value: Data): Part[] => {
  const resolved = data(data(value.data).resolved)
  return [
    ...present('/message', 'MessageResponse', value.message),
    ...present('/user', 'UserResponse', value.user),
    ...present('/member', 'GuildMemberResponse', value.member),
    ...entries('/data/resolved/users', 'UserResponse', resolved.users),
    ...entries('/data/resolved/roles', 'GuildRoleResponse', resolved.roles),
    ...entries('/data/resolved/messages', 'MessageResponse', resolved.messages),
    ...entries('/data/resolved/attachments', 'MessageAttachmentResponse', resolved.attachments),
  ]
}

const events: Record<string, (value: Data) => Part[]> = {
  MESSAGE_CREATE: whole('MessageResponse'),
  MESSAGE_UPDATE: whole('MessageResponse'),
  CHANNEL_CREATE: whole('GuildChannelResponse'),
  CHANNEL_UPDATE: whole('GuildChannelResponse'),
  CHANNEL_DELETE: whole('GuildChannelResponse'),
  THREAD_CREATE: whole('ThreadResponse'),
  THREAD_UPDATE: whole('ThreadResponse'),
  GUILD_ROLE_CREATE: inside('role', 'GuildRoleResponse'),
  GUILD_ROLE_UPDATE: inside('role', 'GuildRoleResponse'),
  GUILD_MEMBER_ADD: whole('GuildMemberResponse'),
  GUILD_MEMBER_UPDATE: whole('BasicGuildMemberResponse'),
  GUILD_MEMBERS_CHUNK: (value) => each('/members', 'GuildMemberResponse', value.members),
  GUILD_CREATE: guild,
  READY: (value) => [{ at: '/user', schema: 'UserResponse', value: value.user }],
  INTERACTION_CREATE: interaction,
}

/** Without these, real clients throw or see null. */
const required: Record<string, string[]> = {
  READY: ['v', 'user', 'guilds', 'session_id', 'resume_gateway_url', 'application'],
  GUILD_CREATE: ['id', 'name', 'owner_id', 'channels', 'threads', 'roles', 'members', 'member_count'],
  INTERACTION_CREATE: [
    'id',
    'application_id',
    'type',
    'token',
    'version',
    'channel',
    'channel_id',
    'locale',
    'entitlements',
    'authorizing_integration_owners',
    'app_permissions',
    'attachment_size_limit',
  ],
  MESSAGE_DELETE: ['id', 'channel_id'],
  THREAD_DELETE: ['id', 'guild_id', 'parent_id', 'type'],
}

/** What is wrong with the data of one gateway event; empty for events that nothing describes. */
export function eventErrors(type: string, value: unknown): string[] {
  const missing = (required[type] ?? []).filter((key) => !(key in data(value)))
  const parts = events[type]?.(data(value)) ?? []
  return [
    ...missing.map((key) => `/ must have required property '${key}'`),
    ...parts.flatMap(({ at, schema, value: part }) =>
      schemaErrors(pointerTo('components', 'schemas', schema), part).map((line) => `${at}${line}`),
    ),
    ...(type === 'INTERACTION_CREATE' ? interactionErrors(data(value)) : []),
  ]
}

const interactionErrors = (value: Data): string[] => {
  const errors: string[] = []
  if (typeof data(value.channel).type !== 'number') errors.push("/channel must have required property 'type'")
  const member = value.member
  if (member === undefined && value.user === undefined) errors.push('/ must have a member or a user')
  if (member !== undefined && typeof data(member).permissions !== 'string') {
    errors.push("/member must have required property 'permissions'")
  }
  return errors
}

/** Which events a session hears of (documentation, "Gateway Intents"). */
import type { State } from './state.ts'
import type { Json } from './types.ts'

const GUILDS = 1 << 0
const GUILD_MEMBERS = 1 << 1
const GUILD_PRESENCES = 1 << 8
const GUILD_MESSAGES = 1 << 9
const GUILD_MESSAGE_REACTIONS = 1 << 10
const GUILD_MESSAGE_TYPING = 1 << 11
const DIRECT_MESSAGES = 1 << 12
const DIRECT_MESSAGE_REACTIONS = 1 << 13
const DIRECT_MESSAGE_TYPING = 1 << 14
const MESSAGE_CONTENT = 1 << 15

export const Intent = {
  guilds: GUILDS,
  guildMembers: GUILD_MEMBERS,
  privileged: GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT,
} as const

/** Beginnings of event names with the intent in the guild and in conversations. Not listed: always heard. */
const rules: [prefix: string, inGuild: number, inConversation: number][] = [
  ['GUILD_MEMBER_', GUILD_MEMBERS, 0],
  ['GUILD_', GUILDS, 0],
  ['CHANNEL_PINS_', GUILDS, DIRECT_MESSAGES],
  // That a conversation begins is not told (since version 8).
  ['CHANNEL_', GUILDS, 0],
  ['THREAD_', GUILDS, 0],
  ['MESSAGE_REACTION_', GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGE_REACTIONS],
  ['MESSAGE_', GUILD_MESSAGES, DIRECT_MESSAGES],
  ['TYPING_', GUILD_MESSAGE_TYPING, DIRECT_MESSAGE_TYPING],
]

/** The event's data as this session may see it; undefined when it hears nothing. */
export function isHeard(state: State, intents: number, type: string, data: Json): Json | undefined {
  const rule = rules.find(([prefix]) => type.startsWith(prefix))
  if (!rule) return data
  // What happens to the bot itself is always told.
  if (type === 'GUILD_MEMBER_UPDATE' && isBot(state, data.user)) return data
  if (type === 'THREAD_MEMBERS_UPDATE' && (intents & GUILD_MEMBERS) === 0 && !concernsBot(state, data))
    return undefined
  const [, inGuild, inConversation] = rule
  const needed = data.guild_id === undefined && !type.startsWith('GUILD_') ? inConversation : inGuild
  if ((intents & needed) === 0) return undefined
  const isMessage = type === 'MESSAGE_CREATE' || type === 'MESSAGE_UPDATE'
  return isMessage && !mayRead(state, intents, data) ? withoutContent(data) : data
}

const isBot = (state: State, user: unknown): boolean =>
  (user as { id?: string } | undefined)?.id === state.bot.user.id

const concernsBot = (state: State, data: Json): boolean =>
  JSON.stringify([data.added_members, data.removed_member_ids]).includes(state.bot.user.id)

const mayRead = (state: State, intents: number, data: Json): boolean =>
  (intents & MESSAGE_CONTENT) !== 0 ||
  data.guild_id === undefined ||
  isBot(state, data.author) ||
  (data.mentions as unknown[]).some((user) => isBot(state, user))

const withoutContent = (data: Json): Json => ({
  ...data,
  content: '',
  embeds: [],
  attachments: [],
  components: [],
})

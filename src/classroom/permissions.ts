/** Who may do what: Discord's permission bits and how roles and overwrites add up (documentation, "Permissions"). */
import type { State } from './state.ts'
import type { Channel, Member } from './types.ts'

export const Permission = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  addReactions: 1n << 6n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useExternalEmojis: 1n << 18n,
  changeNickname: 1n << 26n,
  manageRoles: 1n << 28n,
  useApplicationCommands: 1n << 31n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  createPrivateThreads: 1n << 36n,
  sendMessagesInThreads: 1n << 38n,
  pinMessages: 1n << 51n,
} as const

/** What @everyone may do in a new server, as far as the classroom knows these permissions. */
export const everyonePermissions =
  Permission.addReactions |
  Permission.viewChannel |
  Permission.sendMessages |
  Permission.embedLinks |
  Permission.attachFiles |
  Permission.readMessageHistory |
  Permission.mentionEveryone |
  Permission.useExternalEmojis |
  Permission.changeNickname |
  Permission.useApplicationCommands |
  Permission.createPublicThreads |
  Permission.createPrivateThreads |
  Permission.sendMessagesInThreads

/** What a teacher who uses Darkroom's invite link grants. */
export const invitedBotPermissions =
  Permission.manageChannels |
  Permission.viewChannel |
  Permission.sendMessages |
  Permission.attachFiles |
  Permission.readMessageHistory |
  Permission.manageRoles |
  Permission.createPublicThreads |
  Permission.sendMessagesInThreads

const ALL = (1n << 52n) - 1n

const bitsOfRole = (state: State, id: string): bigint => BigInt(state.roles.get(id)?.permissions ?? 0)

/** In the whole guild. */
export function guildPermissions(state: State, member: Member): bigint {
  if (member.user.id === state.guild.owner_id) return ALL
  const bits = [state.guild.id, ...member.roles].reduce((sum, id) => sum | bitsOfRole(state, id), 0n)
  return (bits & Permission.administrator) !== 0n ? ALL : bits
}

/** In a channel or thread; in a conversation with one person everything that makes sense there. */
export function channelPermissions(state: State, member: Member, channel: Channel): bigint {
  if (channel.type === 1) return everyonePermissions
  const base = guildPermissions(state, member)
  if (base === ALL) return ALL
  const isThread = channel.thread_metadata !== undefined
  const place = isThread ? state.channels.get(channel.parent_id ?? '') : channel
  const overwrites = place?.permission_overwrites ?? []
  const everyone = overwrites.filter(({ id }) => id === state.guild.id)
  const roles = overwrites.filter(({ id }) => member.roles.includes(id))
  const own = overwrites.filter(({ id }) => id === member.user.id)
  let bits = base
  for (const group of [everyone, roles, own]) {
    bits &= ~group.reduce((sum, { deny }) => sum | BigInt(deny), 0n)
    bits |= group.reduce((sum, { allow }) => sum | BigInt(allow), 0n)
  }
  return (bits & Permission.viewChannel) === 0n ? 0n : bits
}

export const has = (bits: bigint, needed: bigint): boolean => (bits & needed) === needed

/** What the bot needs to be allowed to do: one table, from which the invite link and every check come. */
import { OAuth2Scopes, PermissionFlagsBits, type GuildMember, type GuildTextBasedChannel } from 'discord.js'
import { UserError } from '../errors.ts'
import type { GuildSettings } from '../services/settings.ts'

type Need = {
  bit: bigint
  /** As Discord's English settings call it. */
  name: string
  why: string
  /** In each channel where it works, or once for `/class setup`. */
  where: 'channel' | 'setup'
}

export const permissionTable: readonly Need[] = [
  {
    bit: PermissionFlagsBits.ViewChannel,
    name: 'View Channels',
    why: 'to see where it was called',
    where: 'channel',
  },
  { bit: PermissionFlagsBits.SendMessages, name: 'Send Messages', why: 'to post pictures', where: 'channel' },
  {
    bit: PermissionFlagsBits.AttachFiles,
    name: 'Attach Files',
    why: 'to send the pictures along',
    where: 'channel',
  },
  {
    bit: PermissionFlagsBits.ReadMessageHistory,
    name: 'Read Message History',
    why: 'to see after a restart what it already posted',
    where: 'channel',
  },
  {
    bit: PermissionFlagsBits.CreatePublicThreads,
    name: 'Create Public Threads',
    why: 'to open a gallery thread for each day',
    where: 'channel',
  },
  {
    bit: PermissionFlagsBits.SendMessagesInThreads,
    name: 'Send Messages in Threads',
    why: 'to hang pictures in the gallery threads',
    where: 'channel',
  },
  {
    bit: PermissionFlagsBits.ManageChannels,
    name: 'Manage Channels',
    why: 'to make the gallery and lesson channels when you ask it to',
    where: 'setup',
  },
  {
    bit: PermissionFlagsBits.ManageRoles,
    name: 'Manage Roles',
    why: 'to make the instructor role when you ask it to',
    where: 'setup',
  },
]

/** The scopes of the invite link: a bot with slash commands. */
const inviteScopes = [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands]

/** The sum of the table, as the invite link carries it. */
export const invitePermissions = permissionTable.reduce((sum, need) => sum | need.bit, 0n)

/** The address that adds the bot to a server with all it needs. */
export function inviteLink(applicationId: string): string {
  const url = new URL('https://discord.com/oauth2/authorize')
  url.searchParams.set('client_id', applicationId)
  url.searchParams.set('scope', inviteScopes.join(' '))
  url.searchParams.set('permissions', String(invitePermissions))
  return url.href
}

/** What the bot lacks in one channel. */
export function missingIn(channel: GuildTextBasedChannel, me: GuildMember): Need[] {
  const has = channel.permissionsFor(me)
  return permissionTable.filter((need) => need.where === 'channel' && !has.has(need.bit))
}

/** What the bot lacks to make channels or roles. */
export function missingForSetup(me: GuildMember, bit: bigint): Need[] {
  return permissionTable.filter((need) => need.bit === bit && !me.permissions.has(bit))
}

/** "Attach Files (to send the pictures along), ..." */
export function needsInWords(needs: readonly Need[]): string {
  return needs.map((need) => `**${need.name}** (${need.why})`).join(', ')
}

/** Instructors have the role chosen in `/class setup`, or may manage the server. */
export function isInstructor(member: GuildMember, settings: GuildSettings): boolean {
  if (member.permissions.has(PermissionFlagsBits.ManageGuild)) return true
  return settings.instructorRoleId !== undefined && member.roles.cache.has(settings.instructorRoleId)
}

/** @param what e.g. "can call the doctor". @throws UserError not-allowed for everyone else */
export function mustBeInstructor(member: GuildMember, settings: GuildSettings, what: string): void {
  if (!isInstructor(member, settings)) throw new UserError('not-allowed', `Only instructors ${what}.`)
}

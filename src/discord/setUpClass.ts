/** /class setup: picks or makes the channels and the instructor role, and checks what the bot may do there. */
import {
  ChannelType,
  PermissionFlagsBits,
  type Guild,
  type GuildMember,
  type Role,
  type TextChannel,
} from 'discord.js'
import { UserError } from '../errors.ts'
import type { Settings } from '../services/settings.ts'
import { missingForSetup, missingIn, needsInWords } from './permissions.ts'

export type Choice = {
  gallery: TextChannel | undefined
  lessons: TextChannel | undefined
  instructors: Role | undefined
}

type Found<T> = { value: T; how: 'chosen' | 'as before' | 'found by its name' | 'just made' }

/**
 * What was given, else what was set before, else what has the usual name, else a new one. Stored in the settings.
 * @returns the summary for the instructor
 * @throws UserError not-allowed when something has to be made and the bot may not
 */
export async function setUpClass(
  guild: Guild,
  settings: Pick<Settings, 'guild' | 'update'>,
  choice: Choice,
): Promise<string> {
  const before = await settings.guild(guild.id)
  const me = guild.members.me ?? (await guild.members.fetchMe())
  const gallery = await findChannel(guild, me, {
    given: choice.gallery,
    stored: before.galleryChannelId,
    name: 'gallery',
    topic: 'Every picture of the class with its recipe, a thread for each day.',
  })
  const lessons = await findChannel(guild, me, {
    given: choice.lessons,
    stored: before.lessonChannelId,
    name: 'lessons',
    topic: 'What we try out together.',
  })
  const role = await findRole(guild, me, choice.instructors, before.instructorRoleId)
  await settings.update(guild.id, {
    galleryChannelId: gallery.value.id,
    lessonChannelId: lessons.value.id,
    instructorRoleId: role.value.id,
  })
  return [
    '**The class is set up.**',
    `Gallery: <#${gallery.value.id}> (${gallery.how})`,
    `Lessons: <#${lessons.value.id}> (${lessons.how})`,
    `Instructors: <@&${role.value.id}> (${role.how}), and everyone who may manage this server`,
    ...missingInWords(me, gallery.value, lessons.value),
  ].join('\n')
}

function missingInWords(me: GuildMember, ...channels: TextChannel[]): string[] {
  const lines = channels
    .map((channel) => ({ channel, missing: missingIn(channel, me) }))
    .filter(({ missing }) => missing.length > 0)
    .map(({ channel, missing }) => `In <#${channel.id}> Darkroom lacks: ${needsInWords(missing)}.`)
  if (lines.length === 0) return ['Darkroom may do there all that it needs.']
  return [
    ...lines,
    'Please allow this in the settings of the channel (Permissions), then run `/class setup` again.',
  ]
}

async function findChannel(
  guild: Guild,
  me: GuildMember,
  wish: { given: TextChannel | undefined; stored: string | undefined; name: string; topic: string },
): Promise<Found<TextChannel>> {
  const isText = (channel: { type: ChannelType } | undefined): channel is TextChannel =>
    channel?.type === ChannelType.GuildText
  if (wish.given) return { value: wish.given, how: 'chosen' }
  const stored = guild.channels.cache.get(wish.stored ?? '')
  if (isText(stored)) return { value: stored, how: 'as before' }
  const named = guild.channels.cache.find((channel) => isText(channel) && channel.name === wish.name)
  if (isText(named)) return { value: named, how: 'found by its name' }
  mustBeAllowed(me, PermissionFlagsBits.ManageChannels, `or make a channel and choose it with ${wish.name}:`)
  const { name, topic } = wish
  return {
    value: await guild.channels.create({ name, topic, type: ChannelType.GuildText }),
    how: 'just made',
  }
}

async function findRole(
  guild: Guild,
  me: GuildMember,
  given: Role | undefined,
  stored: string | undefined,
): Promise<Found<Role>> {
  if (given?.id === guild.id) {
    throw new UserError(
      'invalid-options',
      'Everyone has that role; please choose one that only instructors have.',
    )
  }
  if (given) return { value: given, how: 'chosen' }
  const before = guild.roles.cache.get(stored ?? '')
  if (before) return { value: before, how: 'as before' }
  const named = guild.roles.cache.find(({ name }) => /^(instructor|teacher)s?$/i.test(name))
  if (named) return { value: named, how: 'found by its name' }
  mustBeAllowed(me, PermissionFlagsBits.ManageRoles, 'or make a role and choose it with instructors:')
  return { value: await guild.roles.create({ name: 'Instructor', permissions: [] }), how: 'just made' }
}

function mustBeAllowed(me: GuildMember, bit: bigint, otherwise: string): void {
  const missing = missingForSetup(me, bit)
  if (missing.length === 0) return
  throw new UserError(
    'not-allowed',
    `Darkroom lacks ${needsInWords(missing)}; please allow it, ${otherwise}.`,
  )
}

/** /lesson post: chooses the place and sends the lesson there, message after message. */
import {
  ChannelFlags,
  ChannelType,
  messageLink,
  ThreadAutoArchiveDuration,
  type ChatInputCommandInteraction,
  type ForumChannel,
  type GuildTextBasedChannel,
} from 'discord.js'
import { UserError } from '../../errors.ts'
import type { Lesson } from '../../services/lessons/lesson.ts'
import type { BotContext } from '../context.ts'
import { missingIn, needsInWords } from '../permissions.ts'
import { shorten, type View } from '../render/blocks.ts'
import { figuresOf, pagesOf, renderLessonPage, type LessonPage } from '../render/lesson.ts'
import { toMessage } from '../send.ts'

export const places = ['here', 'thread', 'forum'] as const
export type Place = (typeof places)[number]

const THREAD_NAME = 100
const A_WEEK = ThreadAutoArchiveDuration.OneWeek

/** @returns a link to the first message. @throws UserError when the bot may not post there, or no place was chosen */
export async function postLesson(
  interaction: ChatInputCommandInteraction<'cached'>,
  lesson: Lesson,
  wish: { where: Place | undefined; forum: ForumChannel | undefined },
  { services }: BotContext,
): Promise<string> {
  const views = await Promise.all(pagesOf(lesson).map((page) => viewOf(page, services.lessons)))
  const [first, ...more] = views
  if (!first) throw new Error('a lesson has at least one page')
  const channel = await channelFor(interaction, wish, services.settings)
  mustBeAllowed(channel, interaction)
  const started = await startIn(channel, wish.where === 'thread', lesson, first)
  for (const view of more) await started.channel.send(toMessage(view))
  return messageLink(started.channel.id, started.messageId, interaction.guildId)
}

/** A page with its figures read. */
export async function viewOf(
  page: LessonPage,
  lessons: BotContext['services']['lessons'],
  options: { isTurned?: boolean } = {},
): Promise<View> {
  const figures = new Map<string, Uint8Array>()
  for (const file of figuresOf(page)) figures.set(file, await lessons.figure(file))
  return renderLessonPage(page, figures, options)
}

async function channelFor(
  { channel, guild, guildId }: ChatInputCommandInteraction<'cached'>,
  { where, forum }: { where: Place | undefined; forum: ForumChannel | undefined },
  settings: BotContext['services']['settings'],
): Promise<GuildTextBasedChannel | ForumChannel> {
  if (where === 'forum' || forum) {
    if (forum) return forum
    throw new UserError('invalid-options', 'Please choose the forum channel with forum:.')
  }
  if (where === undefined) {
    const { lessonChannelId } = await settings.guild(guildId)
    const usual = guild.channels.cache.get(lessonChannelId ?? '')
    if (usual?.isTextBased()) return usual
  }
  if (!channel) throw new UserError('not-allowed', 'Darkroom cannot see this channel; please let it in.')
  if (where === 'thread' && channel.isThread())
    throw new UserError('invalid-options', 'This is a thread already; please choose where: this channel.')
  return channel
}

function mustBeAllowed(
  channel: GuildTextBasedChannel | ForumChannel,
  { guild }: ChatInputCommandInteraction<'cached'>,
): void {
  const me = guild.members.me
  const missing = me && channel.type !== ChannelType.GuildForum ? missingIn(channel, me) : []
  if (missing.length > 0)
    throw new UserError('not-allowed', `In <#${channel.id}> Darkroom lacks: ${needsInWords(missing)}.`)
}

async function startIn(
  channel: GuildTextBasedChannel | ForumChannel,
  isThread: boolean,
  { title }: Lesson,
  view: View,
) {
  const name = shorten(title, THREAD_NAME)
  if (channel.type === ChannelType.GuildForum) {
    const post = await channel.threads.create({
      name,
      autoArchiveDuration: A_WEEK,
      message: toMessage(view),
      appliedTags: tagsFor(channel),
    })
    return { channel: post, messageId: post.id }
  }
  if (!isThread) return { channel, messageId: (await channel.send(toMessage(view))).id }
  if (channel.type !== ChannelType.GuildText && channel.type !== ChannelType.GuildAnnouncement)
    throw new UserError(
      'invalid-options',
      'Threads can be made in text channels only; please use this command in one.',
    )
  const thread = await channel.threads.create({ name, autoArchiveDuration: A_WEEK })
  return { channel: thread, messageId: (await thread.send(toMessage(view))).id }
}

/** The tag for lessons if the forum has one; any, where a post must have one. */
function tagsFor({ availableTags, flags }: ForumChannel): string[] {
  const fitting = availableTags.find(({ name }) => /lesson|unterricht|class/i.test(name))
  const tag = fitting ?? (flags.has(ChannelFlags.RequireTag) ? availableTags[0] : undefined)
  return tag ? [tag.id] : []
}

/** /lesson post: chooses the place and sends the lesson there, message after message. */
import {
  ChannelFlags,
  ChannelType,
  DiscordAPIError,
  messageLink,
  RESTJSONErrorCodes,
  Routes,
  ThreadAutoArchiveDuration,
  type ChatInputCommandInteraction,
  type ForumChannel,
  type GuildTextBasedChannel,
} from 'discord.js'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Lesson } from '../../services/lessons/lesson.ts'
import type { BotContext } from '../context.ts'
import type { Place as MessagePlace } from '../findMessage.ts'
import { missingIn, needsInWords } from '../permissions.ts'
import { plain, shorten, type View } from '../render/blocks.ts'
import { renderNote } from '../render/errors.ts'
import { figuresOf, pagesOf, renderLessonPage, type LessonPage } from '../render/lesson.ts'
import { toMessage, withMark } from '../send.ts'
import { inChannel, sendOnce, type Way } from '../sendOnce.ts'

export const places = ['here', 'thread', 'forum'] as const
export type Place = (typeof places)[number]

const THREAD_NAME = 100
const A_WEEK = ThreadAutoArchiveDuration.OneWeek

/** Where a lesson goes, as it is kept until all its messages are there. */
const postSchema = z.object({
  guildId: z.string(),
  slug: z.string(),
  channelId: z.string(),
  how: z.enum(['channel', 'thread', 'forum']),
})
type Post = z.infer<typeof postSchema>

type Tools = Pick<BotContext, 'client' | 'services' | 'signal' | 'log'>

/** Begin of the keys of all sends of lessons. */
export const LESSON_KEY = 'lesson:'

/** @returns a link to the first message. @throws UserError when the bot may not post there, or no place was chosen */
export async function postLesson(
  interaction: ChatInputCommandInteraction<'cached'>,
  lesson: Lesson,
  wish: { where: Place | undefined; forum: ForumChannel | undefined },
  context: Tools,
): Promise<string> {
  const { sends, settings } = context.services
  const channel = await channelFor(interaction, wish, settings)
  mustBeAllowed(channel, interaction)
  const how = howIn(channel, wish.where === 'thread')
  const post: Post = { guildId: interaction.guildId, slug: lesson.slug, channelId: channel.id, how }
  const key = `${LESSON_KEY}${interaction.id}`
  const data = JSON.stringify(post)
  sends.plan(pagesOf(lesson).map((_, n) => ({ key: pageKey(key, n), data })))
  const first = await goOnPosting(context, key, data)
  return messageLink(first.channelId, first.messageId, interaction.guildId)
}

const pageKey = (key: string, n: number) => `${key}:${n}`

/**
 * Sends what is not there yet of a lesson whose posting was begun. What cannot be sent is given up.
 * @param data the post as it was kept. @throws UserError when the place is closed or the lesson is gone
 */
export async function goOnPosting(tools: Tools, key: string, data: string): Promise<MessagePlace> {
  const { services, signal } = tools
  try {
    const post = postSchema.parse(JSON.parse(data))
    const lesson = services.lessons.get(post.guildId, post.slug)
    return await sendPages(tools, key, post, lesson)
  } catch (error) {
    if (!signal.aborted) giveUp(services.sends, key)
    throw error
  }
}

function giveUp(sends: BotContext['services']['sends'], key: string): void {
  for (const send of sends.unfinished()) if (send.key.startsWith(`${key}:`)) sends.done(send.key, undefined)
}

async function sendPages(tools: Tools, key: string, post: Post, lesson: Lesson): Promise<MessagePlace> {
  const { lessons } = tools.services
  let channelId = post.how === 'thread' ? await startThread(tools, key, post, lesson) : post.channelId
  let first: MessagePlace | undefined
  for (const [n, page] of pagesOf(lesson).entries()) {
    const view = () => viewOf(page, lessons)
    const isPost = n === 0 && post.how === 'forum'
    const way = isPost ? inForum(tools, channelId, lesson, view) : inChannel(tools, channelId, view)
    const place = await sendOnly(tools, pageKey(key, n), way)
    channelId = place.channelId
    first ??= place
  }
  if (!first) throw new Error('a lesson has at least one page')
  return first
}

/** @throws UserError when that way is closed */
async function sendOnly(tools: Tools, key: string, way: Way): Promise<MessagePlace> {
  const place = await sendOnce(tools, { key }, [way])
  tools.services.sends.done(key, place)
  if (place) return place
  throw new UserError('not-allowed', 'Darkroom may not post there; /class setup says what is missing.')
}

/** A thread under a message has the id of that message, so that there is never a second one. */
async function startThread(tools: Tools, key: string, { channelId }: Post, { title }: Lesson) {
  const start = () => renderNote(`**${plain(title)}**, a lesson: read it and try it in the thread below.`)
  const { messageId } = await sendOnly(tools, `${key}:start`, inChannel(tools, channelId, start))
  const body = { name: shorten(title, THREAD_NAME), auto_archive_duration: A_WEEK }
  await tools.client.rest.post(Routes.threads(channelId, messageId), { body }).catch((error: unknown) => {
    if (!isThere(error)) throw error
  })
  return messageId
}

const isThere = (error: unknown): boolean =>
  error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage

/** The first page as a new post of a forum. */
const inForum = ({ client }: Tools, forumId: string, { title }: Lesson, view: () => Promise<View>): Way => ({
  kind: 'forum',
  open: () => Promise.resolve(forumId),
  async send(_, mark) {
    const forum = await client.channels.fetch(forumId)
    if (forum?.type !== ChannelType.GuildForum) return undefined
    const post = await forum.threads.create({
      name: shorten(title, THREAD_NAME),
      autoArchiveDuration: A_WEEK,
      message: toMessage(withMark(await view(), mark)),
      appliedTags: tagsFor(forum),
    })
    return { channelId: post.id, messageId: post.id }
  },
})

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

/** @throws UserError when there can be no threads */
function howIn(channel: GuildTextBasedChannel | ForumChannel, isThread: boolean): Post['how'] {
  if (channel.type === ChannelType.GuildForum) return 'forum'
  if (!isThread) return 'channel'
  if (channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement)
    return 'thread'
  throw new UserError(
    'invalid-options',
    'Threads can be made in text channels only; please use this command in one.',
  )
}

/** The tag for lessons if the forum has one; any, where a post must have one. */
function tagsFor({ availableTags, flags }: ForumChannel): string[] {
  const fitting = availableTags.find(({ name }) => /lesson|unterricht|class/i.test(name))
  const tag = fitting ?? (flags.has(ChannelFlags.RequireTag) ? availableTags[0] : undefined)
  return tag ? [tag.id] : []
}

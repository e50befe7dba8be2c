/** Looks in Discord for what was perhaps sent before a crash. */
import { Routes, SnowflakeUtil, type APIMessage, type APIThreadList, type Client } from 'discord.js'
import type { Send } from '../services/sends.ts'
import { discordFailure } from './discordErrors.ts'

export type Place = { channelId: string; messageId: string }

/** Our clock and Discord's may differ by this. */
const CLOCK_SKEW_MS = 60_000
const PAGE = 100
/** So many messages of a very busy channel are looked through. */
const MOST_PAGES = 100

/** The message of a send, if it arrived. In a place that is closed to us or gone there is nothing to find. */
export async function findSent(
  client: Client<true>,
  { kind, channelId, mark, since }: Send,
): Promise<Place | undefined> {
  if (channelId === undefined) return undefined
  try {
    return kind === 'forum'
      ? await findPost(client, channelId, since, mark)
      : await findMessage(client, channelId, since, mark)
  } catch (error) {
    const failure = discordFailure(error)
    if (failure === 'gone' || failure === 'closed') return undefined
    throw error
  }
}

/** The message that a command was answered with, as long as nothing has been heard of it. */
export async function findReply(
  client: Client<true>,
  channelId: string,
  since: number,
  interactionId: string,
): Promise<Place | undefined> {
  return findWhere(client, channelId, since, (message) => message.interaction_metadata?.id === interactionId)
}

/** One of our messages in a channel since a time, by its mark. */
const findMessage = (client: Client<true>, channelId: string, since: number, mark: number) =>
  findWhere(client, channelId, since, ({ components = [] }) => components.some(({ id }) => id === mark))

async function findWhere(
  client: Client<true>,
  channelId: string,
  since: number,
  isIt: (message: APIMessage) => boolean,
): Promise<Place | undefined> {
  let after = snowflakeAt(since)
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ after, limit: String(PAGE) })
    const messages = (await client.rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[]
    const found = messages.find((message) => message.author.id === client.user.id && isIt(message))
    if (found) return { channelId, messageId: found.id }
    if (messages.length < PAGE) break
    after = newest(messages)
  }
  return undefined
}

/** One of our posts in a forum, by the mark of its first message. */
async function findPost(
  client: Client<true>,
  forumId: string,
  since: number,
  mark: number,
): Promise<Place | undefined> {
  const forum = await client.channels.fetch(forumId)
  if (!forum || forum.isDMBased()) return undefined
  const { threads } = (await client.rest.get(Routes.guildActiveThreads(forum.guildId))) as APIThreadList
  const oldest = BigInt(snowflakeAt(since))
  for (const thread of threads) {
    const isCandidate = 'parent_id' in thread && thread.parent_id === forumId && BigInt(thread.id) > oldest
    const place = isCandidate ? await findMessage(client, thread.id, since, mark) : undefined
    if (place) return place
  }
  return undefined
}

const snowflakeAt = (ms: number): string => String(SnowflakeUtil.generate({ timestamp: ms - CLOCK_SKEW_MS }))

const newest = (messages: readonly APIMessage[]): string =>
  messages
    .map(({ id }) => BigInt(id))
    .reduce((a, b) => (a > b ? a : b))
    .toString()

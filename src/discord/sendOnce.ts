/**
 * Every message that must arrive exactly once goes through here: its intent is stored, then it is sent, then that is stored.
 * Found open, e.g. after a crash, it is looked for in Discord before it is sent again.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Routes, type Client } from 'discord.js'
import type { Log } from '../log.ts'
import type { Services } from '../services/index.ts'
import type { Send, SendKind } from '../services/sends.ts'
import { discordFailure, type DiscordFailure } from './discordErrors.ts'
import { findSent, type Place } from './findMessage.ts'
import type { View } from './render/blocks.ts'
import { toMessage, withMark } from './send.ts'

export type SendTools = {
  client: Client<true>
  services: Pick<Services, 'sends'>
  signal: AbortSignal
  log: Log
}

export type Intent = {
  /** What it is for; the same key is never sent twice. */
  key: string
  jobId?: string
  /** No message of it can be older; default: now. */
  since?: number
}

/** One way to bring a message. */
export type Way = {
  kind: SendKind
  /** The channel, made if need be; undefined when this way is closed. */
  open(): Promise<string | undefined>
  /** Sends it so that `mark` is in it; undefined when this way turned out to be closed. */
  send(channelId: string, mark: number): Promise<Place | undefined>
  /** Sending it twice leaves one message, so that it needs no look. */
  isRepeatable?: boolean
  /** Failures that close this way; others are thrown. */
  closedBy?: readonly DiscordFailure[]
}

const LONGEST_PAUSE_MS = 60_000

/**
 * Sends by the first way that is open, and tries again while Discord cannot be reached. The caller then stores the end
 * (`sends.done`) together with what follows from it.
 * @returns where it is; undefined when every way is closed
 */
export async function sendOnce(
  tools: SendTools,
  intent: Intent,
  ways: readonly Way[],
): Promise<Place | undefined> {
  return untilReached(() => tryWays(tools, intent, ways), tools)
}

async function tryWays(tools: SendTools, intent: Intent, ways: readonly Way[]): Promise<Place | undefined> {
  const { client, services, log } = tools
  const { key, ...more } = intent
  const before = services.sends.get(key)
  if (before?.state === 'done') return before.message
  // What was begun before, by this process or a dead one, may be there: where it was begun last, and in every place that is tried now.
  const looked = new Set<string>()
  const look = async (place: Send): Promise<Place | undefined> => {
    const name = `${place.kind} ${place.channelId}`
    if (looked.has(name)) return undefined
    looked.add(name)
    return findSent(client, place)
  }
  for (const way of ways) {
    const mayBeThere = before?.state === 'open' && !way.isRepeatable
    const found = mayBeThere ? await look(before) : undefined
    if (found) return found
    try {
      const channelId = await way.open()
      if (channelId === undefined) continue
      const here = mayBeThere ? await look({ ...before, kind: way.kind, channelId }) : undefined
      if (here) return here
      const { mark } = services.sends.begin(key, { kind: way.kind, channelId, ...more })
      const place = await way.send(channelId, mark)
      if (place) return place
    } catch (error) {
      const failure = discordFailure(error)
      if (!failure || !(way.closedBy ?? CLOSED).includes(failure)) throw error
      log.warn({ err: error, way: way.kind, send: key }, 'a way to send a message is closed')
    }
  }
  return undefined
}

/** The pictures of a message were deleted before it was known to have arrived: it goes too. */
export async function removeUnnoted({ client, services }: SendTools, key: string): Promise<void> {
  const send = services.sends.get(key)
  const place = send?.state === 'open' ? await findSent(client, send) : undefined
  if (place) await client.rest.delete(Routes.channelMessage(place.channelId, place.messageId))
}

const CLOSED: readonly DiscordFailure[] = ['gone', 'closed']

/** A new message in a channel or thread. `mention`: the one person who is notified. */
export const inChannel = (
  { client }: Pick<SendTools, 'client'>,
  channelId: string,
  view: () => View | Promise<View>,
  mention?: string,
): Way => ({
  kind: 'channel',
  async open() {
    const channel = await client.channels.fetch(channelId)
    return channel?.isSendable() ? channelId : undefined
  },
  send: async (_, mark) => sendMarked(client, channelId, await view(), mark, mention),
})

/** A direct message. Whatever Discord refuses there, e.g. because the person wants none, closes this way. */
export const directly = (
  { client }: Pick<SendTools, 'client'>,
  personId: string,
  view: () => View | Promise<View>,
): Way => ({
  kind: 'dm',
  closedBy: ['gone', 'closed', 'refused'],
  open: async () => (await client.users.createDM(personId)).id,
  send: async (channelId, mark) => sendMarked(client, channelId, await view(), mark),
})

/** Sends one message that bears a mark. */
export async function sendMarked(
  client: Client<true>,
  channelId: string,
  view: View,
  mark: number,
  mention?: string,
): Promise<Place> {
  const channel = await client.channels.fetch(channelId)
  if (!channel?.isSendable()) throw new Error('This channel takes no messages')
  const message = await channel.send({
    ...toMessage(withMark(view, mark), mention),
    // The same number within some minutes makes Discord answer with the first message instead of a second one.
    nonce: String(mark),
    enforceNonce: true,
  })
  return { channelId: message.channelId, messageId: message.id }
}

/** Repeats a send while Discord cannot be reached; any other failure is thrown at once. */
export async function untilReached<T>(
  send: () => Promise<T>,
  { signal, log }: Pick<SendTools, 'signal' | 'log'>,
): Promise<T> {
  for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    try {
      return await send()
    } catch (error) {
      if (signal.aborted || discordFailure(error) !== 'unreachable') throw error
      log.warn({ err: error, wait }, 'Discord cannot be reached; the message is sent again')
      await pause(wait, undefined, { signal })
    }
  }
}

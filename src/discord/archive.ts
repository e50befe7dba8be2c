/** The gallery: one message per job in a thread per day, so that the channel stays readable. */
import {
  ChannelType,
  Routes,
  ThreadAutoArchiveDuration,
  type AnyThreadChannel,
  type Client,
  type NewsChannel,
  type TextChannel,
} from 'discord.js'
import type { Job } from '../domain.ts'
import type { DeliveryTools } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import type { Place } from './findMessage.ts'
import { asLightAsNeeded, finishedJob } from './finishedJob.ts'
import { renderGalleryEntry } from './render/result.ts'
import { removeUnnoted, sendMarked, sendOnce, type Way } from './sendOnce.ts'

export type DayThreads = {
  /** The id of the thread of a day in a gallery channel; made if it does not exist. */
  of(channel: TextChannel | NewsChannel, at: Date): Promise<string>
  /** The thread turned out to be gone. */
  forget(channel: TextChannel | NewsChannel, at: Date): void
}

/** Hangs the pictures of a delivered job in the gallery of its server, once. */
export async function archive(tools: DeliveryTools, job: Job): Promise<void> {
  const { client, services, log } = tools
  const { galleryChannelId } = await services.settings.guild(job.origin.guildId)
  if (galleryChannelId === undefined) return services.queue.markArchived(job.id, undefined)
  const key = `gallery:${job.id}`
  const end = (place: Place | undefined) =>
    services.sends.done(key, place, () => services.queue.markArchived(job.id, place))
  const sayClosed = (error?: unknown) =>
    log.warn(
      { err: error, channel: galleryChannelId },
      'the gallery is closed to Darkroom; run /class setup, which names what is missing',
    )
  try {
    const channel = await client.channels.fetch(galleryChannelId)
    const isGallery =
      channel?.type === ChannelType.GuildText || channel?.type === ChannelType.GuildAnnouncement
    if (!isGallery) return end(undefined)
    const hung = await asLightAsNeeded((isLighter) => hang(tools, job, channel, { key, isLighter }))
    if (hung === 'closed') sayClosed()
    else end(hung)
  } catch (error) {
    if (discordFailure(error) !== 'closed') throw error
    sayClosed(error)
  }
}

/** @returns the message; undefined when the pictures were deleted */
async function hang(
  tools: DeliveryTools,
  job: Job,
  channel: TextChannel | NewsChannel,
  { key, isLighter }: { key: string; isLighter: boolean },
): Promise<Place | 'closed' | undefined> {
  const { client, services, threads } = tools
  const finished = await finishedJob(tools, job, { isLighter })
  if (finished.pictures.length === 0) {
    await removeUnnoted(tools, key)
    return undefined
  }
  const at = new Date(job.finishedAt ?? job.createdAt)
  const view = () => renderGalleryEntry(finished, originalOf(job))
  const inThread: Way = {
    kind: 'gallery',
    open: () => threads.of(channel, at),
    send: (threadId, mark) => sendMarked(client, threadId, view(), mark),
  }
  // Somebody may have deleted or locked the thread of the day: another one is looked for or made.
  const inNewThread: Way = {
    ...inThread,
    open() {
      threads.forget(channel, at)
      return threads.of(channel, at)
    },
  }
  const intent = { key, jobId: job.id, since: at.getTime() }
  const place = await sendOnce(tools, intent, [inThread, inNewThread])
  if (!place) return 'closed'
  // Deleted while it was being hung: Delete could not know of this copy.
  if (services.gallery.ofJob(job.id).length === finished.pictures.length) return place
  await client.rest.delete(Routes.channelMessage(place.channelId, place.messageId))
  return undefined
}

/** Where the pictures were shown, unless that is a direct message. */
function originalOf({ origin, messageChannelId, messageId }: Job): Place | undefined {
  if (!messageChannelId || !messageId || messageChannelId !== origin.channelId) return undefined
  return { channelId: messageChannelId, messageId }
}

/** The day as the class counts it: the date of the machine's own time zone, e.g. 2026-11-23. */
const dayName = (at: Date): string => `Gallery ${at.toLocaleDateString('sv-SE')}`

export function createDayThreads(client: Client<true>): DayThreads {
  // Jobs that end together wait for the same thread instead of each making one.
  const known = new Map<string, Promise<string>>()
  const keyOf = (channel: { id: string }, at: Date) => `${channel.id} ${dayName(at)}`

  async function findOrMake(channel: TextChannel | NewsChannel, name: string): Promise<string> {
    const isOurs = (thread: AnyThreadChannel) =>
      thread.name === name && thread.ownerId === client.user.id && thread.locked !== true
    const active = await channel.threads.fetchActive()
    const found =
      active.threads.find(isOurs) ??
      (await channel.threads.fetchArchived({ limit: 100 })).threads.find(isOurs)
    if (found) return found.id
    const made = await channel.threads.create({
      name,
      autoArchiveDuration: ThreadAutoArchiveDuration.OneWeek,
      reason: 'Pictures of the day',
    })
    return made.id
  }

  return {
    of(channel, at) {
      const key = keyOf(channel, at)
      const thread = known.get(key) ?? findOrMake(channel, dayName(at))
      known.set(key, thread)
      thread.catch(() => known.delete(key))
      return thread
    },
    forget(channel, at) {
      known.delete(keyOf(channel, at))
    },
  }
}

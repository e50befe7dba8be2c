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
import { findMessage, untilReached, type Place } from './answer.ts'
import type { DeliveryTools } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import { finishedJob } from './finishedJob.ts'
import { noted } from './noted.ts'
import { pictureFileName, renderGalleryEntry } from './render/result.ts'
import { toMessage } from './send.ts'

export type DayThreads = {
  /** The id of the thread of a day in a gallery channel; made if it does not exist. */
  of(channel: TextChannel | NewsChannel, at: Date): Promise<string>
  /** The thread turned out to be gone. */
  forget(channel: TextChannel | NewsChannel, at: Date): void
}

/** Hangs the pictures of a delivered job in the gallery of its server, once. */
export async function archive(tools: DeliveryTools, job: Job, isResumed: boolean): Promise<void> {
  const { services, log } = tools
  const { galleryChannelId } = await services.settings.guild(job.origin.guildId)
  if (galleryChannelId === undefined) return services.queue.markArchived(job.id, undefined)
  try {
    // What was perhaps sent before is looked for before it is sent again.
    let isPerhapsSent = isResumed
    await untilReached(() => {
      const attempt = hang(tools, job, galleryChannelId, isPerhapsSent)
      isPerhapsSent = true
      return attempt
    }, tools)
  } catch (error) {
    if (discordFailure(error) !== 'closed') throw error
    log.warn(
      { err: error, channel: galleryChannelId },
      'the gallery is closed to Darkroom; run /class setup, which names what is missing',
    )
  }
}

async function hang(
  tools: DeliveryTools,
  job: Job,
  galleryChannelId: string,
  isPerhapsSent: boolean,
): Promise<void> {
  const { client, services, threads } = tools
  const finished = await finishedJob(tools, job)
  const [first] = finished.pictures
  const channel = await client.channels.fetch(galleryChannelId)
  const isGallery = channel?.type === ChannelType.GuildText || channel?.type === ChannelType.GuildAnnouncement
  if (!first || !isGallery) return services.queue.markArchived(job.id, undefined)

  const at = new Date(job.finishedAt ?? job.createdAt)
  const original =
    job.messageChannelId && job.messageId
      ? { channelId: job.messageChannelId, messageId: job.messageId }
      : undefined
  const send = async (): Promise<Place> => {
    const threadId = await threads.of(channel, at)
    const found = isPerhapsSent && (await findMessage(tools, threadId, at.getTime(), pictureFileName(first)))
    if (found) return found
    const thread = (await client.channels.fetch(threadId)) as AnyThreadChannel
    const message = await thread.send({
      ...toMessage(renderGalleryEntry(finished, original)),
      nonce: `${job.id}-gallery`,
      enforceNonce: true,
    })
    return { channelId: message.channelId, messageId: message.id }
  }
  const place = await send().catch((error: unknown) => {
    if (discordFailure(error) !== 'closed') throw error
    // Somebody deleted or locked the thread of the day: another one is looked for or made.
    threads.forget(channel, at)
    return send()
  })
  // Deleted while it was being hung: Delete could not know of this copy.
  const isDeleted = services.gallery.ofJob(job.id).length < finished.pictures.length
  if (isDeleted) await client.rest.delete(Routes.channelMessage(place.channelId, place.messageId))
  await noted(() => services.queue.markArchived(job.id, isDeleted ? undefined : place), tools)
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

/**
 * Where a job's messages go: the original reply while its token lives (15 minutes), else a new message in the
 * channel that mentions the author. While Discord cannot be reached it is tried again and again.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { InteractionWebhook, Routes, SnowflakeUtil, type APIMessage } from 'discord.js'
import type { Job } from '../domain.ts'
import type { DeliveryTools } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import type { View } from './render/blocks.ts'
import { toEdit, toMessage, toPrivate } from './send.ts'

/** A token is not used in its last seconds: an edit that is under way when it dies could be lost. */
const TOKEN_LIFE_MS = (15 * 60 - 10) * 1000
const LONGEST_PAUSE_MS = 60_000

export type Place = { channelId: string; messageId: string }

export type Answer = {
  /** Shows progress if that is still possible. Files of earlier edits stay unless there are new ones. */
  progress(view: View): Promise<void>
  /** The pictures. `mark` is a text in the message by which a restart finds it again. */
  result(view: () => View, late: () => View, mark: string): Promise<Place>
  /** A neutral public message and the reason in private; late: one message in the channel. */
  failure(neutral: View, reason: View, late: View): Promise<Place>
  /** A last public word that is not worth a new message: undefined when it could not be shown. */
  end(view: View): Promise<Place | undefined>
}

export function createAnswer(tools: Omit<DeliveryTools, 'threads'>, job: Job): Answer {
  const { client, services, log } = tools
  const { applicationId, interactionId, interactionToken, channelId } = job.origin
  const webhook = new InteractionWebhook(client, applicationId, interactionToken)
  let isGone = interactionToken === ''
  let shown: Place | undefined =
    job.messageChannelId && job.messageId
      ? { channelId: job.messageChannelId, messageId: job.messageId }
      : undefined

  const hasToken = () => !isGone && Date.now() < job.createdAt + TOKEN_LIFE_MS

  /** Edits the original reply; undefined when that way is closed. */
  async function edit(view: () => View, keepFiles = false): Promise<Place | undefined> {
    if (!hasToken()) return undefined
    try {
      const message = await webhook.editMessage('@original', toEdit(view(), { keepFiles }))
      const place = { channelId: message.channelId, messageId: message.id }
      if (shown?.messageId !== place.messageId) note(place)
      shown = place
      return place
    } catch (error) {
      if (discordFailure(error) !== 'gone') throw error
      isGone = true
      return undefined
    }
  }

  /** Only a help for a later start: where it cannot be written down, the message is out all the same. */
  function note(place: Place): void {
    try {
      services.queue.setMessage(job.id, place)
    } catch (error) {
      log.warn({ err: error }, 'the place of a message could not be written down')
    }
  }

  /** A new message that mentions the author; the old one, which would say "in line" for ever, goes away. */
  async function post(view: () => View): Promise<Place> {
    const channel = await client.channels.fetch(channelId)
    if (!channel?.isSendable()) throw new Error('The channel of the command takes no messages')
    const message = await channel.send({
      ...toMessage(view(), job.asker.id),
      // The same number within some minutes makes Discord answer with the first message instead of a second one.
      nonce: job.id,
      enforceNonce: true,
    })
    return { channelId: message.channelId, messageId: message.id }
  }

  /** The reply, which still says "in line" or "thinking", goes away when the end is shown elsewhere. */
  async function removeReply(end: Place | undefined): Promise<void> {
    try {
      // A process that died in the wrong moment has not written down where it is.
      const reply = shown ?? (await findOwn(tools, channelId, job.createdAt, isReply))
      if (!reply || reply.messageId === end?.messageId) return
      await client.rest.delete(Routes.channelMessage(reply.channelId, reply.messageId))
    } catch (error) {
      if (discordFailure(error) === 'unreachable') throw error
      log.debug({ err: error }, 'the message with the progress stays')
    }
  }

  const isReply = ({ interaction_metadata: of }: APIMessage): boolean =>
    of?.id === interactionId && of.original_response_message_id === undefined

  async function find(mark: string): Promise<Place | undefined> {
    return findMessage(tools, channelId, job.finishedAt ?? job.createdAt, mark)
  }

  const stubborn = <T>(send: () => Promise<T>) => untilReached(send, tools)

  return {
    async progress(view) {
      await edit(() => view, view.files === undefined)
    },
    async result(view, late, mark) {
      const place = await stubborn(
        // Looked for before it is sent anew: an edit whose answer was lost, or a former process, may have shown it.
        async () => (await edit(view)) ?? (await find(mark)) ?? (await post(late)),
      )
      await stubborn(() => removeReply(place))
      return place
    },
    async failure(neutral, reason, late) {
      const place = await stubborn(async () => {
        const shownAt = await edit(() => neutral)
        if (!shownAt) return post(() => late)
        await webhook.send(toPrivate(reason))
        return shownAt
      })
      await stubborn(() => removeReply(place))
      return place
    },
    async end(view) {
      const place = await stubborn(() => edit(() => view))
      if (!place) await stubborn(() => removeReply(undefined))
      return place
    },
  }
}

/** Our clock and Discord's may differ by this. */
const CLOCK_SKEW_MS = 60_000

/** Looks through the messages of a channel since a time for one of ours that carries a text (a file's name). */
export const findMessage = (
  tools: Pick<DeliveryTools, 'client'>,
  channelId: string,
  since: number,
  mark: string,
): Promise<Place | undefined> =>
  findOwn(tools, channelId, since, ({ attachments, components }) =>
    JSON.stringify([attachments, components]).includes(mark),
  )

async function findOwn(
  { client }: Pick<DeliveryTools, 'client'>,
  channelId: string,
  since: number,
  fits: (message: APIMessage) => boolean,
): Promise<Place | undefined> {
  const after = String(SnowflakeUtil.generate({ timestamp: since - CLOCK_SKEW_MS }))
  const query = new URLSearchParams({ after, limit: '100' })
  const messages = (await client.rest.get(Routes.channelMessages(channelId), { query })) as APIMessage[]
  const found = messages.find((message) => message.author.id === client.user.id && fits(message))
  return found && { channelId, messageId: found.id }
}

/** Repeats a send while Discord cannot be reached; any other failure is thrown at once. */
export async function untilReached<T>(
  send: () => Promise<T>,
  { signal, log }: Pick<DeliveryTools, 'signal' | 'log'>,
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

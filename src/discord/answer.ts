/**
 * Where a job's messages go: the original reply while its token lives (15 minutes), else a new message in the
 * channel that mentions the author, else a direct message; what can be brought nowhere waits in /mine.
 */
import { InteractionWebhook, messageLink, Routes } from 'discord.js'
import type { Job } from '../domain.ts'
import type { DeliveryTools } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import { findReply, type Place } from './findMessage.ts'
import type { View } from './render/blocks.ts'
import { renderElsewhere } from './render/result.ts'
import { toEdit, toPrivate, withMark } from './send.ts'
import { directly, inChannel, sendOnce, untilReached, type Way } from './sendOnce.ts'

/** A token is not used in its last seconds: an edit that is under way when it dies could be lost. */
const TOKEN_LIFE_MS = (15 * 60 - 10) * 1000

/** The end of a job as it looks in each place; `link` leads to the command. */
export type EndViews = {
  reply: () => View
  late: (link: string | undefined) => View
  direct: (link: string | undefined) => View
  /** A reason that only the author reads: sent after the reply, which has a button for it. */
  reason?: () => View
}

export type Answer = {
  /** Shows progress if that is still possible. Files of earlier edits stay unless there are new ones. */
  progress(view: View): Promise<void>
  /** The same while the bot is being stopped: tried once, also where only the message itself can still be changed. */
  putOff(view: View): Promise<void>
  /** The end of the job, once, by the first way that is open. Undefined when all are closed. */
  result(views: EndViews): Promise<Place | undefined>
  /** A last public word that is not worth a new message: undefined when it could not be shown. */
  end(view: View): Promise<Place | undefined>
}

export function createAnswer(tools: Omit<DeliveryTools, 'threads'>, job: Job): Answer {
  const { client, services, log } = tools
  const { applicationId, interactionId, interactionToken, channelId, guildId } = job.origin
  const webhook = new InteractionWebhook(client, applicationId, interactionToken)
  let isGone = interactionToken === ''
  let shown: Place | undefined =
    job.messageChannelId && job.messageId
      ? { channelId: job.messageChannelId, messageId: job.messageId }
      : undefined

  const hasToken = () => !isGone && Date.now() < job.createdAt + TOKEN_LIFE_MS
  /** Of a reply that was never edited only Discord knows the id. */
  async function linkToCommand(): Promise<string | undefined> {
    shown ??= await findReply(client, channelId, job.createdAt, interactionId).catch((error: unknown) => {
      log.debug({ err: error }, 'the message of a command was not found')
      return undefined
    })
    return shown && messageLink(shown.channelId, shown.messageId, guildId)
  }

  /** Edits the original reply; undefined when that way is closed. */
  async function edit(view: View, keepFiles = false): Promise<Place | undefined> {
    if (!hasToken()) return undefined
    try {
      const message = await webhook.editMessage('@original', toEdit(view, { keepFiles }))
      const place = { channelId: message.channelId, messageId: message.id }
      if (shown?.messageId !== place.messageId) services.queue.setMessage(job.id, place)
      shown = place
      return place
    } catch (error) {
      if (discordFailure(error) !== 'gone') throw error
      isGone = true
      return undefined
    }
  }

  const reply = ({ reply, reason }: EndViews): Way => ({
    kind: 'reply',
    isRepeatable: true,
    open: () => Promise.resolve(hasToken() ? channelId : undefined),
    async send(_, mark) {
      const place = await edit(withMark(reply(), mark))
      if (place && reason) await tellPrivately(reason())
      return place
    },
  })

  /**
   * A private follow-up cannot be looked up, so it is sent at most once; if it is lost, the button of the public message
   * says the same.
   */
  async function tellPrivately(reason: View): Promise<void> {
    const key = `why:${job.id}`
    if (services.sends.get(key)) return
    services.sends.begin(key, { kind: 'follow-up', channelId, jobId: job.id })
    await webhook.send(toPrivate(reason)).catch((error: unknown) => {
      log.warn({ err: error }, 'a private reason was perhaps not heard; its button says it too')
    })
    services.sends.done(key, undefined)
  }

  /** Without a token the message with the progress is still ours to edit. @param end where the answer is instead */
  async function editShown(view: View, end?: Place): Promise<void> {
    try {
      // A process that died in the wrong moment has not written down where it is.
      shown ??= await findReply(client, channelId, job.createdAt, interactionId)
      if (!shown || shown.messageId === end?.messageId) return
      const { components, flags } = toEdit(view)
      const body = { components, flags, attachments: [] }
      await client.rest.patch(Routes.channelMessage(shown.channelId, shown.messageId), { body })
    } catch (error) {
      if (discordFailure(error) === 'unreachable') throw error
      log.debug({ err: error }, 'the message with the progress stays')
    }
  }

  return {
    async progress(view) {
      await edit(view, view.files === undefined)
    },
    async putOff(view) {
      try {
        if (!(await edit(view))) await editShown(view)
      } catch (error) {
        log.warn({ err: error }, 'a restart could not be announced')
      }
    },
    async result(views) {
      const place = await sendOnce(tools, { key: endKey(job), jobId: job.id, since: job.createdAt }, [
        reply(views),
        inChannel(tools, channelId, async () => views.late(await linkToCommand()), job.asker.id),
        directly(tools, job.asker.id, async () => views.direct(await linkToCommand())),
      ])
      // What says "in line" would say so for ever.
      await untilReached(() => editShown(renderElsewhere(job, place), place), tools)
      return place
    },
    end: (view) =>
      // An edit may be repeated, so it needs no intent.
      untilReached(async () => {
        const place = await edit(view)
        if (!place) await editShown(view)
        return place
      }, tools),
  }
}

/** The send that ends a job. */
export const endKey = ({ id }: Pick<Job, 'id'>): string => `end:${id}`

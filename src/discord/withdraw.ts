/** What was announced and became no job, because the process died or Discord was away: its person is told to ask once more. */
import { InteractionWebhook, MessageFlags, Routes, type APIMessage } from 'discord.js'
import type { Announcement } from '../services/announced.ts'
import type { BotContext } from './context.ts'
import { discordFailure } from './discordErrors.ts'
import { findReply } from './findMessage.ts'
import type { View } from './render/blocks.ts'
import { isAskedFirst } from './render/costQuestion.ts'
import { isNoAnswer, renderError, renderLostNote } from './render/errors.ts'
import { toEdit } from './send.ts'
import { untilReached } from './sendOnce.ts'

const SENTENCE = 'Darkroom was interrupted in this very moment, so this was not begun; please ask once more.'

type Tools = Pick<BotContext, 'client' | 'services' | 'signal' | 'log'>

/** Never throws; what cannot be said now is said after the next start. */
export async function withdrawAnnounced(tools: Tools): Promise<void> {
  const { services, signal, log } = tools
  for (const announcement of services.announced.left()) {
    try {
      await untilReached(() => withdraw(tools, announcement), tools)
      services.announced.forget(announcement.interactionId)
    } catch (error) {
      if (signal.aborted) return
      log.warn({ err: error, interaction: announcement.interactionId }, 'an announcement was not withdrawn')
    }
  }
}

/** As the answer to the command; without its token as an edit of our own message, where that can be found. */
async function withdraw(
  { client }: Tools,
  { interactionId, applicationId, token, channelId, createdAt }: Announcement,
): Promise<void> {
  try {
    const route = Routes.webhookMessage(applicationId, token)
    const view = instead((await client.rest.get(route, { auth: false })) as APIMessage)
    if (view)
      await new InteractionWebhook(client, applicationId, token).editMessage('@original', toEdit(view))
  } catch (error) {
    if (discordFailure(error) !== 'gone') throw error
    const reply = await findReply(client, channelId, createdAt, interactionId)
    if (!reply) return
    const route = Routes.channelMessage(channelId, reply.messageId)
    const view = instead((await client.rest.get(route)) as APIMessage)
    if (!view) return
    const { components, flags } = toEdit(view)
    await client.rest.patch(route, { body: { components, flags } })
  }
}

/** What the message should say; undefined when it was answered after all, and only the news of that was lost. */
function instead({ flags, components = [] }: APIMessage): View | undefined {
  const isThinking = ((flags ?? 0) & MessageFlags.Loading) !== 0
  // Nobody knows whether the question itself arrived; a yes to it takes this message away.
  if (isThinking || isAskedFirst(components)) return renderError(SENTENCE)
  return isNoAnswer(components) ? renderLostNote() : undefined
}

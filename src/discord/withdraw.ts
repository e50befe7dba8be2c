/** What was announced and became no job, because the process died or Discord was away: its person is told to ask once more. */
import { InteractionWebhook, Routes } from 'discord.js'
import type { Announcement } from '../services/announced.ts'
import type { BotContext } from './context.ts'
import { discordFailure } from './discordErrors.ts'
import { findReply } from './findMessage.ts'
import { renderError } from './render/errors.ts'
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
  const view = toEdit(renderError(SENTENCE))
  try {
    await new InteractionWebhook(client, applicationId, token).editMessage('@original', view)
  } catch (error) {
    if (discordFailure(error) !== 'gone') throw error
    const reply = await findReply(client, channelId, createdAt, interactionId)
    if (!reply) return
    const { components, flags } = view
    await client.rest.patch(Routes.channelMessage(channelId, reply.messageId), {
      body: { components, flags },
    })
  }
}

/** What a process announced and then died before it was a job: its person is told to ask once more. */
import { InteractionWebhook } from 'discord.js'
import type { BotContext } from './context.ts'
import { discordFailure } from './discordErrors.ts'
import { renderError } from './render/errors.ts'
import { toEdit } from './send.ts'
import { untilReached } from './sendOnce.ts'

const SENTENCE = 'Darkroom was restarted in this very moment, so this was not begun; please ask once more.'

/** Never throws; what cannot be said now is said after the next start. */
export async function withdrawAnnounced({ client, services, signal, log }: BotContext): Promise<void> {
  for (const { interactionId, applicationId, token } of services.announced.left()) {
    try {
      const webhook = new InteractionWebhook(client, applicationId, token)
      await untilReached(() => webhook.editMessage('@original', toEdit(renderError(SENTENCE))), {
        signal,
        log,
      })
      services.announced.forget(interactionId)
    } catch (error) {
      if (discordFailure(error) === 'gone') services.announced.forget(interactionId)
      else log.warn({ err: error, interaction: interactionId }, 'an announcement could not be withdrawn')
    }
  }
}

/** Takes a message away that has done its work. */
import { Routes } from 'discord.js'
import type { BotContext } from './context.ts'

/** Never throws: when it cannot be taken away, it stays. */
export async function removeMessage(
  { client, log }: BotContext,
  channelId: string,
  messageId: string,
): Promise<void> {
  try {
    await client.rest.delete(Routes.channelMessage(channelId, messageId))
  } catch (error) {
    log.debug({ err: error }, 'a message that has done its work stays')
  }
}

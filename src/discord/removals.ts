/** Deletes in Discord what Delete or a withdrawn consent took away. What cannot be deleted now stays on the list for the next start. */
import { DiscordAPIError, RESTJSONErrorCodes as Code, Routes, type Client } from 'discord.js'
import type { BotContext } from './context.ts'
import { discordFailure } from './discordErrors.ts'

/**
 * @param only these messages; default: all that have to go
 * @returns how many messages are gone, and how many are still there
 */
export async function removeMessages(
  { client, services, log }: Pick<BotContext, 'client' | 'services' | 'log'>,
  only?: readonly { messageId: string }[],
): Promise<{ gone: number; left: number }> {
  const ids = only && new Set(only.map(({ messageId }) => messageId))
  const messages = services.withdrawals.messages().filter(({ messageId }) => ids?.has(messageId) ?? true)
  let gone = 0
  for (const { seq, channelId, messageId } of messages) {
    try {
      await removeMessage(client, channelId, messageId)
      services.withdrawals.messageGone(seq)
      gone++
    } catch (error) {
      log.warn({ err: error }, 'a message that has to go is still there; it is tried again at the next start')
    }
  }
  return { gone, left: messages.length - gone }
}

async function removeMessage(client: Client, channelId: string, messageId: string): Promise<void> {
  const remove = () => client.rest.delete(Routes.channelMessage(channelId, messageId))
  try {
    await remove()
  } catch (error) {
    if (isGone(error)) return
    if (!(error instanceof DiscordAPIError) || error.code !== Code.InvalidActionOnArchivedThread) throw error
    // The gallery's thread of an older day has closed itself: it is opened for a moment.
    await client.rest.patch(Routes.channel(channelId), { body: { archived: false } })
    await remove()
    await client.rest.patch(Routes.channel(channelId), { body: { archived: true } })
  }
}

const isGone = (error: unknown): boolean =>
  discordFailure(error) === 'gone' || (error instanceof DiscordAPIError && error.code === Code.UnknownChannel)

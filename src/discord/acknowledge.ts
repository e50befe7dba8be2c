/** "Thinking", for everyone to see: the promise of an answer. */
import type { RepliableInteraction } from 'discord.js'
import type { Services } from '../services/index.ts'
import { discordFailure, isAlreadyAcknowledged } from './discordErrors.ts'

/**
 * Acknowledges an interaction, also when the line breaks: what is refused the second time, because it is acknowledged already, had
 * arrived the first time. @throws what Discord says when it could not be done
 */
export async function acknowledge(interaction: RepliableInteraction, isSecond = false): Promise<void> {
  try {
    await interaction.deferReply()
  } catch (error) {
    if (isAlreadyAcknowledged(error)) {
      interaction.deferred = true
      interaction.ephemeral = false
      return
    }
    if (isSecond || discordFailure(error) !== 'unreachable') throw error
    await acknowledge(interaction, true)
  }
}

/**
 * The same before there is a job: what has to be fetched takes longer than Discord waits. When the process dies meanwhile, the next
 * one says so.
 */
export async function announce(
  interaction: RepliableInteraction,
  { announced }: Pick<Services, 'announced'>,
): Promise<void> {
  const { id: interactionId, applicationId, token, channelId } = interaction
  announced.add({ interactionId, applicationId, token, channelId: channelId ?? '' })
  await acknowledge(interaction)
}

/** "Thinking", for everyone to see: the promise of an answer. */
import type { RepliableInteraction } from 'discord.js'
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

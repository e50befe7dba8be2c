/** The Cancel button of a message that waits or is being drawn: custom id `cancel:<jobId>`. */
import type { ButtonInteraction } from 'discord.js'
import type { BotContext } from './context.ts'
import { isInstructor } from './permissions.ts'

/** Stops the job if it is the person's own, or they are an instructor; the message itself then says so. */
export async function cancelJob(
  interaction: ButtonInteraction<'cached'>,
  jobId: string,
  { services }: BotContext,
): Promise<void> {
  const settings = await services.settings.guild(interaction.guildId)
  services.queue.cancel(jobId, {
    id: interaction.user.id,
    instructor: isInstructor(interaction.member, settings),
  })
  await interaction.deferUpdate()
}

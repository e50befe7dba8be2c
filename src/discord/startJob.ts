/** From an interaction to an accepted job: the same for commands, buttons and modals. */
import type { ButtonInteraction, ChatInputCommandInteraction, ModalSubmitInteraction } from 'discord.js'
import type { CommandOrigin, ImageRequest, Person } from '../domain.ts'
import type { BotContext } from './context.ts'

type Asking =
  | ChatInputCommandInteraction<'cached'>
  | ButtonInteraction<'cached'>
  | ModalSubmitInteraction<'cached'>

/**
 * Stores the job, then acknowledges, then lets the deliverer bring the result.
 * @throws UserError before anything is acknowledged, so that it can be answered privately
 */
export async function startJob(
  interaction: Asking,
  request: ImageRequest,
  { services, deliverer }: BotContext,
  parentPictureId?: string,
): Promise<void> {
  const job = await services.imagine.submit(
    request,
    personOf(interaction),
    originOf(interaction),
    parentPictureId,
  )
  try {
    await interaction.deferReply()
  } finally {
    // Accepted is accepted: when the acknowledgement came too late, the result comes as a channel message.
    deliverer.deliver(job)
  }
}

const personOf = (interaction: Asking): Person => ({
  id: interaction.user.id,
  name: interaction.member.displayName,
})

const originOf = (interaction: Asking): CommandOrigin => ({
  guildId: interaction.guildId,
  channelId: interaction.channelId ?? '',
  applicationId: interaction.applicationId,
  interactionId: interaction.id,
  interactionToken: interaction.token,
  attachmentSizeLimit: interaction.attachmentSizeLimit,
})

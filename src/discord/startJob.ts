/** From an interaction to an accepted job: the same for commands, buttons and modals. */
import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js'
import type { Asker, CommandOrigin, ImageRequest, Job, Parent } from '../domain.ts'
import { acknowledge } from './acknowledge.ts'
import { discordFailure } from './discordErrors.ts'
import type { BotContext } from './context.ts'
import { isInstructor } from './permissions.ts'

type Asking =
  | ChatInputCommandInteraction<'cached'>
  | MessageContextMenuCommandInteraction<'cached'>
  | ButtonInteraction<'cached'>
  | ModalSubmitInteraction<'cached'>

/**
 * Stores the job, then acknowledges, then lets the deliverer bring the result.
 * @throws UserError before anything is acknowledged, so that it can be answered privately
 */
export async function startJob(
  interaction: Asking,
  request: ImageRequest,
  context: BotContext,
  parents: readonly Parent[] = [],
): Promise<void> {
  await acceptJob(interaction, context, (asker, origin) =>
    context.services.imagine.submit(request, asker, origin, parents),
  )
}

/** The same for any kind of job: `submit` stores it. */
export async function acceptJob(
  interaction: Asking,
  { deliverer, services, log }: Pick<BotContext, 'deliverer' | 'services' | 'log'>,
  submit: (asker: Asker, origin: CommandOrigin) => Promise<Job>,
): Promise<void> {
  const job = await submit(await askerOf(interaction, services), originOf(interaction))
  try {
    // What had to be fetched first was announced before.
    if (!interaction.deferred) await acknowledge(interaction)
  } catch (error) {
    // Accepted is accepted: nobody is told to try again, the result comes as a channel message.
    if (discordFailure(error) === undefined) throw error
    log.warn({ err: error, job: job.id }, 'an accepted job could not be acknowledged')
  } finally {
    deliverer.deliver(job)
  }
}

const askerOf = async (
  { user, member, guildId }: Asking,
  { settings }: BotContext['services'],
): Promise<Asker> => ({
  id: user.id,
  name: member.displayName,
  isInstructor: isInstructor(member, await settings.guild(guildId)),
})

const originOf = (interaction: Asking): CommandOrigin => ({
  guildId: interaction.guildId,
  channelId: interaction.channelId ?? '',
  applicationId: interaction.applicationId,
  interactionId: interaction.id,
  interactionToken: interaction.token,
  attachmentSizeLimit: interaction.attachmentSizeLimit,
})

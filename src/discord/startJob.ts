/** From an interaction to an accepted job: the same for commands, buttons and modals. */
import type {
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
} from 'discord.js'
import { acknowledge } from './acknowledge.ts'
import { discordFailure } from './discordErrors.ts'
import type { CommandOrigin, ImageRequest, Job, Parent, Person } from '../domain.ts'
import type { BotContext } from './context.ts'

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
  { deliverer, log }: Pick<BotContext, 'deliverer' | 'log'>,
  submit: (asker: Person, origin: CommandOrigin) => Promise<Job>,
): Promise<void> {
  const job = await submit(personOf(interaction), originOf(interaction))
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

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
import { askedAboutCost, costlySchema, endQuestion } from './costQuestion.ts'
import { removeMessage } from './removeMessage.ts'
import { isInstructor } from './permissions.ts'

type Asking =
  | ChatInputCommandInteraction<'cached'>
  | MessageContextMenuCommandInteraction<'cached'>
  | ButtonInteraction<'cached'>
  | ModalSubmitInteraction<'cached'>

/**
 * Stores the job, then acknowledges, then lets the deliverer bring the result. What is costly is asked about first, and starts with the
 * button of the question.
 * @throws UserError before anything is acknowledged, so that it can be answered privately
 */
export async function startJob(
  interaction: Asking,
  request: ImageRequest,
  context: BotContext,
  parents: readonly Parent[] = [],
): Promise<void> {
  if (await askedAboutCost(interaction, request, parents, context)) return
  await acceptJob(interaction, context, (asker, origin) =>
    context.services.imagine.submit(request, asker, origin, parents),
  )
}

/** The yes to the question about the cost. @throws UserError not-found when it was answered before, and as `startJob` */
export async function startCostly(
  interaction: ButtonInteraction<'cached'>,
  draftId: string,
  context: BotContext,
): Promise<void> {
  const { drafts, imagine } = context.services
  const { request, parents, waiting } = drafts.read(draftId, interaction.user.id, costlySchema)
  await acceptJob(interaction, context, (asker, origin) =>
    // Together with the job: pressed twice it is drawn once, and refused it can be pressed again.
    imagine.submit(request, asker, origin, parents, () => drafts.take(draftId, asker.id, costlySchema)),
  )
  await endQuestion(interaction, context)
  if (waiting !== undefined) await removeMessage(context, interaction.channelId, waiting)
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

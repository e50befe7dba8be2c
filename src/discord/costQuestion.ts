/** Asks before a job that is costly beside what is left of the day. The request waits among the drafts, so its buttons outlive a restart. */
import type { ButtonInteraction, RepliableInteraction } from 'discord.js'
import { z } from 'zod'
import { imageRequestSchema, parentSchema, type ImageRequest, type Parent } from '../domain.ts'
import type { BotContext } from './context.ts'
import { leftToday } from './leftToday.ts'
import { removeMessage } from './removeMessage.ts'
import { renderAskedFirst, renderCostQuestion } from './render/costQuestion.ts'
import { renderNote } from './render/errors.ts'
import { toEdit, toPrivate } from './send.ts'

/** Names of the buttons; the argument is the id of the draft. */
export const DRAW_COSTLY = 'drawcostly'
export const LEAVE_COSTLY = 'leavecostly'

/** What waits for a yes. */
export const costlySchema = z.object({
  request: imageRequestSchema,
  parents: z.array(parentSchema),
  /** The public message that says that somebody is asked. */
  waiting: z.string().optional(),
})

type Asking = RepliableInteraction<'cached'>

/**
 * True when it was asked, and nothing may be drawn yet. What will be refused is not asked about.
 * @throws UserError content-refused
 */
export async function askedAboutCost(
  interaction: Asking,
  request: ImageRequest,
  parents: readonly Parent[],
  { services }: BotContext,
): Promise<boolean> {
  const { backends, budget, drafts, safety, settings } = services
  const estimate = backends.estimate(request)
  if (!estimate) return false
  const { guildId, user } = interaction
  const left = await leftToday(services, guildId, user.id)
  const pictures = Math.min(left.pictures.person ?? Infinity, left.pictures.class ?? Infinity)
  if (!budget.isCostly(estimate.usd, left.usd) || request.count > pictures) return false
  if ((await settings.guild(guildId)).isPaused) return false
  await safety.check(request, guildId)
  const waiting = interaction.deferred ? await sayThatAsked(interaction) : undefined
  const id = drafts.put(user.id, { request, parents, waiting })
  const ids = { yes: `${DRAW_COSTLY}:${id}`, no: `${LEAVE_COSTLY}:${id}` }
  const question = toPrivate(renderCostQuestion(request, estimate.usd, left, ids))
  await (interaction.deferred ? interaction.followUp(question) : interaction.reply(question))
  return true
}

/** Everyone saw "thinking", and a follow-up straight after that would be public. */
async function sayThatAsked(interaction: Asking): Promise<string> {
  const note = renderAskedFirst(interaction.member.displayName)
  return (await interaction.editReply(toEdit(note))).id
}

/** The question after its yes; the answer to the button is the picture. Never throws: when it cannot be edited, it stays. */
export async function endQuestion(
  interaction: ButtonInteraction<'cached'>,
  { log }: Pick<BotContext, 'log'>,
): Promise<void> {
  try {
    const view = renderNote('You said yes; it is being drawn.')
    await interaction.webhook.editMessage(interaction.message.id, toEdit(view))
  } catch (error) {
    log.debug({ err: error }, 'a question that was answered stays as it was')
  }
}

/** "Cancel" under the question. @throws UserError not-found when it was answered before */
export async function leaveCostly(
  interaction: ButtonInteraction<'cached'>,
  draftId: string,
  context: BotContext,
): Promise<void> {
  const { waiting } = context.services.drafts.take(draftId, interaction.user.id, costlySchema)
  await interaction.update(toEdit(renderNote('Not drawn, and nothing was spent.')))
  if (waiting !== undefined) await removeMessage(context, interaction.channelId, waiting)
}

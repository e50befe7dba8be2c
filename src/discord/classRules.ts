/** /class model, budget, pause and resume: what a class draws with, what that may cost, and when. */
import type { ChatInputCommandInteraction } from 'discord.js'
import type { ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { dollars, priceInWords } from '../money.ts'
import type { Services } from '../services/index.ts'
import type { BotContext } from './context.ts'
import { mustBeInstructor } from './permissions.ts'
import { count, plain } from './render/blocks.ts'
import { renderNote } from './render/errors.ts'
import { toPrivate } from './send.ts'

type Command = ChatInputCommandInteraction<'cached'>
type Rule = (interaction: Command, services: Services) => Promise<string>

/** What an instructor types instead of a model to take the choice back. */
export const AUTOMATIC = 'automatic'

const rules: Record<string, Rule> = { model, budget, pause, resume }

/** Runs one of these subcommands. @throws UserError not-allowed for students */
export async function changeRules(interaction: Command, { services }: BotContext): Promise<void> {
  const { guildId, member, options } = interaction
  mustBeInstructor(
    member,
    await services.settings.guild(guildId),
    'can see and change the rules of the class',
  )
  const rule = rules[options.getSubcommand()]
  if (!rule) throw new UserError('not-found', 'This part of /class belongs to an older Darkroom.')
  await interaction.reply(toPrivate(renderNote(await rule(interaction, services))))
}

/** What draws when nobody names a model, or the sentence that a person reads when there is no such model. */
export async function usualModel(
  { imagine }: Pick<Services, 'imagine'>,
  guildId: string,
): Promise<{ model?: ModelInfo; problem?: string }> {
  try {
    return { model: await imagine.modelFor(undefined, guildId) }
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message }
    throw error
  }
}

async function model({ guildId, options }: Command, services: Services): Promise<string> {
  const { backends, budget, settings } = services
  const asked = options.getString('model')?.trim()
  if (asked === undefined)
    return `${await usualInWords(services, guildId)} Choose another one with \`model:\`.`
  if (asked === AUTOMATIC) {
    await settings.update(guildId, { model: undefined })
    return `The class has no model of its own any more. ${await usualInWords(services, guildId)}`
  }
  const { model: chosen } = backends.find(asked)
  const after = await settings.update(guildId, { model: chosen.id })
  const set = `From now on **${plain(chosen.id)}** draws when nobody names a model. It ${chosen.price ? 'costs' : 'is'} ${priceInWords(chosen.price)}.`
  return chosen.price ? `${set} ${limitsInWords(budget.limits(after))}` : set
}

async function usualInWords(services: Services, guildId: string): Promise<string> {
  const { model: usual, problem } = await usualModel(services, guildId)
  return usual
    ? `When nobody names a model, **${plain(usual.id)}** draws (${priceInWords(usual.price)}).`
    : `Who names no model reads: “${plain(problem ?? '', 1000)}”`
}

async function budget({ guildId, user, options }: Command, services: Services): Promise<string> {
  const budgetClassUsd = options.getNumber('day') ?? undefined
  const budgetPersonUsd = options.getNumber('person') ?? undefined
  const after = await services.settings.update(guildId, {
    ...(budgetClassUsd === undefined ? {} : { budgetClassUsd }),
    ...(budgetPersonUsd === undefined ? {} : { budgetPersonUsd }),
  })
  const { classUsd } = services.budget.spent(guildId, user.id)
  const paid = services.backends.models().filter(({ price }) => price)
  return [
    limitsInWords(services.budget.limits(after)),
    `Spent or reserved today: ${dollars(classUsd)}.`,
    paid.length === 0
      ? 'Nothing that is connected costs money, so nothing counts.'
      : `What costs money: ${paid.map(({ id, price }) => `**${plain(id)}** (${priceInWords(price)})`).join(', ')}.`,
  ].join('\n')
}

const limitsInWords = ({ classUsd, personUsd }: { classUsd: number; personUsd: number }): string =>
  `A day may cost ${dollars(classUsd)} for the class together and ${dollars(personUsd)} for each person.`

async function pause({ guildId }: Command, { settings, stats }: Services): Promise<string> {
  await settings.update(guildId, { isPaused: true })
  const open = stats.open(guildId)
  const rest =
    open === 0
      ? 'Nothing is waiting or being drawn.'
      : `What was accepted before goes on: ${count(open, 'job is', 'jobs are')} waiting or being drawn.`
  return `The class is paused: nothing new is accepted, from anyone. ${rest} Open it again with \`/class resume\`.`
}

async function resume({ guildId }: Command, { settings }: Services): Promise<string> {
  await settings.update(guildId, { isPaused: undefined })
  return 'The class is open: new pictures are accepted.'
}

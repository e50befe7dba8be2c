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

/** `faces on` and `faces off` come by the names of their group. */
const rules: Record<string, Rule> = { model, budget, pause, resume, faces }

/** Runs one of these subcommands. @throws UserError not-allowed for students */
export async function changeRules(interaction: Command, { services }: BotContext): Promise<void> {
  const { guildId, member, options } = interaction
  mustBeInstructor(
    member,
    await services.settings.guild(guildId),
    'can see and change the rules of the class',
  )
  const rule = rules[options.getSubcommandGroup() ?? options.getSubcommand()]
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

async function faces({ guildId, options }: Command, { settings }: Services): Promise<string> {
  const isOn = options.getSubcommand() === 'on'
  await settings.update(guildId, { realFaces: isOn ? true : undefined })
  return isOn ? FACES_ON : FACES_OFF
}

const FACES_ON = [
  '**Real faces are on.** A face may be swapped when the person in the picture has said yes to it themselves:',
  '- with `/consent mine` for their own face, or when a classmate asks them with `/consent ask` (the question is private);',
  '- for one picture, for 180 days, and only adults: the yes says “I am 18 or older”. Darkroom cannot check who is in a picture, so please do;',
  '- they can take it back with `/consent withdraw`: every picture made with it is deleted. You can do that for somebody with `/consent withdraw person:`.',
  'Every swap bears a mark and says whose face it is. Practice faces work as before, so nobody has to use their own face.',
].join('\n')

const FACES_OFF =
  '**Real faces are off.** Only practice faces can be swapped; swaps with real faces that still wait are not made. Pictures that were made stay until somebody deletes them or takes their consent back.'

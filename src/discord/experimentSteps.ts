/** An experiment from what a person typed, over what they expect, to one job; and a look at one of its pictures. */
import {
  ComponentType,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js'
import { z } from 'zod'
import type { Drawing, Experiment, ExperimentVariable, ImageRequest, Parent } from '../domain.ts'
import { imageRequestSchema, isSwap, parentSchema } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { ImagineOptions } from '../services/imagine.ts'
import type { BotContext } from './context.ts'
import { filesOf } from './finishedJob.ts'
import { leftToday } from './leftToday.ts'
import { namedPicture } from './namedPicture.ts'
import { mustBeDrawing, optionsOf } from './pictureOptions.ts'
import { renderLook } from './render/experiment.ts'
import { PREDICTION, predictionForm } from './render/predictionForm.ts'
import { toPrivate } from './send.ts'
import { acceptJob } from './startJob.ts'

type Planned = { request: ImageRequest & { experiment: Experiment }; parents: Parent[] }
/** A plan while its person writes a prediction. */
const planSchema = z.object({
  request: imageRequestSchema.required({ experiment: true }),
  parents: z.array(parentSchema),
})

const NOT_OURS =
  'This picture was not drawn by Darkroom, so its recipe is not known; please give a prompt instead, or draw from it with /remix first.'

/** Checks everything that can be checked before the prediction. @throws UserError */
export async function plannedOf(
  interaction: ChatInputCommandInteraction<'cached'>,
  variable: ExperimentVariable,
  context: BotContext,
): Promise<Planned> {
  const { services } = context
  const { guildId } = interaction
  const typed = typedOptions(interaction)
  if (typed[variable] !== undefined) {
    throw new UserError(
      'invalid-options',
      `${variable} is what this experiment changes, so please leave the option ${variable} out.`,
    )
  }
  const asked = interaction.options.getString('picture')
  const picture =
    asked === null ? undefined : mustBeDrawing(await namedPicture(interaction, asked, NOT_OURS, context))
  if (!picture && typed.prompt === undefined && variable !== 'prompt') {
    throw new UserError(
      'invalid-options',
      'Please give a prompt, or a picture from which everything else is taken.',
    )
  }
  const options = {
    prompt: '',
    ...(picture && recipeOptions(picture, context)),
    ...typed,
  }
  const begin = variable === 'strength' && picture ? await beginning(picture, options, guildId, context) : {}
  const values = interaction.options.getString('values', true)
  const request = await services.experiments.parse(
    {
      options: { ...options, ...begin, ...(typed.seed !== undefined && { seed: typed.seed }) },
      variable,
      values,
    },
    guildId,
  )
  // Nobody shall write a prediction for what will be refused.
  await services.safety.check(request, guildId)
  return {
    request,
    parents: picture ? [{ pictureId: picture.id, relation: 'experiment' }] : [],
  }
}

/** Only what was given, so that it can stand over a recipe. */
function typedOptions({ options }: ChatInputCommandInteraction<'cached'>): Partial<ImagineOptions> {
  const given = {
    prompt: options.getString('prompt'),
    negative: options.getString('negative'),
    seed: options.getInteger('seed'),
    steps: options.getInteger('steps'),
    cfg: options.getNumber('cfg'),
    sampler: options.getString('sampler'),
    scheduler: options.getString('scheduler'),
    size: options.getString('size'),
    model: options.getString('model'),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
}

/** The noise of a picture, too: its own pixels are to come out again. */
function recipeOptions(picture: Drawing, { services }: BotContext): ImagineOptions {
  const { seed, variationSeed, variationStrength } = picture.recipe
  return { ...optionsOf(picture, services), seed, variationSeed, variationStrength }
}

/**
 * Strength needs a picture to begin from: the one of the recipe, else the drawn picture itself. That is drawn over with other noise:
 * with its own seed the same picture would come again at every strength.
 */
async function beginning(
  picture: Drawing,
  options: ImagineOptions,
  guildId: string,
  { services }: BotContext,
): Promise<Partial<ImagineOptions>> {
  if (picture.recipe.initImage !== undefined) return {}
  const { width, height } = await services.imagine.parse(options, guildId)
  const kept = await services.inputs.keep(await services.gallery.png(picture), { width, height })
  return { initImage: kept.id, seed: undefined, variationSeed: undefined, variationStrength: undefined }
}

/** The button under an experiment of a lesson: asks its question. */
export async function askForLesson(
  interaction: ButtonInteraction<'cached'>,
  ids: string,
  context: BotContext,
): Promise<void> {
  const { request, experiment } = await plannedForLesson(ids, interaction.guildId, context)
  await interaction.showModal(
    predictionForm(`experiment:${ids}`, {
      experiment: request.experiment,
      estimate: context.services.backends.estimate(request),
      left: await leftToday(context.services, interaction.guildId, interaction.user.id),
      expect: experiment.expect,
      choices: experiment.choices,
    }),
  )
}

async function plannedForLesson(ids: string, guildId: string, { services }: BotContext) {
  const { experiments, safety } = services
  const { plan, experiment } = await experiments.lessonRuns.plan(ids, guildId)
  const request = await experiments.parse(plan, guildId)
  await safety.check(request, guildId)
  return { request, experiment }
}

/** The form came back with what the person expects: now it runs. `id` is `slug/id` of a lesson, or of a plan among the drafts. */
export async function predicted(
  interaction: ModalSubmitInteraction<'cached'>,
  id: string,
  context: BotContext,
): Promise<void> {
  const { experiments, imagine, drafts } = context.services
  const isOfLesson = id.includes('/')
  const { request, parents }: Planned = isOfLesson
    ? { ...(await plannedForLesson(id, interaction.guildId, context)), parents: [] }
    : drafts.read(id, interaction.user.id, planSchema)
  const prediction = mustBeSaid(predictionIn(interaction))
  await acceptJob(interaction, context, (asker, origin) =>
    // Together with the job: sent twice it is drawn once, and refused the form may be sent again.
    imagine.submit(withPrediction(request, prediction), asker, origin, parents, (job) => {
      if (!isOfLesson) drafts.take(id, asker.id, planSchema)
      experiments.lessonRuns.note(job)
    }),
  )
}

const withPrediction = (request: Planned['request'], prediction: string): ImageRequest => ({
  ...request,
  experiment: { ...request.experiment, prediction },
})

/** Chosen, or in their own words. */
function predictionIn({ fields }: ModalSubmitInteraction<'cached'>): string {
  const isChosen = fields.getField(PREDICTION).type === ComponentType.RadioGroup
  return isChosen ? fields.getRadioGroup(PREDICTION, true) : fields.getTextInputValue(PREDICTION)
}

/** @throws UserError invalid-options when it is only spaces */
function mustBeSaid(typed: string): string {
  const prediction = typed.replaceAll(/\s+/g, ' ').trim()
  if (prediction !== '') return prediction
  throw new UserError('invalid-options', 'Please write in a few words what you expect, before you see it.')
}

/** Shows one picture of an experiment in private, with its buttons. */
export async function lookAt(
  interaction: StringSelectMenuInteraction<'cached'>,
  jobId: string,
  { services, registry }: BotContext,
): Promise<void> {
  const job = services.queue.get(jobId)
  const picture = services.gallery.get(interaction.values[0] ?? '')
  if (!job || picture?.jobId !== jobId) throw new UserError('not-found', 'This picture has been deleted.')
  const [file] = await filesOf(services, job, [picture])
  const model = services.backends.models().find(({ id }) => id === picture.recipe.model)
  const actions = [...registry.actions.values()].filter(({ fits }) => !fits || fits(model, picture))
  const experiment = isSwap(job.request) ? undefined : job.request.experiment
  if (file) await interaction.reply(toPrivate(renderLook(picture, file, experiment, actions)))
}

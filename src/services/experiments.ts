/** Experiments: one variable changed, all else fixed. From what a person chose to one job, and what is to be seen in its pictures. */
import { randomInt } from 'node:crypto'
import {
  MAX_SEED,
  recipeSchema,
  type Experiment,
  type ExperimentVariable,
  type ImageRequest,
  type Picture,
} from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Gallery } from './gallery.ts'
import type { Imagine, ImagineOptions } from './imagine.ts'
import { resultOf, type ExperimentResult } from './experiments/result.ts'
import type { Inputs } from './inputs.ts'
import type { LessonRuns } from './experiments/lessonRuns.ts'
import { aboutValue, mustDiffer, parseValues, valueOf, withValue } from './experiments/values.ts'

export type { ExperimentResult } from './experiments/result.ts'

/** What is changed, in what, and through which values; `lesson` as in domain.ts. */
export type Plan = {
  /** What all pictures have; without a seed one is drawn. */
  options: ImagineOptions
  variable: ExperimentVariable
  /** As a person writes them, or one by one. */
  values: string | readonly string[]
  lesson?: string
}

export type Experiments = {
  /**
   * Checks every picture of an experiment as /imagine does; all but the variable is equal in them, the seed too.
   * @throws UserError that names the value with which something is wrong; not-found, not-set-up about the model
   */
  parse(plan: Plan, guildId: string): Promise<ImageRequest & { experiment: Experiment }>
  /**
   * The contact sheet and what can be said of it. @param pictures those that were drawn
   * @throws Error when a file is gone
   */
  result(
    experiment: Experiment,
    pictures: readonly Picture[],
    guildId: string,
  ): Promise<ExperimentResult & { explain: string | undefined }>
  /** Those of lessons; `explain` is in `result`, too. */
  lessonRuns: LessonRuns
}

export function createExperiments({
  imagine,
  gallery,
  inputs,
  lessonRuns,
}: {
  imagine: Pick<Imagine, 'parse' | 'modelFor'>
  gallery: Pick<Gallery, 'png'>
  inputs: Pick<Inputs, 'png'>
  lessonRuns: LessonRuns
}): Experiments {
  /** "Automatic" means another schedule for another sampler: where the sampler changes, one is chosen, so that nothing else does. */
  async function schedulerFor(variable: ExperimentVariable, options: ImagineOptions, guildId: string) {
    if (variable !== 'sampler' || options.scheduler !== undefined) return {}
    const { schedulers } = await imagine.modelFor(options.model, guildId)
    const [usual] = schedulers
    if (usual?.id.toLowerCase() !== 'automatic') return {}
    const chosen = schedulers.find(({ id }) => id.toLowerCase() === 'karras') ?? schedulers[1]
    return chosen ? { scheduler: chosen.id } : {}
  }

  return {
    async parse({ options, variable, values, lesson }, guildId) {
      if (variable === 'strength' && options.initImage === undefined) {
        throw new UserError(
          'invalid-options',
          'strength says how much of a picture is drawn anew, so it needs one to begin from; please choose it with the option picture.',
        )
      }
      const seed = options.seed === undefined || options.seed === -1 ? randomInt(MAX_SEED + 1) : options.seed
      const fixed = { ...options, ...(await schedulerFor(variable, options, guildId)), seed, count: 1 }
      const cells: ImageRequest[] = []
      for (const value of typeof values === 'string' ? parseValues(variable, values) : values) {
        const cell = withValue(fixed, variable, value)
        cells.push(
          await imagine.parse(cell, guildId).catch((error: unknown) => {
            throw error instanceof UserError ? aboutValue(variable, value, error) : error
          }),
        )
      }
      const taken = cells.map((cell) => valueOf(variable, cell))
      mustDiffer(variable, taken)
      const [first] = cells
      if (!first) throw new Error('an experiment without values')
      const experiment: Experiment = {
        variable,
        values: taken,
        cells: cells.map((cell) => recipeSchema.parse(cell)),
        ...(lesson === undefined ? {} : { lesson }),
      }
      return { ...first, experiment }
    },
    async result(experiment, pictures, guildId) {
      const pngs = await Promise.all(pictures.map((picture) => gallery.png(picture)))
      const { initImage } = experiment.cells[0] ?? {}
      // What a picture began from may have been deleted; then the others are shown without it.
      const begin = initImage && (await inputs.png(initImage).catch(() => undefined))
      const result = await resultOf(experiment, pictures, pngs, begin || undefined)
      return { ...result, explain: lessonRuns.explain(experiment, guildId) }
    },
    lessonRuns,
  }
}

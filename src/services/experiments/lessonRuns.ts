/** Experiments of lessons: from the lesson's file to a plan, and the book of who ran them. */
import type { DatabaseSync } from 'node:sqlite'
import type { Experiment, Job } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { Imagine, ImagineOptions } from '../imagine.ts'
import type { Inputs } from '../inputs.ts'
import type { Lessons } from '../lessons/index.ts'
import type { Experiment as LessonExperiment } from '../lessons/lesson.ts'
import type { Plan } from '../experiments.ts'

export type LessonPlan = { plan: Plan; experiment: LessonExperiment }

export type LessonRuns = {
  /** @param ids `slug/id`. @throws UserError not-found when the lesson was changed since it was posted */
  plan(ids: string, guildId: string): Promise<LessonPlan>
  /** What the lesson says that happened; undefined for an experiment of one's own, and when the lesson is gone. */
  explain(experiment: Experiment, guildId: string): string | undefined
  /** Notes that a person ran it, for the instructor's report; nothing for an experiment of one's own. One write, so it fits into a transaction. */
  note(job: Job): void
}

export function createLessonRuns({
  database,
  lessons,
  inputs,
  imagine,
}: {
  database: DatabaseSync
  lessons: Pick<Lessons, 'experiment' | 'practicePicture'>
  inputs: Pick<Inputs, 'keep'>
  imagine: Pick<Imagine, 'parse'>
}): LessonRuns {
  const insert = database.prepare(`
    INSERT INTO experiment_runs (guild_id, lesson, experiment, person_id, person_name, prediction, job_id, created_at)
    VALUES ($guildId, $lesson, $experiment, $personId, $personName, $prediction, $jobId, $now)`)

  /** The practice picture, as large as what is drawn from it. */
  async function beginning(name: string, options: ImagineOptions, guildId: string) {
    const { width, height } = await imagine.parse(options, guildId)
    const { id } = await inputs.keep(await lessons.practicePicture(name), { width, height })
    return { initImage: id }
  }

  return {
    async plan(ids, guildId) {
      const { experiment } = lessons.experiment(guildId, ids)
      const { variable, values, recipe } = experiment
      const { image, ...options } = recipe
      const begin = image === undefined ? {} : await beginning(image, options, guildId)
      return {
        experiment,
        plan: { options: { ...options, ...begin }, variable, values: values.map(String), lesson: ids },
      }
    },
    explain({ lesson }, guildId) {
      if (lesson === undefined) return undefined
      try {
        return lessons.experiment(guildId, lesson).experiment.explain
      } catch (error) {
        // The result is shown all the same; what was measured is said instead.
        if (error instanceof UserError) return undefined
        throw error
      }
    },
    note({ id, request, asker, origin, createdAt }) {
      const experiment = 'kind' in request ? undefined : request.experiment
      if (experiment?.lesson === undefined) return
      const [lesson = '', name = ''] = experiment.lesson.split('/')
      insert.run({
        guildId: origin.guildId,
        lesson,
        experiment: name,
        personId: asker.id,
        personName: asker.name,
        prediction: experiment.prediction ?? '',
        jobId: id,
        now: createdAt,
      })
    },
  }
}

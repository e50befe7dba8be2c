/** Experiments that wait for their person to write a prediction; kept over a restart, so that nobody writes one in vain. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import {
  imageRequestSchema,
  parentSchema,
  type Experiment,
  type ImageRequest,
  type Parent,
} from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { newId } from '../ids.ts'

export type HeldPlan = { request: ImageRequest & { experiment: Experiment }; parents: readonly Parent[] }

export type HeldPlans = {
  /** Keeps a plan while its person writes a prediction. @returns what `held` asks for */
  hold(plan: HeldPlan): string
  /** @throws UserError not-found after half an hour, and for one that has become a job */
  held(id: string): HeldPlan
  /** The plan has become a job. */
  release(id: string): void
}

/** A form is seldom open for longer. */
const HELD_MS = 30 * 60_000

const EXPIRED =
  'This form has waited too long, so its experiment is not known any more; please type /experiment again.'

const planSchema = z.object({ request: imageRequestSchema, parents: z.array(parentSchema) })

export function createHeldPlans(database: DatabaseSync, now: () => number): HeldPlans {
  const insert = database.prepare('INSERT INTO experiment_plans VALUES ($id, $plan, $at)')
  const forgetOld = database.prepare('DELETE FROM experiment_plans WHERE created_at <= ?')
  const select = database.prepare('SELECT plan FROM experiment_plans WHERE id = ? AND created_at > ?')
  const remove = database.prepare('DELETE FROM experiment_plans WHERE id = ?')

  return {
    hold(plan) {
      const id = newId()
      forgetOld.run(now() - HELD_MS)
      insert.run({ id, plan: JSON.stringify(plan), at: now() })
      return id
    },
    held(id) {
      const row = select.get(id, now() - HELD_MS)
      if (!row) throw new UserError('not-found', EXPIRED)
      const { request, parents } = planSchema.parse(JSON.parse(String(row['plan'])))
      if (!request.experiment) throw new Error('a plan without an experiment')
      return { request: { ...request, experiment: request.experiment }, parents }
    },
    release: (id) => void remove.run(id),
  }
}

import { ddim } from './samplers/ddim.ts'
import { dpmpp2m } from './samplers/dpmpp2m.ts'
import { euler } from './samplers/euler.ts'
import { eulerAncestral } from './samplers/eulerAncestral.ts'
import { heun } from './samplers/heun.ts'
import type { Sampler } from './samplers/sampler.ts'
import { type Schedule, schedules } from '../../schedules.ts'

/** The first is the default. */
export const samplers: readonly Sampler[] = [dpmpp2m, euler, eulerAncestral, heun, ddim]

/** The scheduler that leaves the choice to the sampler. */
export const AUTOMATIC = 'Automatic'

/** What a recipe's names stand for; undefined for a name that does not exist. */
export function findMethod(
  samplerId: string,
  schedulerId: string,
): { sampler: Sampler; schedule: Schedule } | undefined {
  const sampler = samplers.find(({ id }) => id === samplerId)
  if (sampler === undefined) return undefined
  const id = sampler.fixed === true || schedulerId === AUTOMATIC ? sampler.automatic : schedulerId
  const schedule: Schedule | undefined = Object.values(schedules).find((one) => one.id === id)
  return schedule && { sampler, schedule }
}

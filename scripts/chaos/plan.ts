/** What one run does and when, made from the seed alone before anything starts. Times are ms from the beginning. */
import { asks } from './asks.ts'
import { disturbances } from './disturbances.ts'
import { createRandom } from './random.ts'
import { people, type Plan } from './steps.ts'

/** @param lasts ms in which things are started; after that all is healed and the run waits until everything has arrived */
export function makePlan(seed: number, lasts: number): Plan {
  const random = createRandom(seed)
  const wantsNoDms = random.pick(people)
  const steps = [...asks(random, lasts), ...disturbances(random, lasts)]
  return { seed, lasts, wantsNoDms, steps: steps.toSorted((a, b) => a.at - b.at) }
}

/** What was seen of a run, in words short enough to stand in a picture; sentences and alt texts say the same. */
import type { SeenRun } from '../../domain.ts'
import type { RecordFacts } from './recordFacts.ts'

/** "12 of 20 steps were seen", and how many of them were kept if not all. */
export function seenWords({ steps, watched, shown }: RecordFacts): string {
  const kept = shown.filter((step) => step > 0).length
  return `${howMany(watched, steps)}${kept < watched ? `, ${kept} of them kept` : ''}`
}

function howMany(watched: number, steps: number): string {
  if (watched === 0) return 'only the noise before the first step was seen'
  if (steps === 1) return 'its only step was seen'
  if (watched === steps) return `all ${steps} steps were seen`
  return `${watched} of ${steps} steps ${watched === 1 ? 'was' : 'were'} seen`
}

export function kindTitle(kind: SeenRun['kind']): string {
  return kind === 'guess'
    ? 'The model’s guess of the finished picture, as it was shown meanwhile'
    : 'The noisy state after each of these steps, scaled to stay in range'
}

/** For the legend; empty where nothing can be told. */
export function settledWords({ settled, steps }: RecordFacts): string {
  if (!settled || steps === 1 || settled.how === 'untold') return ''
  if (settled.how === 'between') {
    return settled.after === 0
      ? `layout settled by step ${settled.by}`
      : `layout settled between steps ${settled.after} and ${settled.by}`
  }
  if (settled.how === 'from') return `layout settled from step ${settled.step}`
  const place = settled.step === 0 ? 'before step 1' : `at step ${settled.step}`
  return settled.how === 'already'
    ? `layout already settled ${place}, the first one seen`
    : `layout not settled yet ${place}, the last one seen`
}

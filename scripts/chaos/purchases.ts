/**
 * Nothing is bought twice: one picture of a job is one prediction at Replicate, also when the answer to the order was lost, because the
 * bot looks for it there before it orders again. What failed or was given up may be ordered anew.
 */
import type { Purchase } from './log.ts'

const WORTHLESS = ['failed', 'canceled', 'aborted']

export function judgePurchases(purchases: readonly Purchase[], broken: string[]): void {
  const counts = new Map<string, number>()
  for (const { prompt, seed, status } of purchases) {
    if (WORTHLESS.includes(status)) continue
    const what = `“${prompt}”, seed ${String(seed)}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
  }
  for (const [what, count] of counts) {
    if (count > 1) broken.push(`bought ${count} times at Replicate: ${what}`)
  }
}

/** What was seen of Replicate since the start: refusals of the key, failures, and how long pictures took. */
import { BackendError } from '../../../errors.ts'
import { Fault, type Prediction } from './api.ts'
import { backendErrorOf } from './errors.ts'

const KEPT = 20
/** Jobs pause for so long after a refusal; then the next one may try, and is told in words if nothing has changed. */
const REFUSED_MS = 5000

export type Health = ReturnType<typeof createHealth>

export function createHealth() {
  let refusedAt = -Infinity
  let last: { at: number; detail: string } | undefined
  const times = new Map<string, { drawn: number; total: number }[]>()

  return {
    /** The key was refused within the last moments. */
    isRefused: () => Date.now() - refusedAt < REFUSED_MS,
    last: () => last,
    accepted(): void {
      refusedAt = -Infinity
    },
    failed(error: unknown): void {
      if (!(error instanceof BackendError || error instanceof Fault)) return
      const { message } = backendErrorOf(error)
      last = { at: Date.now(), detail: message }
      if (error instanceof Fault ? error.status === 401 || error.status === 403 : /API key/.test(message))
        refusedAt = Date.now()
    },
    measured(model: string, { metrics }: Prediction): void {
      const drawn = metrics?.predict_time
      if (drawn === undefined) return
      const list = [...(times.get(model) ?? []), { drawn, total: metrics?.total_time ?? drawn }]
      times.set(model, list.slice(-KEPT))
    },
    /** ", with 3.2 s for a picture (12.1 s with waiting) over the last 5"; empty when nothing was drawn yet. */
    wordsOn(model: string): string {
      const list = times.get(model) ?? []
      if (list.length === 0) return ''
      const middle = (values: number[]) =>
        (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(1)
      return `; a picture took ${middle(list.map(({ drawn }) => drawn))} s, with waiting ${middle(list.map(({ total }) => total))} s (middle of the last ${list.length})`
    },
  }
}

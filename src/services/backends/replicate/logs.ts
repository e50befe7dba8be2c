/**
 * Reads how far a model is from its log. The package's own parser misses a bar with words before it, and knows only the
 * last one (replicate contract, sections 2 and 5). Pure.
 */

export type LogState = {
  /** Progress bars that were begun, and of those the ones that have reached their end. */
  bars: number
  finished: number
  /** Of the newest bar, 0 to 1. */
  fraction: number
  /** What the model says that it drew with. */
  seed: number | undefined
}

const bar = /^(.*?)(\d{1,3})%\|[^|]*\|\s*(\d+)\/(\d+)/
const startOfPart = /\bExecuting node .*\bclass type: KSampler/
/** Bars that count files or weights, not denoising steps. */
const otherWork = /load|fetch|download|extract|pipeline components/i

export function readLogs(logs: string | null | undefined): LogState {
  const state: LogState = { bars: 0, finished: 0, fraction: 0, seed: undefined }
  let last = { step: Infinity, total: 0 }
  // tqdm rewrites its line with \r; whether a log keeps that or makes lines of it differs between models.
  for (const line of (logs ?? '').split(/[\r\n]+/)) {
    const seed = /\bUsing seed:\s*(\d{1,10})\b/i.exec(line)?.[1]
    if (seed !== undefined) state.seed = Number(seed)
    // ComfyUI begins a part; of a short one perhaps only the end of its bar is seen.
    if (startOfPart.test(line)) last = { step: Infinity, total: 0 }
    const [, before = '', , done, of] = bar.exec(line) ?? []
    if (done === undefined || of === undefined || otherWork.test(before)) continue
    const step = Number(done)
    const total = Number(of)
    if (total === 0) continue
    if (step < last.step || total !== last.total) {
      state.bars += 1
    } else if (last.step >= total) {
      // The end of a bar is often written twice.
      continue
    }
    last = { step, total }
    state.fraction = Math.min(1, step / total)
    if (step >= total) state.finished += 1
  }
  return state
}

/**
 * From logs to "step of steps". The total in the log is that of effective steps (img2img does fewer, a refiner adds a
 * bar), so only fractions are taken from it (replicate contract, section 5).
 */
export function stepFrom(
  { bars, finished, fraction }: LogState,
  steps: number,
  expectedBars: number,
): number {
  const open = finished < bars ? fraction : 0
  return Math.min(steps, Math.floor((steps * (finished + open)) / Math.max(1, expectedBars, bars)))
}

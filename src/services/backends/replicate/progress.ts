/** From what a prediction says of itself to what a person is told. */
import type { GenerateContext } from '../../../domain.ts'
import type { Prediction } from './api.ts'
import { readLogs, stepFrom } from './logs.ts'

export const COLD_START = 'The model is being woken up (cold start), usually 1 to 3 minutes.'

type Place = {
  pictureIndex: number
  pictureCount: number
  steps: number
  /** A refiner draws a second bar, and each part of a workflow its own. */
  bars: number
  /** A model that is `starting` for longer than this is being woken up. */
  coldAfterMs: number
}

/** Steps only ever rise; nothing is told after an abort. */
export function createReporter(context: Pick<GenerateContext, 'onProgress' | 'signal'>, place: Place) {
  const { pictureIndex, pictureCount, steps, bars, coldAfterMs } = place
  const begun = Date.now()
  let step = 0
  let said: string | undefined

  function tell(note?: string): void {
    said = note
    if (context.signal.aborted) return
    const progress = { pictureIndex, pictureCount, step, steps, preview: undefined }
    context.onProgress(note === undefined ? progress : { ...progress, note })
  }

  function note(sentence: string): void {
    if (said !== sentence) tell(sentence)
  }

  return {
    note,
    see({ status, logs }: Prediction): void {
      const now = stepFrom(readLogs(logs), steps, bars)
      if (now > step) {
        step = now
        tell()
      } else if (status === 'starting' && Date.now() - begun > coldAfterMs) {
        note(COLD_START)
      }
    },
    finish(): void {
      if (step >= steps) return
      step = steps
      tell()
    },
  }
}

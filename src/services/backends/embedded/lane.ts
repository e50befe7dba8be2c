/** The drawing thread seen from the bot's thread. */
import type { RunStep } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { startThread } from '../../thread.ts'
import type { Drawing, Failure, WorkerSettings } from './protocol.ts'

export type Lane = {
  /** Draws one picture (RGB planes) after those asked for before. Rejects with BackendError or, when aborted, at once with the signal's reason. */
  draw(
    drawing: Drawing,
    context: { signal: AbortSignal; onStep: (step: RunStep) => void },
  ): Promise<Float32Array>
  close(): Promise<void>
}

/** Started now, so that the first picture does not wait for it. */
export function createLane(settings: WorkerSettings): Lane {
  const thread = startThread<Drawing, Float32Array, Failure, RunStep>({
    file: new URL('./worker.ts', import.meta.url),
    workerData: settings,
    isEager: true,
    toError: ({ kind, detail }) => new BackendError('embedded', kind, detail),
    toGone: (how, cause) =>
      new BackendError('embedded', 'unavailable', `the drawing thread ${how}`, { cause }),
  })
  return {
    draw: (drawing, { signal, onStep }) => thread.run(drawing, { signal, onNote: onStep }),
    close: () => thread.close(),
  }
}

/** Follows a prediction to its end. The package's `wait` knows three of the four ends and has no limit (replicate contract, section 2). */
import { setTimeout as sleep } from 'node:timers/promises'
import { BackendError } from '../../../errors.ts'
import { Fault, type Api, type Prediction } from './api.ts'
import { backendErrorOf } from './errors.ts'

export type Polling = {
  firstMs: number
  maxMs: number
  /** For so long the network may be away while a prediction goes on. */
  patienceMs: number
  /** After so long without an end, whatever Replicate's own deadline did. */
  deadlineMs: number
}

const GROWTH = 1.3

export function hasEnded({ status }: Prediction): boolean {
  return status !== 'starting' && status !== 'processing'
}

/** @throws BackendError; the signal's reason when aborted */
export async function watch(
  api: Api,
  first: Prediction,
  {
    polling,
    signal,
    onChange,
  }: { polling: Polling; signal: AbortSignal; onChange: (prediction: Prediction) => void },
): Promise<Prediction> {
  const begun = Date.now()
  let prediction = first
  let interval = polling.firstMs
  let lastAnswer = Date.now()
  onChange(prediction)
  while (!hasEnded(prediction)) {
    if (Date.now() - begun > polling.deadlineMs)
      throw new BackendError('replicate', 'timeout', `Prediction ${prediction.id} did not end in time.`)
    await sleep(interval, undefined, { signal })
    interval = Math.min(interval * GROWTH, polling.maxMs)
    try {
      prediction = await api.get(prediction.id, signal)
      lastAnswer = Date.now()
      onChange(prediction)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Fault)) throw error
      const isPassing = error.isAmbiguous || error.status === 429
      if (!isPassing || Date.now() - lastAnswer > polling.patienceMs) throw backendErrorOf(error)
      if (error.status === 429)
        await sleep(Math.min(error.retryAfterMs, polling.patienceMs / 2), undefined, { signal })
    }
  }
  return prediction
}

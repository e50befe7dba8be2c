/** One HTTP request for pictures, watched while it runs and stopped when it is no longer wanted. */
import { setTimeout as wait } from 'node:timers/promises'
import { BackendError } from '../../../errors.ts'
import { type Answer, type Call, Lost } from './http.ts'
import { createLook, type Place } from './place.ts'

export type Timing = {
  /** Between two looks at the progress. */
  pollMs: number
  /** For one look: the machine decodes the preview in it. */
  lookMs: number
  /** A machine that gave no sign of life for this long is given up. */
  silenceMs: number
  /** A person who sees no step for this long is told why. */
  patienceMs: number
}

export const usualTiming: Timing = { pollMs: 500, lookMs: 10_000, silenceMs: 60_000, patienceMs: 2000 }

export type Draft = {
  backend: string
  call: Call
  taskId: string
  hasTaskIds: boolean
  timing: Timing
  /** The bot ends: nobody waits for the machine any more. */
  cutting: AbortSignal
  path: string
  body: object
}

export type Running = {
  /** The answer; rejects at once when the signal aborts, with BackendError when the machine falls silent. */
  answer: Promise<Answer>
  /** Settles, never rejects, when the machine has let go of the job: only then may the next one be sent. */
  ended: Promise<void>
}

/** Sends the job. `onPlace` hears of it while the machine provably works on it. */
export function send(draft: Draft, signal: AbortSignal, onPlace: (place: Place) => void): Running {
  const { call, path, body, taskId, hasTaskIds, timing } = draft
  /** Cuts the connection; the machine goes on drawing, so only for one that is silent. */
  const cut = new AbortController()
  const post = call(path, { json: body, signal: AbortSignal.any([cut.signal, draft.cutting]) })
  const look = createLook(call, taskId, hasTaskIds, timing.lookMs)
  const over = new AbortController()
  const ended = post.then(
    () => over.abort(),
    () => over.abort(),
  )
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>()
  const noLongerWanted = stopped.catch(() => undefined)
  const pause = (ms: number) => wait(ms, undefined, { signal: over.signal }).catch(() => undefined)

  signal.addEventListener('abort', () => stop(signal.reason), { once: true, signal: over.signal })
  const isWanted = () => !signal.aborted
  watch().catch((error: unknown) => cut.abort(error))
  return { answer: Promise.race([post, stopped]), ended }

  async function watch(): Promise<void> {
    let previewId = -1
    let lastSign = Date.now()
    while (!over.signal.aborted) {
      try {
        const place = await look(previewId, isWanted())
        lastSign = Date.now()
        previewId = place.previewId
        if (over.signal.aborted) return
        if (isWanted()) onPlace(place)
        else await interrupt(place, call)
      } catch (error) {
        if (!(error instanceof Lost)) throw error
        // Refused while our request is open: the program has ended, and TCP will say so in a moment.
        if (Date.now() - lastSign > timing.silenceMs) {
          throw new BackendError(draft.backend, 'timeout', 'it has fallen silent in the middle of a picture')
        }
      }
      await (isWanted() ? Promise.race([pause(timing.pollMs), noLongerWanted]) : pause(timing.pollMs))
    }
  }
}

/**
 * `interrupt` stops whoever is running (auto1111 contract, section 8), so it is sent only when that is provably our job.
 * One that still waits for its turn cannot be taken back: the loop above looks until it is its turn, and stops it then.
 */
async function interrupt(place: Place, call: Call): Promise<void> {
  if (place.state !== 'ours') return
  await call('/sdapi/v1/interrupt', { method: 'POST', timeoutMs: 5000 })
}

/**
 * The bot died in the middle of a job: nobody will fetch its pictures, and they cannot be fetched any more.
 * @param taskId what `remember` was given then
 */
export async function stopLeftOver(call: Call, taskId: string, hasTaskIds: boolean): Promise<void> {
  try {
    await interrupt(await createLook(call, taskId, hasTaskIds, 5000)(-1, false), call)
  } catch (error) {
    // The job itself will say so in better words.
    if (!(error instanceof Lost)) throw error
  }
}

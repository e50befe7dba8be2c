/**
 * One door for everything that is bought, shared by all lanes: a class that presses a button together is the normal case,
 * and Replicate allows as little as six purchases a minute (replicate contract, section 3).
 */
import { setTimeout as sleep } from 'node:timers/promises'

export type Gate = {
  /** Waits for a turn and while the door is shut; first come, first served. The caller must call `leave`. */
  enter(signal: AbortSignal): Promise<{ leave(): void }>
  /** "Slow down": nobody enters for so long, and then one at a time for a while. */
  shut(ms: number): void
}

const CAREFUL_MS = 60_000

/** @param width how many may be inside at a time while nobody asks to slow down */
export function createGate({ width, jitterMs }: { width: number; jitterMs: number }): Gate {
  let inside = 0
  let shutUntil = -Infinity
  const line: (() => void)[] = []

  function admit(): void {
    while (line.length > 0 && inside < (Date.now() < shutUntil + CAREFUL_MS ? 1 : width)) {
      inside += 1
      line.shift()?.()
    }
  }

  function leave(): void {
    inside -= 1
    admit()
  }

  return {
    async enter(signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      line.push(resolve)
      admit()
      await promise
      try {
        for (let rest = shutUntil - Date.now(); rest > 0; rest = shutUntil - Date.now()) {
          // Jitter: other programs of the same account wait for the same moment.
          await sleep(rest + Math.random() * jitterMs, undefined, { signal })
        }
        signal.throwIfAborted()
      } catch (error) {
        leave()
        throw error
      }
      return { leave }
    },
    shut(ms) {
      shutUntil = Math.max(shutUntil, Date.now() + ms)
    },
  }
}

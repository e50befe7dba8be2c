/** Wakes those who follow a job. Each wait is used once, so nothing is left behind when a follower stops reading. */

type Wake = {
  promise: Promise<void>
  /** Takes the wait back. */
  forget(): void
}

export type Watchers = {
  /** A promise for the next change of a job, or for the abort of the signal. */
  next(id: string, signal: AbortSignal): Wake
  wake(id: string): void
  wakeAll(): void
  /** How many wait; 0 when nobody follows. */
  count(): number
}

/** The waits of one process, in memory. */
export function createWatchers(): Watchers {
  const waits = new Map<string, Set<() => void>>()

  function next(id: string, signal: AbortSignal): Wake {
    const { promise, resolve } = Promise.withResolvers<void>()
    const ofJob = waits.get(id) ?? new Set()
    const forget = () => {
      ofJob.delete(done)
      if (ofJob.size === 0 && waits.get(id) === ofJob) waits.delete(id)
      signal.removeEventListener('abort', done)
    }
    const done = () => {
      forget()
      resolve()
    }
    ofJob.add(done)
    waits.set(id, ofJob)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
    return { promise, forget }
  }

  function wake(id: string): void {
    for (const done of waits.get(id) ?? []) done()
  }

  return {
    next,
    wake,
    wakeAll() {
      for (const id of waits.keys()) wake(id)
    },
    count: () => [...waits.values()].reduce((sum, ofJob) => sum + ofJob.size, 0),
  }
}

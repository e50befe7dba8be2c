/** Work that several people may wait for: made once, and given up only when nobody waits for it any more. */

type Work<T> = { result: Promise<T>; controller: AbortController; waiting: number }

export type SharedWork<T> = {
  /** Joins the work of this key or begins it. Rejects with the signal's reason when this caller gives up. */
  join(key: string, begin: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Gives all of it up and waits until it has stopped. */
  close(): Promise<void>
}

export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Work<T>>()

  function start(key: string, begin: (signal: AbortSignal) => Promise<T>): Work<T> {
    const controller = new AbortController()
    const work: Work<T> = { controller, waiting: 0, result: begin(controller.signal) }
    running.set(key, work)
    const forget = () => {
      if (running.get(key) === work) running.delete(key)
    }
    work.result.then(forget, forget)
    return work
  }

  return {
    async join(key, begin, signal) {
      signal.throwIfAborted()
      const work = running.get(key) ?? start(key, begin)
      work.waiting++
      const { promise: givenUp, reject } = Promise.withResolvers<never>()
      const giveUp = () => reject(signal.reason)
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await Promise.race([work.result, givenUp])
      } finally {
        signal.removeEventListener('abort', giveUp)
        work.waiting--
        if (work.waiting === 0) {
          // The next caller begins anew instead of joining work that is being given up.
          if (running.get(key) === work) running.delete(key)
          work.controller.abort(signal.reason)
        }
      }
    },
    async close() {
      const all = [...running.values()]
      for (const { controller } of all) controller.abort(new Error('closing'))
      await Promise.allSettled(all.map(({ result }) => result))
    },
  }
}

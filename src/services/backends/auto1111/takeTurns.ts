/** One job at a time: a machine draws one, and who cannot be cancelled must not wait there (auto1111 contract, section 7). */

export type OnSent = (ended: Promise<void>, isLast?: boolean) => void

export type Turns = {
  /**
   * Waits for the machine and works on it. `onSent` is given what settles when the machine has let go of a request; of the last one
   * the next in line does not wait for what else `work` does. Rejects with the signal's reason while it waits.
   */
  take<T>(signal: AbortSignal, work: (onSent: OnSent) => Promise<T>): Promise<T>
  /** How many are in work or wait. */
  inFlight(): number
  /** Settles when all that was begun has ended on the machine. */
  free(): Promise<void>
}

export function takeTurns(): Turns {
  let inFlight = 0
  let free: Promise<void> = Promise.resolve()

  async function passOn(ended: Promise<void>, leave: () => void): Promise<void> {
    await ended
    inFlight--
    leave()
  }

  return {
    async take(signal, work) {
      const turn = free
      const { promise, resolve: leave } = Promise.withResolvers<void>()
      free = promise
      inFlight++
      let ended: Promise<void> = turn
      let isPassedOn = false
      const pass = () => {
        if (!isPassedOn) void passOn(ended, leave)
        isPassedOn = true
      }
      try {
        await unlessAborted(turn, signal)
        return await work((running, isLast) => {
          ended = running
          if (isLast) pass()
        })
      } finally {
        pass()
      }
    },
    inFlight: () => inFlight,
    free: () => free,
  }
}

function unlessAborted(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  void turn.then(resolve)
  return promise.finally(() => signal.removeEventListener('abort', onAbort))
}

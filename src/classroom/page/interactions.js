/** What became of a command, press or form: the classroom's answer may come before or after the request's own response. */

/** Discord gives an app 3 s; the classroom says `failed` then. This is only for a classroom that says nothing. */
const SILENCE_MS = 6000
const REMEMBERED = 200

export const NO_ANSWER = 'The application did not respond.'

/**
 * @typedef {{id: string, state: 'acknowledged' | 'deferred' | 'failed' | 'modal', modal?: any, responseMessage?: any}} Outcome
 */
export function createInteractions() {
  /** @type {Map<string, Outcome>} */
  const seen = new Map()
  /** @type {Map<string, (outcome: Outcome) => void>} */
  const waiting = new Map()

  return {
    /** A live event of type interaction. */
    handle(event) {
      const resolve = waiting.get(event.id)
      if (resolve) return resolve(event)
      if (!seen.has(event.id)) seen.set(event.id, event)
      if (seen.size > REMEMBERED) seen.delete(seen.keys().next().value)
    },
    /**
     * Sends and waits for the first outcome.
     * @param {Promise<{interaction: string}>} sending
     * @returns {Promise<Outcome>} throws an Error to show when sending failed or no answer came
     */
    async run(sending) {
      const { interaction: id } = await sending
      const outcome = seen.get(id) ?? (await first(id, waiting))
      waiting.delete(id)
      if (outcome.state === 'failed') throw new Error(NO_ANSWER)
      return outcome
    },
  }
}

function first(id, waiting) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(id)
      reject(new Error(NO_ANSWER))
    }, SILENCE_MS)
    waiting.set(id, (outcome) => {
      clearTimeout(timer)
      resolve(outcome)
    })
  })
}

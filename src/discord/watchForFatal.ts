/**
 * Notices what the bot cannot recover from: @discordjs/rest forgets the token after any 401, so that every later
 * call would fail, and discord.js does not come back after some close codes of the gateway.
 */
import { RESTEvents, type Client } from 'discord.js'
import { FatalError, fatalCloseCode, type ExitReason } from './exitCodes.ts'

export type FatalWatch = {
  /** Rejects with a FatalError when it happens. */
  happened: Promise<never>
  /** Who is told when it happens later, once. */
  onLater(tell: ((error: FatalError) => void) | undefined): void
}

export function watchForFatal(client: Client): FatalWatch {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  let tell: ((error: FatalError) => void) | undefined
  let first: FatalError | undefined

  function happens(reason: ExitReason): void {
    if (first) return
    first = new FatalError(reason)
    reject(first)
    tell?.(first)
  }

  client.rest.on(RESTEvents.Response, (request, response) => {
    // An interaction's own token may be refused with 401 too; those calls carry no bot token.
    if (response.status === 401 && request.data.auth !== false) {
      happens(client.isReady() ? 'revoked-token' : 'wrong-token')
    }
  })
  client.on('shardDisconnect', ({ code }) => {
    const reason = fatalCloseCode(code)
    if (reason) happens(reason === 'revoked-token' && !client.isReady() ? 'wrong-token' : reason)
  })
  // Without a listener an error would end the process; events/error.ts writes the log.
  client.on('error', () => undefined)
  return {
    happened: promise,
    onLater(next) {
      tell = next
      if (first) tell?.(first)
    },
  }
}

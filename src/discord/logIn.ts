/** From a token to a ready client, or to the reason why not. */
import type { Client } from 'discord.js'
import { discordFailure } from './discordErrors.ts'
import { FatalError, fatalReason } from './exitCodes.ts'
import type { FatalWatch } from './watchForFatal.ts'

/** When the gateway accepts no connection for so long, it counts as unreachable. */
const PATIENCE_MS = 60_000

/**
 * @param onReady runs in the same turn in which the client becomes ready, before any interaction is handled
 * @throws FatalError
 */
export async function logIn<T>(
  client: Client,
  token: string,
  fatal: FatalWatch,
  onReady: (client: Client<true>) => T,
): Promise<T> {
  const ready = Promise.withResolvers<T>()
  client.once('clientReady', (ready_) => {
    try {
      ready.resolve(onReady(ready_))
    } catch (error) {
      ready.reject(error)
    }
  })
  const timer = setTimeout(() => ready.reject(new FatalError('unreachable')), PATIENCE_MS)
  try {
    return await Promise.race([ready.promise, fatal.happened, failure(client, token)])
  } catch (error) {
    await client.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Never resolves; rejects with the reason when logging in fails. */
async function failure(client: Client, token: string): Promise<never> {
  try {
    await client.login(token)
  } catch (error) {
    const reason = fatalReason(error) ?? (discordFailure(error) === 'unreachable' ? 'unreachable' : undefined)
    throw reason ? new FatalError(reason, error) : error
  }
  return new Promise<never>(() => {})
}

/** Keeps what is known of one machine fresh: which program, what it has, whether it can draw. Never throws because it is down. */
import type { Log } from '../../../log.ts'
import { readCatalogue, type Catalogue } from './catalogue.ts'
import { type Call, Lost } from './http.ts'
import { probe, type Probe, type Program } from './probe.ts'

export type Known = { program: Program; hasTaskIds: boolean; catalogue: Catalogue }

export type Connection = {
  /** The newest that is known, also while it is down; undefined before it was reached for the first time. */
  known(): Known | undefined
  isUp(): boolean
  /** A job saw that it is gone: look again soon. */
  lost(): void
  /** Resolves after the first look, or after `limitMs`. */
  firstLook(limitMs: number): Promise<void>
  close(): void
}

export type Pauses = { refreshMs: number; firstRetryMs: number; longestRetryMs: number }

export const usualPauses: Pauses = { refreshMs: 60_000, firstRetryMs: 1000, longestRetryMs: 60_000 }

export function connect(call: Call, isBusy: () => boolean, log: Log, pauses: Pauses): Connection {
  let known: Known | undefined
  let isUp = false
  let isClosed = false
  let retryMs = pauses.firstRetryMs
  let timer: NodeJS.Timeout | undefined
  let said: string | undefined
  const closing = new AbortController()
  const first = look()

  async function look(): Promise<void> {
    const result = await tryLook()
    if (isClosed) return
    const wasUp = isUp
    isUp = result === undefined
    if (isUp && !wasUp) log.info({ program: known?.program }, 'the machine can draw')
    // Said once, not at every try.
    if (result !== undefined && result !== said) log.warn({ reason: result }, 'the machine cannot draw')
    said = result
    if (isUp) retryMs = pauses.firstRetryMs
    schedule(isUp ? pauses.refreshMs : retryMs)
    if (!isUp) retryMs = Math.min(retryMs * 2, pauses.longestRetryMs)
  }

  /** Gives the reason when it cannot draw. */
  async function tryLook(): Promise<string | undefined> {
    // Forty waiting requests starve every other answer (section 7), and a refresh can wait for the picture.
    if (isUp && isBusy()) return undefined
    try {
      const found: Probe = await probe(call, closing.signal)
      if (!found.ok) return found.detail
      const catalogue = await readCatalogue(call, found.program)
      if (catalogue === undefined) return 'It does not tell its models.'
      known = { program: found.program, hasTaskIds: found.hasTaskIds, catalogue }
      return catalogue.checkpoints.length === 0 ? 'It has no model.' : undefined
    } catch (error) {
      if (error instanceof Lost) return `It does not answer: ${error.message}.`
      if (!isClosed) log.error({ err: error }, 'looking at the machine broke')
      return 'Looking at it broke.'
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (isClosed) return
    timer = setTimeout(() => void look(), ms)
    timer.unref()
  }

  return {
    known: () => known,
    isUp: () => isUp,
    lost() {
      if (!isUp) return
      isUp = false
      retryMs = pauses.firstRetryMs
      log.warn('the machine was lost in the middle of a picture')
      schedule(retryMs)
    },
    async firstLook(limitMs) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const limit = setTimeout(resolve, limitMs)
      await Promise.race([first, promise])
      clearTimeout(limit)
    },
    close() {
      isClosed = true
      isUp = false
      clearTimeout(timer)
      closing.abort()
    },
  }
}

/** What was sent has to be written down, also when the disk is full just then. */
import { setTimeout as pause } from 'node:timers/promises'
import type { DeliveryTools } from './deliver.ts'

const LONGEST_PAUSE_MS = 30_000

/**
 * Repeats a write while the database refuses it. The message is out already, so that giving up would tell its author that it is
 * not; any other failure is thrown at once.
 */
export async function noted(
  write: () => void,
  { signal, log }: Pick<DeliveryTools, 'signal' | 'log'>,
): Promise<void> {
  for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    try {
      return write()
    } catch (error) {
      const isDisk = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
      if (signal.aborted || !isDisk) throw error
      log.error({ err: error, wait }, 'the disk takes nothing (is it full?); it is tried again')
      await pause(wait, undefined, { signal })
    }
  }
}

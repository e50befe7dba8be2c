/** When the disk is full: how that is recognised, said, and waited for. */
import { setTimeout as pause } from 'node:timers/promises'

/** What everyone reads while nothing can be written. */
export const diskFullSentence =
  'The disk of the bot is full, so nothing new can be kept; please tell your instructor, who can make room on it.'

/** Codes of files: no room on the disk, over the quota of the account, over the largest size of a file. */
const FULL_FILE: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG']
/** SQLITE_FULL; SQLITE_IOERR_WRITE, which is what a quota or a size limit becomes in SQLite. */
const FULL_DATABASE: readonly unknown[] = [13, 778]

/** True when something could not be written for want of room, wherever in the chain of causes that stands. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, errcode, cause } = error as { code?: unknown; errcode?: unknown; cause?: unknown }
  return FULL_FILE.includes(code) || FULL_DATABASE.includes(errcode) || isDiskFull(cause)
}

export type Patience = {
  pauseMs: number
  /** Then the error is thrown. */
  attempts?: number
  /** Ends the waiting; its reason is thrown. */
  signal: AbortSignal
  /** Called each time when there was no room. */
  onFull: (error: unknown) => void
}

/** Repeats what writes until there is room. Any other error is thrown at once. */
export async function untilRoom<T>(write: () => T | Promise<T>, patience: Patience): Promise<T> {
  const { pauseMs, attempts = Infinity, signal, onFull } = patience
  for (let attempt = 1; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (!isDiskFull(error) || attempt >= attempts) throw error
      onFull(error)
      await pause(pauseMs, undefined, { signal })
    }
  }
}

/** One bot in one data folder. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../errors.ts'

/**
 * Takes the data folder for this process, so that two bots never draw the same jobs. The lock is SQLite's own file
 * lock: the operating system gives it back when the process dies, however it dies.
 * @returns gives the folder free
 * @throws ConfigError when another process has it
 */
export function lockFolder(dataDir: string): () => void {
  const lock = new DatabaseSync(path.join(dataDir, 'lock.db'))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) {
      throw new ConfigError(
        `Darkroom cannot write to the folder ${dataDir}; see that the disk is not full and that the folder is yours.`,
        { cause: error },
      )
    }
    throw new ConfigError(
      `Another Darkroom is already using the folder ${dataDir}; stop it, or give this one its own DATA_DIR.`,
      { cause: error },
    )
  }
  return () => lock.close()
}

/** SQLite's own number for a lock that somebody else holds. */
const SQLITE_BUSY = 5
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY

/** The bot's SQLite file: jobs, turns, pictures and their full-text index. */
import { DatabaseSync } from 'node:sqlite'
import { isDiskFull } from '../diskRoom.ts'
import { ConfigError } from '../errors.ts'
import { copyBeforeUpdate } from './databaseCopies.ts'
import { migrations } from './migrations.ts'

/**
 * Opens (or makes) the database and brings its schema up to date. WAL with synchronous=NORMAL: what was committed
 * survives the death of the process; a power cut may take the last moments but never damages the file. A file of an older
 * version is copied first (see databaseCopies.ts), and is changed as a whole or not at all.
 * @throws ConfigError when a newer version of the program has written the file, or it could not be brought up to date
 */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > migrations.length) {
    database.close()
    throw new ConfigError(`The data in ${file} was written by a newer version of Darkroom; please update.`)
  }
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000')
    if (version < migrations.length) migrate(database, file, version)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** All steps in one transaction: a file between two versions could be read by neither of them. */
function migrate(database: DatabaseSync, file: string, version: number): void {
  const copy = version > 0 ? copyBeforeUpdate(database, file, migrations.length) : undefined
  try {
    inTransaction(database, () => {
      for (const sql of migrations.slice(version)) database.exec(sql)
      database.exec(`PRAGMA user_version = ${migrations.length}`)
    })
  } catch (error) {
    if (isDiskFull(error) || copy === undefined) throw error
    throw new ConfigError(
      `The data in ${file} could not be brought up to date and was left as it is (a copy of it is ${copy}). ` +
        `Go back to the version of Darkroom that you had, and please report this: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

/**
 * Runs `work` as one transaction; nothing of it stays when it throws. Every write with RETURNING needs one: `get()` answers with the
 * row before it is committed, and node:sqlite says nothing when the commit fails, for instance on a full disk.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has taken some back itself, of those that found the disk full for instance.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Copies single parts of a data folder. */
import { constants } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { UNFINISHED } from '../../src/services/writeDurably.ts'

/** All pages in one step. In several, every write of the bot would make SQLite begin again. */
const ALL_PAGES = 2 ** 31 - 1

/** SQLite's own online backup: what is committed at one moment, also while another process writes. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true })
  const database = new DatabaseSync(from, { readOnly: true })
  try {
    database.exec('PRAGMA busy_timeout = 5000')
    await backup(database, to, { rate: ALL_PAGES })
  } finally {
    database.close()
  }
}

/**
 * What is not copied: explanations (drawn again when asked for), half-written files and folders, copies from before an update, the lock,
 * and databases with what belongs to them, which go their own way.
 */
function isLeftOut(name: string): boolean {
  return (
    name === 'explanations' ||
    name.startsWith('.') ||
    name.endsWith(UNFINISHED) ||
    /\.db(-wal|-shm|-journal)?$/.test(name) ||
    /\.db\.before-\d+$/.test(name)
  )
}

/** Everything else, whatever a later version keeps there. What goes away meanwhile is left out. */
export async function copyFiles(from: string, to: string): Promise<void> {
  for (const entry of await unlessGone(readdir(from, { withFileTypes: true }), [])) {
    if (isLeftOut(entry.name)) continue
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) {
      await mkdir(copy, { recursive: true })
      await copyFiles(source, copy)
    } else if (entry.isFile()) {
      await unlessGone(copyFile(source, copy, constants.COPYFILE_FICLONE), undefined)
    }
  }
}

async function unlessGone<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}

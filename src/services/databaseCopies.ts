/** Copies of the database that are made before a new version of Darkroom changes its schema. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isDiskFull } from '../diskRoom.ts'
import { ConfigError } from '../errors.ts'

const KEPT_COPIES = 2

/**
 * Copies a database to `<file>.before-<version>`; of the copies that are there the last two stay.
 * @param version the one that the file is brought to
 * @returns the path of the copy, which is there whole or not at all
 * @throws ConfigError when there is no room for it
 */
export function copyBeforeUpdate(database: DatabaseSync, file: string, version: number): string {
  const copy = `${file}.before-${version}`
  const draft = `${copy}.part`
  rmSync(draft, { force: true })
  try {
    database.prepare('VACUUM INTO ?').run(draft)
    flush(draft)
  } catch (error) {
    rmSync(draft, { force: true })
    if (!isDiskFull(error)) throw error
    throw new ConfigError(
      `The disk is full: before an update ${file} is copied, and there is no room for that. Make room, then start again.`,
      { cause: error },
    )
  }
  renameSync(draft, copy)
  for (const old of copiesOf(file).slice(0, -KEPT_COPIES)) rmSync(old)
  return copy
}

/** Oldest first. */
function copiesOf(file: string): string[] {
  const folder = path.dirname(file)
  const beginning = `${path.basename(file)}.before-`
  return readdirSync(folder)
    .filter((name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)))
    .toSorted((a, b) => Number(a.slice(beginning.length)) - Number(b.slice(beginning.length)))
    .map((name) => path.join(folder, name))
}

/** SQLite does not do this for a file that it vacuums into. */
function flush(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

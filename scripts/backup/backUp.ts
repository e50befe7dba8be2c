/** A copy of a data folder that fits together, also while the bot writes into it. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '../../src/errors.ts'
import { copyDatabase, copyFiles } from './copy.ts'
import { checkCopy, type Checked } from './check.ts'

const ATTEMPTS = 3

/**
 * Copies `dataDir` to `target`, which is there whole or not at all. Files that the data itself lacks are named
 * in the answer: a backup of the rest is better than none.
 * @throws ConfigError when there is nothing to copy, the target has something in it, or a database is damaged
 */
export async function backUp(dataDir: string, target: string): Promise<Checked> {
  if (!existsSync(path.join(dataDir, 'darkroom.db')))
    throw new ConfigError(
      `In ${dataDir} there is no data of Darkroom; set DATA_DIR to the folder that the bot uses.`,
    )
  if (`${target}${path.sep}`.startsWith(`${dataDir}${path.sep}`))
    throw new ConfigError(
      `A backup inside the data itself (${dataDir}) would copy itself; name another folder.`,
    )
  if (existsSync(target) && (await readdir(target)).length > 0)
    throw new ConfigError(`In ${target} there is something already; name a new or an empty folder.`)

  const draft = `${target}.part`
  try {
    for (let attempt = 1; ; attempt++) {
      await copyAll(dataDir, draft)
      const checked = await checkCopy(draft)
      // Somebody deleted a picture just then: its row was copied, its file was not. So once more.
      if (checked.missing.length > 0 && attempt < ATTEMPTS) continue
      await rm(target, { recursive: true, force: true })
      await rename(draft, target)
      return checked
    }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function copyAll(dataDir: string, draft: string): Promise<void> {
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  // The databases first: the file of every row in them is there by then, and what comes later has no row yet.
  for (const file of await databasesIn(dataDir))
    await copyDatabase(path.join(dataDir, file), path.join(draft, file))
  await copyFiles(dataDir, draft)
}

/** Relative paths of all databases but the lock, which belongs to a running process. */
async function databasesIn(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir, { recursive: true })
  return names.filter((name) => name.endsWith('.db') && path.basename(name) !== 'lock.db')
}

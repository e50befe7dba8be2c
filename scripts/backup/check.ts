/** Whether a copied data folder is whole: databases in order, and every row has its file. */
import { open, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../src/errors.ts'

export type Counts = {
  jobs: number
  pictures: number
  inputs: number
  /** Runs of which something was watched. */
  seen: number
  files: number
  bytes: number
}

/** `missing`: files that rows need and that are not there, or are not whole. */
export type Checked = { counts: Counts; missing: string[] }

/** The last chunk of every PNG. */
const PNG_END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])

/**
 * Looks through a copy. Pictures without a row (drawn after the rows were copied) are removed from it, and so are the tokens with which
 * commands are answered: they work for 15 minutes only and are nobody else's business.
 * @throws ConfigError when SQLite finds a database damaged
 */
export async function checkCopy(folder: string): Promise<Checked> {
  const names = await readdir(folder, { recursive: true })
  for (const name of names) if (name.endsWith('.db')) checkDatabase(path.join(folder, name))
  const { jobs, pictures, named } = readRows(path.join(folder, 'darkroom.db'))

  const missing: string[] = []
  for (const id of pictures) {
    const name = path.join('pictures', `${id}.png`)
    if (!(await isWholePng(path.join(folder, name)))) missing.push(name)
  }
  for (const name of await namesIn(path.join(folder, 'pictures'))) {
    if (!pictures.has(path.basename(name, '.png'))) await rm(path.join(folder, 'pictures', name))
  }
  const inputs = await namesIn(path.join(folder, 'inputs'))
  for (const id of named) {
    const name = path.join('inputs', `${id}.png`)
    if (!(await isWholePng(path.join(folder, name)))) missing.push(name)
  }
  const seen = await namesIn(path.join(folder, 'seen'))
  const counts = { jobs, pictures: pictures.size, inputs: inputs.length, seen: seen.length }
  return { counts: { ...counts, ...(await sizeOf(folder)) }, missing }
}

function checkDatabase(file: string): void {
  const database = new DatabaseSync(file)
  try {
    const said = database.prepare('PRAGMA integrity_check').all()
    if (said.length !== 1 || said[0]?.['integrity_check'] !== 'ok')
      throw new ConfigError(`The database ${path.basename(file)} is damaged; go back to an older backup.`)
  } finally {
    database.close()
  }
}

/** `named`: the kept inputs without which a picture could not be explained or made again. */
function readRows(file: string): { jobs: number; pictures: Set<string>; named: Set<string> } {
  const database = new DatabaseSync(file)
  try {
    database.exec(
      `PRAGMA secure_delete = ON; UPDATE jobs SET interaction_token = '' WHERE interaction_token <> ''`,
    )
    const jobs = Number(database.prepare('SELECT count(*) AS n FROM jobs').get()?.['n'])
    const pictures = new Set<string>()
    const named = new Set<string>()
    for (const { id, recipe } of database.prepare('SELECT id, recipe FROM pictures').iterate()) {
      pictures.add(String(id))
      for (const [input] of String(recipe).matchAll(/\b[0-9a-f]{64}\b/g)) named.add(input)
    }
    return { jobs, pictures, named }
  } finally {
    database.close()
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

async function isWholePng(file: string): Promise<boolean> {
  try {
    await using handle = await open(file)
    const { size } = await handle.stat()
    const end = Buffer.alloc(PNG_END.length)
    await handle.read(end, 0, end.length, Math.max(0, size - end.length))
    return end.equals(PNG_END)
  } catch {
    return false
  }
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0]
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    files += 1
    bytes += (await stat(path.join(entry.parentPath, entry.name))).size
  }
  return { files, bytes }
}

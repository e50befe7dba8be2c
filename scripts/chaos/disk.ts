/** After the end every picture file has its row and every row its file; the same for the pictures that jobs began from. */
import { readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** One line for each file or row that is alone. */
export async function judgeDisk(dataDir: string): Promise<string[]> {
  const database = new DatabaseSync(path.join(dataDir, 'darkroom.db'), { readOnly: true })
  try {
    const ids = (sql: string) =>
      database
        .prepare(sql)
        .all()
        .flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
    const pictures = ids('SELECT id FROM pictures')
    const recipes = ids('SELECT recipe AS id FROM pictures')
    const inputs = recipes.flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? [])
    return [
      ...alone('pictures', await filesOf(dataDir, 'pictures'), pictures, pictures),
      ...alone('inputs', await filesOf(dataDir, 'inputs'), inputs, inputs),
      ...alone('seen', await filesOf(dataDir, 'seen'), pictures, []),
    ]
  } finally {
    database.close()
  }
}

const filesOf = async (dataDir: string, folder: string): Promise<string[]> =>
  (await readdir(path.join(dataDir, folder))).map((name) => name.replace(/\.png$/, ''))

/** @param known ids that a file may have. @param needed ids that need a file */
function alone(folder: string, files: string[], known: string[], needed: string[]): string[] {
  const [knownIds, fileIds] = [new Set(known), new Set(files)]
  return [
    ...files.filter((id) => !knownIds.has(id)).map((id) => `on disk: a file without a row: ${folder}/${id}`),
    ...needed
      .filter((id) => !fileIds.has(id))
      .map((id) => `on disk: a row without its file: ${folder}/${id}`),
  ]
}

const TWO_HOURS_S = 7200

/** What is younger than an hour may still be needed by somebody who is typing. */
export async function makeOld(folder: string): Promise<void> {
  const then = Date.now() / 1000 - TWO_HOURS_S
  for (const name of await readdir(folder)) await utimes(path.join(folder, name), then, then)
}

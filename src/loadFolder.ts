/** A folder as a registry: one file (or subfolder with index.ts) is one entry. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

export type Entry<T> = {
  /** The name of the file without `.ts`, or of the subfolder. */
  name: string
  value: T
}

/**
 * Imports every .ts file of a folder, and index.ts of its subfolders where there is one, in the order of their names.
 * @param isEntry tells whether a default export is what this folder is for
 * @param expected said in the error, e.g. "defineCommand({ … })"
 * @throws Error that names the file whose default export is not that
 */
export async function loadFolder<T>(
  folder: string,
  isEntry: (value: unknown) => value is T,
  expected: string,
): Promise<Entry<T>[]> {
  const found: Entry<T>[] = []
  for (const { name, file } of await entryFiles(folder)) {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    if (!isEntry(module.default)) {
      throw new Error(`${path.relative(process.cwd(), file)} must have "export default ${expected}"`)
    }
    found.push({ name, value: module.default })
  }
  return found
}

async function entryFiles(folder: string): Promise<{ name: string; file: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files: { name: string; file: string }[] = []
  for (const entry of entries) {
    const full = path.join(folder, entry.name)
    if (entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) {
      files.push({ name: entry.name.slice(0, -'.ts'.length), file: full })
    } else if (entry.isDirectory()) {
      const index = path.join(full, 'index.ts')
      const isThere = await stat(index).then(
        () => true,
        () => false,
      )
      if (isThere) files.push({ name: entry.name, file: index })
    }
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

import { open, rename, rm } from 'node:fs/promises'

/** Ending of a file that is not written whole yet. */
export const UNFINISHED = '.part'

let drafts = 0

/** The file is there whole or not at all, also after a power cut. Two who write the same file do not meet. */
export async function writeDurably(file: string, data: Uint8Array): Promise<void> {
  const unfinished = `${file}.${drafts++}${UNFINISHED}`
  try {
    const handle = await open(unfinished, 'w')
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  } catch (error) {
    // On a full disk half a file would take what little room there is.
    await rm(unfinished, { force: true })
    throw error
  }
}

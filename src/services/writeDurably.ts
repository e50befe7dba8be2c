import { open, rename } from 'node:fs/promises'

/** Ending of a file that is not written whole yet. */
const UNFINISHED = '.part'

let drafts = 0

/** The file is there whole or not at all, also after a power cut. Two who write the same file do not meet. */
export async function writeDurably(file: string, data: Uint8Array): Promise<void> {
  const unfinished = `${file}.${drafts++}${UNFINISHED}`
  const handle = await open(unfinished, 'w')
  try {
    await handle.writeFile(data)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(unfinished, file)
}

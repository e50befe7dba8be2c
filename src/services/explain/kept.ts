/** Explanations on disk: DATA_DIR/explanations/<picture id>/, whole or not there. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** One picture of an explanation. `alt` is at most 1000 characters. */
export type ExplainedImage = { name: string; data: Buffer; alt: string }

export type Explanation = {
  /** Short paragraphs; bold beginnings are the only markdown. */
  text: string[]
  /** As they are shown, one below the other. */
  images: ExplainedImage[]
  /** Only where the recipe was run again: true when that gave the very pixels of the stored picture. */
  matches?: boolean
}

/** Rises when explanations are made differently, so that kept ones are made anew. */
const VERSION = 2

const imageSchema = z.object({ name: z.string().regex(/^[\w-]+\.(png|gif)$/u), alt: z.string() })
const keptSchema = z.object({
  version: z.literal(VERSION),
  text: z.array(z.string()),
  images: z.array(imageSchema).min(1),
  matches: z.boolean().optional(),
})

export type KeptExplanations = {
  /** Undefined when there is none, or none that can be read. */
  read(pictureId: string): Promise<Explanation | undefined>
  write(pictureId: string, explanation: Explanation): Promise<void>
  remove(pictureId: string): Promise<void>
}

export function createKeptExplanations(dataDir: string): KeptExplanations {
  const root = path.join(dataDir, 'explanations')
  const folderOf = (pictureId: string) => {
    if (!/^[\w-]+$/u.test(pictureId)) throw new RangeError('a picture id has letters and digits only')
    return path.join(root, pictureId)
  }

  async function read(pictureId: string): Promise<Explanation | undefined> {
    const folder = folderOf(pictureId)
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(path.join(folder, 'explanation.json'), 'utf8')))
      const image = async ({ name, alt }: z.infer<typeof imageSchema>): Promise<ExplainedImage> => ({
        name,
        alt,
        data: await readFile(path.join(folder, name)),
      })
      const { text, matches } = kept
      const images = await Promise.all(kept.images.map(image))
      return { text, images, ...(matches === undefined ? {} : { matches }) }
    } catch {
      // Missing, of an older version or damaged: it can be made again, so nothing is lost.
      return undefined
    }
  }

  /** Written beside and then renamed, so that a crash leaves no half of it. */
  async function write(pictureId: string, explanation: Explanation): Promise<void> {
    const folder = folderOf(pictureId)
    const draft = path.join(root, `.${pictureId}-${randomBytes(4).toString('hex')}`)
    await mkdir(draft, { recursive: true })
    try {
      const { text, images, matches } = explanation
      await Promise.all(images.map(({ name, data }) => writeFile(path.join(draft, name), data)))
      const listed = images.map(({ name, alt }) => ({ name, alt }))
      const kept = { version: VERSION, text, images: listed, matches }
      await writeFile(path.join(draft, 'explanation.json'), JSON.stringify(kept))
      await rm(folder, { recursive: true, force: true })
      await rename(draft, folder)
    } catch (error) {
      await rm(draft, { recursive: true, force: true })
      throw error
    }
  }

  const remove = (pictureId: string) => rm(folderOf(pictureId), { recursive: true, force: true })

  return { read, write, remove }
}

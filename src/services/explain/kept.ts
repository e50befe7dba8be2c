/** Explanations on disk: DATA_DIR/explanations/<picture id>/, whole or not there. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { factsSchema, type Facts } from './facts.ts'

/** One picture of an explanation. `alt` is at most 1000 characters. */
export type ExplainedImage = { name: string; data: Buffer; alt: string }

export type Explanation = {
  /** Short paragraphs; bold beginnings are the only markdown. */
  text: string[]
  facts: Facts
  /** True when the recipe, run again, gave the very pixels of the stored picture. */
  matches: boolean
  filmstrip: ExplainedImage
  chart: ExplainedImage
  animation: ExplainedImage
}

/** Rises when explanations are made differently, so that kept ones are made anew. */
const VERSION = 1

const imageSchema = z.object({ name: z.string().regex(/^[\w-]+\.(png|gif)$/u), alt: z.string() })
const keptSchema = z.object({
  version: z.literal(VERSION),
  text: z.array(z.string()),
  facts: factsSchema,
  matches: z.boolean(),
  filmstrip: imageSchema,
  chart: imageSchema,
  animation: imageSchema,
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
      const [filmstrip, chart, animation] = await Promise.all(
        [kept.filmstrip, kept.chart, kept.animation].map(image),
      )
      if (!filmstrip || !chart || !animation) return undefined
      return { text: kept.text, facts: kept.facts, matches: kept.matches, filmstrip, chart, animation }
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
      const images = [explanation.filmstrip, explanation.chart, explanation.animation]
      await Promise.all(images.map(({ name, data }) => writeFile(path.join(draft, name), data)))
      const [filmstrip, chart, animation] = images.map(({ name, alt }) => ({ name, alt }))
      const { text, facts, matches } = explanation
      const kept = { version: VERSION, text, facts, matches, filmstrip, chart, animation }
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

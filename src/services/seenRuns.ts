/** What was seen of a run while it was drawn, beside its picture: DATA_DIR/seen/<picture id>/, whole or not there. */
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import type { SeenRun } from '../domain.ts'
import { chooseEvenly } from './evenly.ts'

/** As it was kept. `watched`: how many steps were seen (0, the noise, is none); `frames` are at most 12 of them. */
export type KeptRun = SeenRun & { watched: number }

export type SeenRuns = {
  /** At most 12 of the frames; nothing when there is none to keep. */
  write(id: string, seen: SeenRun): Promise<void>
  /** Undefined when there is none, or none that can be read. */
  read(id: string): Promise<KeptRun | undefined>
  remove(id: string): Promise<void>
}

const MOST_FRAMES = 12
const LARGEST_SIDE = 256
/** What the blur of the explanations needs. */
const SMALLEST_SIDE = 8

const keptSchema = z
  .object({
    kind: z.enum(['guess', 'noisy']),
    steps: z.int().positive(),
    watched: z.int().min(0),
    frames: z.array(z.int().min(0)).min(1).max(MOST_FRAMES),
  })
  .refine(({ steps, frames }) => frames.every((step, i) => step <= steps && step > (frames[i - 1] ?? -1)))

/** Over folders named by ids that are safe as file names. */
export async function createSeenRuns(dataDir: string): Promise<SeenRuns> {
  const root = path.join(dataDir, 'seen')
  await mkdir(root, { recursive: true })
  for (const name of await readdir(root)) {
    if (name.startsWith('.')) await rm(path.join(root, name), { recursive: true, force: true })
  }
  const remove = (id: string) => rm(path.join(root, id), { recursive: true, force: true })

  return {
    remove,
    /** Not flushed to the disk: that would hold up the picture, and a power cut costs only these frames. */
    async write(id, seen) {
      const all = inOrder(seen)
      const frames = chooseEvenly(all.length, MOST_FRAMES).flatMap((index) => all[index] ?? [])
      if (frames.length === 0) return
      const draft = path.join(root, `.${id}`)
      await mkdir(draft, { recursive: true })
      await Promise.all(frames.map(({ step, image }) => writeFile(path.join(draft, `${step}.webp`), image)))
      const kept = {
        kind: seen.kind,
        steps: seen.steps,
        watched: all.filter(({ step }) => step > 0).length,
        frames: frames.map(({ step }) => step),
      }
      await writeFile(path.join(draft, 'seen.json'), JSON.stringify(kept))
      await remove(id)
      await rename(draft, path.join(root, id))
    },
    async read(id) {
      try {
        const text = await readFile(path.join(root, id, 'seen.json'), 'utf8')
        const { frames, ...kept } = keptSchema.parse(JSON.parse(text))
        const read = async (step: number) => {
          const image = await readFile(path.join(root, id, `${step}.webp`))
          await check(image)
          return { step, image }
        }
        return { ...kept, frames: await Promise.all(frames.map(read)) }
      } catch {
        // Never there, or damaged: an explanation without frames is still true.
        return undefined
      }
    },
  }
}

/** Rising steps, each once (as it was seen last), none outside the run. */
function inOrder({ frames, steps }: SeenRun): SeenRun['frames'] {
  const byStep = new Map(frames.map((frame) => [frame.step, frame]))
  return [...byStep.values()]
    .filter(({ step }) => Number.isInteger(step) && step >= 0 && step <= steps)
    .sort((a, b) => a.step - b.step)
}

/** Decodes it all, so that half a file is found here and not in the middle of an explanation. */
async function check(image: Buffer): Promise<void> {
  const { format, width, height } = await sharp(image).metadata()
  const fits = [width, height].every((side) => side >= SMALLEST_SIDE && side <= LARGEST_SIDE)
  if (format !== 'webp' || !fits) throw new RangeError('not a small WebP')
  await sharp(image, { failOn: 'warning' }).raw().toBuffer()
}

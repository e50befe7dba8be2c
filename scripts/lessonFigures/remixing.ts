/** Lesson 5: remixing. */
import sharp from 'sharp'
import { createNoise } from '../../src/services/backends/embedded/noise.ts'
import { toPlanes, toRgb } from '../../src/services/explain/planes.ts'
import { prescription } from '../../src/services/explain/prescription.ts'
import { percent } from '../../src/services/explain/words.ts'
import { type Cell, strip } from './cards.ts'
import type { Studio } from './studio.ts'

/** Of the embedded model. */
const PIXELS = 64
const STEPS = 20

export async function remixing(studio: Studio, apple: Buffer): Promise<Record<string, Buffer>> {
  return {
    'where-a-remix-begins': await starts(studio, apple),
    'remix-strengths': await strengthStrip(studio, apple),
  }
}

/** What the model is given at each strength: the apple with the noise of the level at which that run begins. */
async function starts(studio: Studio, apple: Buffer): Promise<Buffer> {
  const levels = prescription(studio.recipe({ prompt: 'an apple', steps: STEPS }))?.noise ?? []
  const { data } = await sharp(apple)
    .resize(PIXELS, PIXELS)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const clean = toPlanes(data)
  const noise = createNoise(7, clean.length)()
  const cells = await Promise.all(
    [0, 0.25, 0.5, 0.75, 1].map(async (strength): Promise<Cell> => {
      const run = Math.floor(strength * STEPS)
      const share = run === 0 ? 0 : (levels[STEPS - run] ?? 0)
      const mixed = clean.map((value, i) => (1 - share) * value + share * (noise[i] ?? 0))
      const png = await sharp(toRgb(mixed), { raw: { width: PIXELS, height: PIXELS, channels: 3 } })
        .png()
        .toBuffer()
      return {
        png: share === 0 ? apple : png,
        kernel: share === 0 ? 'lanczos3' : 'nearest',
        label: `strength ${strength}`,
        quiet: run === 0 ? 'your picture' : `${percent(share)} noise`,
      }
    }),
  )
  return strip(
    {
      title: 'Where a remix begins',
      note: `Your picture plus noise: at strength 0.5, ten of ${STEPS} steps are left to run`,
    },
    cells,
  )
}

async function strengthStrip(studio: Studio, apple: Buffer): Promise<Buffer> {
  const cells: Cell[] = [{ png: apple, label: 'the picture' }]
  for (const denoisingStrength of [0.2, 0.4, 0.6, 0.8, 1]) {
    const png = await studio.remix({ prompt: 'a lemon', denoisingStrength }, apple)
    cells.push({ png, label: `strength ${denoisingStrength}` })
  }
  return strip(
    {
      title: 'From “keep it” to “only an echo”',
      note: 'A red apple remixed with “a lemon”, seed 7: only the strength changes',
    },
    cells,
    3,
  )
}

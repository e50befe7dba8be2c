/** Lesson 3: prompt and guidance. */
import sharp from 'sharp'
import type { Run } from '../../src/domain.ts'
import { frame } from '../../src/services/explain/frames.ts'
import { palette } from '../../src/services/explain/palette.ts'
import { type Cell, strip } from './cards.ts'
import type { Studio } from './studio.ts'

export async function guidance(studio: Studio): Promise<Record<string, Buffer>> {
  return {
    'two-guesses': await twoGuesses(studio),
    'cfg-strip': await cfgStrip(studio),
    'word-swap': await wordSwap(studio),
  }
}

/** At the first step every CFG starts from the same noise, so from two runs the guess without words can be computed back. */
async function twoGuesses(studio: Studio): Promise<Buffer> {
  const cfgScale = 4
  const wishes = { prompt: 'a strawberry', steps: 6 }
  const index = 0
  const withWords = await studio.run({ ...wishes, cfgScale: 1 })
  const pushed = await studio.run({ ...wishes, cfgScale })
  const guess = (run: Run) => run.steps[index]?.guess ?? run.final
  const [one, four] = [guess(withWords), guess(pushed)]
  const without = one.map((value, i) => (cfgScale * value - (four[i] ?? 0)) / (cfgScale - 1))
  const cell = async (
    planes: Float32Array,
    label: string,
    quiet: string,
    colour?: string,
  ): Promise<Cell> => ({
    png: await pngOf(planes, withWords),
    label,
    quiet,
    ...(colour ? { colour } : {}),
  })
  return strip(
    {
      title: 'Guidance: away from “no words”, towards your words',
      note: 'The model’s guesses at the very first step, out of the same noise',
    },
    [
      await cell(without, 'without words', 'anything at all'),
      await cell(one, 'with “a strawberry”', 'CFG 1', palette.guidance),
      await cell(four, 'pushed on', 'CFG 4: four times as far', palette.change),
    ],
  )
}

async function pngOf(planes: Float32Array, run: Run): Promise<Buffer> {
  const { input, raw } = await frame(planes, run, { width: 512, height: 512 }, 'smooth')
  return sharp(input, { raw }).png().toBuffer()
}

async function cfgStrip(studio: Studio): Promise<Buffer> {
  const cells: Cell[] = []
  for (const cfgScale of [1, 2, 4, 8, 15]) {
    cells.push({ png: await studio.draw({ prompt: 'a strawberry', cfgScale }), label: `CFG ${cfgScale}` })
  }
  return strip(
    { title: 'More and more guidance', note: '“a strawberry”, seed 7, 20 steps: only CFG changes' },
    cells,
  )
}

async function wordSwap(studio: Studio): Promise<Buffer> {
  const cells: Cell[] = []
  for (const prompt of ['a red heart', 'a blue heart', 'a broken heart', 'a red apple'])
    cells.push({ png: await studio.draw({ prompt }), label: prompt })
  return strip(
    { title: 'One word changed, the same noise', note: 'Seed 7, 20 steps: only the prompt changes' },
    cells,
  )
}

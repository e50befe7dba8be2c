/** Where a remix began: the picture, the same picture under the noise of the first step that ran, and what became of it. */
import sharp from 'sharp'
import type { InputImages, Run } from '../../domain.ts'
import { fit } from './altTexts.ts'
import { frame, type Frame } from './frames.ts'
import { palette } from './palette.ts'
import { scaled } from './recordStrip.ts'
import { canvas, rect } from './svg.ts'
import { textPath } from './text.ts'
import { percent, sigmaWord } from './words.ts'

const WIDTH = 1200
const MARGIN = 32
const GAP = 24
const TALLEST = 360
const TOP = 92

/** Facts of the first step, as far as one ran. */
type Start = { sigma: number | undefined; steps: number }

type Panel = { picture: Frame; words: string; detail: string; fill: string }

const startOf = ({ steps }: Pick<Run, 'steps'>): Start => ({
  sigma: steps[0]?.sigma,
  steps: steps.length,
})

const shareOf = (sigma: number): number => sigma / (1 + sigma)

/** PNG, 1200 px wide. */
export async function drawBeginning(run: Run, input: InputImages, finished: Uint8Array): Promise<Buffer> {
  const { sigma, steps } = startOf(run)
  const columns = 2 + Number(sigma !== undefined) + Number(input.mask !== undefined)
  const room = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns
  const shrink = Math.min(room / run.width, TALLEST / run.height)
  const cell = { width: Math.round(run.width * shrink), height: Math.round(run.height * shrink) }
  const [first] = run.steps
  const panels: Panel[] = [
    {
      picture: await scaled(input.image, cell),
      words: 'the picture',
      detail: 'what it began from',
      fill: palette.text,
    },
    ...(input.mask
      ? [
          {
            picture: await scaled(input.mask, cell),
            words: 'the mask',
            detail: 'white: drawn anew',
            fill: palette.guidance,
          },
        ]
      : []),
    ...(first
      ? [
          {
            picture: await frame(first.noisy, run, cell, 'dots'),
            words: `under ${percent(shareOf(first.sigma))} noise`,
            detail: `the first step saw this (σ ${sigmaWord(first.sigma)})`,
            fill: palette.noise,
          },
        ]
      : []),
    {
      picture: await scaled(finished, cell),
      words: 'the remix',
      detail: steps === 1 ? 'after 1 step' : `after ${steps} steps`,
      fill: palette.layout,
    },
  ]
  const left = (column: number) => MARGIN + column * (cell.width + GAP)
  const below = TOP + cell.height
  const shapes = [
    textPath('Where it began', MARGIN, 56, { size: 34, weight: 'semiBold' }),
    ...panels.flatMap(({ words, detail, fill }, column) => [
      textPath(words, left(column), below + 42, { size: 27, weight: 'semiBold', fill }),
      textPath(detail, left(column), below + 76, { size: columns > 3 ? 19 : 23, fill: palette.quiet }),
    ]),
    // The picture may be as dark as the ground.
    ...panels.map((_, column) =>
      rect({ x: left(column) - 1, y: TOP - 1, width: cell.width + 2, height: cell.height + 2 }, palette.grid),
    ),
  ]
  return canvas(WIDTH, below + 104, shapes.join(''))
    .composite(panels.map(({ picture }, column) => ({ ...picture, left: left(column), top: TOP })))
    .png()
    .toBuffer()
}

export function beginningAlt(run: Run, { mask }: InputImages): string {
  const { sigma, steps } = startOf(run)
  const middle = [
    ...(mask ? ['the mask, in which white is drawn anew'] : []),
    ...(sigma === undefined
      ? []
      : [`the same picture under ${percent(shareOf(sigma))} noise, which the first step saw`]),
  ]
  const last = `the finished remix after ${steps === 1 ? '1 step' : `${steps} steps`}`
  return fit(`Pictures side by side: the one it began from; ${[...middle, last].join('; ')}.`)
}

/** Where no step of the run is known: the picture alone, at most 512 px a side. */
export function drawBefore({ image }: InputImages): Promise<Buffer> {
  return sharp(image).resize(512, 512, { fit: 'inside', withoutEnlargement: true }).png().toBuffer()
}

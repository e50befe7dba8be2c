/** The finished picture with more and more noise added: what a model learns to undo. Computed afterwards; no record of a run. */
import sharp from 'sharp'
import type { Recipe } from '../../domain.ts'
import { createNoise } from '../backends/embedded/noise.ts'
import { chooseEvenly } from '../evenly.ts'
import { palette } from './palette.ts'
import { toPlanes, toRgb, type Size } from './planes.ts'
import type { Prescription } from './prescription.ts'
import { scaled } from './recordStrip.ts'
import { canvas, rect } from './svg.ts'
import { textPath } from './text.ts'
import { percent, sigmaWord } from './words.ts'

const MARGIN = 32
const GAP = 16
const CELL = 128
const TALLEST = 256
/** Beside the finished picture. */
const MOST_LEVELS = 7
const WIDTH = 2 * MARGIN + 8 * CELL + 7 * GAP
const TOP = 128
/** Where no schedule is known. */
const evenShares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95]

/** Shares of noise from little to much: those of some steps of the schedule. */
export function noiseLevels(prescribed: Prescription | undefined): number[] {
  if (!prescribed) return evenShares
  const { noise } = prescribed
  return chooseEvenly(noise.length, MOST_LEVELS)
    .map((index) => noise[index] ?? 0)
    .toReversed()
}

/** PNG, 1200 px wide. */
export async function drawNoiseStrip(
  picture: Uint8Array,
  recipe: Recipe,
  prescribed: Prescription | undefined,
): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata()
  const shrink = Math.min(CELL / width, TALLEST / height)
  const size = { width: side(width * shrink), height: side(height * shrink) }
  const clean = await scaled(picture, size)
  const noise = dots(recipe.seed, size)
  const levels = [0, ...noiseLevels(prescribed)]
  const left = (column: number) => MARGIN + column * (CELL + GAP)
  const below = TOP + size.height
  const shapes = [
    textPath('Noise added to the finished picture', MARGIN, 56, { size: 34, weight: 'semiBold' }),
    textPath('Not the moments of its making: this was computed afterwards.', MARGIN, 100, {
      size: 25,
      fill: palette.noise,
    }),
    ...levels.flatMap((level, column) => columnLabels(level, left(column), below + 14)),
  ]
  const frames = levels.map((level, column) => ({
    input: level === 0 ? clean.input : toRgb(mixed(toPlanes(clean.input), noise, level)),
    raw: clean.raw,
    left: left(column) + Math.round((CELL - size.width) / 2),
    top: TOP,
  }))
  return canvas(WIDTH, below + 126, shapes.join(''))
    .composite(frames)
    .png()
    .toBuffer()
}

const side = (pixels: number) => Math.max(1, Math.round(pixels))

/** As RunStep.noisy: (1 - t) of the picture and t of noise. */
function mixed(picture: Float32Array, noise: Float32Array, share: number): Float32Array {
  return picture.map((value, i) => (1 - share) * value + share * (noise[i] ?? 0))
}

/** Seeded noise in dots of 2 x 2 pixels, which stay visible when the strip is shown smaller. */
function dots(seed: number, { width, height }: Size): Float32Array {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const numbers = createNoise(seed, 3 * columns * rows)()
  return Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const x = (i % width) >> 1
    const y = (Math.floor(i / width) % height) >> 1
    const channel = Math.floor(i / (width * height))
    return numbers[(channel * rows + y) * columns + x] ?? 0
  })
}

function columnLabels(level: number, x: number, top: number): string[] {
  const middle = x + CELL / 2
  const label = { size: 25, anchor: 'middle' as const }
  if (level === 0) {
    const finished = { ...label, weight: 'semiBold' as const, fill: palette.layout }
    return [textPath('finished', middle, top + 42, finished)]
  }
  return [
    rect({ x, y: top, width: CELL, height: 8 }, palette.grid, 4),
    rect({ x, y: top, width: Math.max(8, level * CELL), height: 8 }, palette.noise, 4),
    textPath(`${percent(level)} noise`, middle, top + 42, label),
    textPath(`σ ${sigmaWord(level / (1 - level))}`, middle, top + 75, { ...label, fill: palette.quiet }),
  ]
}

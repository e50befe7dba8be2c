/** The filmstrip: above, the noisy state that a step starts from; below, the model's guess of the finished picture at that step. */
import type { Run } from '../../domain.ts'
import { chooseEvenly } from '../evenly.ts'
import type { Facts } from './facts.ts'
import { frame } from './frames.ts'
import { milestones } from './milestones.ts'
import { palette } from './palette.ts'
import { canvas, rect } from './svg.ts'
import { textPath, textWidth } from './text.ts'
import { percent, sigmaWord } from './words.ts'

const MARGIN = 32
const GAP = 16
const WIDTH = 1200
/** Narrow enough to show 128 px frames, two screen pixels for each of the model's, at Discord's width. */
const MOST_COLUMNS = 8
const LARGEST_FRAME = 240

export function filmstripSteps(steps: number): number[] {
  return chooseEvenly(steps, MOST_COLUMNS)
}

/** PNG at most 1200 px wide. */
export async function drawFilmstrip(run: Run, facts: Facts): Promise<Buffer> {
  const shown = filmstripSteps(run.steps.length)
  const columns = shown.length
  const room = Math.floor((WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns)
  const cell = { width: Math.min(LARGEST_FRAME, room), height: 0 }
  cell.height = Math.round((cell.width * run.height) / run.width)
  const width = Math.max(680, 2 * MARGIN + columns * cell.width + (columns - 1) * GAP)
  const left = (column: number) => MARGIN + column * (cell.width + GAP)
  const noisyTop = 128
  const guessTop = noisyTop + cell.height + 60
  const barsTop = guessTop + cell.height + 12
  const labelTop = barsTop + 62
  const height = labelTop + (facts.steps === 1 ? 112 : 168)

  const shapes = [
    ...heading(shown, facts, width),
    textPath('Noisy state: what the step starts from', MARGIN, noisyTop - 14, {
      size: 25,
      fill: palette.noise,
    }),
    textPath('The model’s guess of the finished picture', MARGIN, guessTop - 14, {
      size: 25,
      fill: palette.change,
    }),
    ...progressLines(shown, facts, barsTop, left, cell.width),
    ...shown.flatMap((step, column) => columnLabels(step, facts, left(column), labelTop, cell.width)),
    ...legend(facts, labelTop + 138),
  ]
  const frames = await Promise.all(
    shown.flatMap((index, column) => {
      const step = run.steps[index]
      if (!step) return []
      return [
        { planes: step.noisy, top: noisyTop, how: 'dots' as const },
        { planes: step.guess, top: guessTop, how: 'smooth' as const },
      ].map(async ({ planes, top, how }) => ({
        ...(await frame(planes, run, cell, how)),
        left: left(column),
        top,
      }))
    }),
  )
  return canvas(width, height, shapes.join('')).composite(frames).png().toBuffer()
}

function heading(shown: number[], facts: Facts, width: number): string[] {
  const which =
    shown.length === facts.steps
      ? facts.steps === 1
        ? 'its only step'
        : `all ${facts.steps} steps`
      : `${shown.length} of ${facts.steps} steps shown`
  return [
    textPath('How the picture developed', MARGIN, 56, { size: 34, weight: 'semiBold' }),
    textPath(which, width - MARGIN, 56, { size: 25, fill: palette.quiet, anchor: 'end' }),
  ]
}

/** Two lines under the guesses: green from where the layout is settled, yellow from where half of the detail is done. */
function progressLines(
  shown: number[],
  facts: Facts,
  top: number,
  left: (column: number) => number,
  cell: number,
) {
  const right = left(shown.length - 1) + cell
  return milestones(facts).flatMap(({ step, fill }, i) => {
    const column = shown.findIndex((index) => index + 1 >= step)
    const y = top + 11 * i
    return [rect({ x: left(column), y, width: right - left(column), height: 6 }, fill, 3)]
  })
}

function columnLabels(index: number, facts: Facts, x: number, top: number, width: number): string[] {
  const noise = facts.noise[index] ?? 0
  const middle = x + width / 2
  return [
    textPath(`step ${index + 1}`, middle, top, { size: 27, weight: 'semiBold', anchor: 'middle' }),
    rect({ x, y: top + 14, width, height: 8 }, palette.grid, 4),
    rect({ x, y: top + 14, width: Math.max(8, noise * width), height: 8 }, palette.noise, 4),
    textPath(`${percent(noise)} noise`, middle, top + 56, { size: 25, anchor: 'middle' }),
    textPath(`σ ${sigmaWord(facts.sigma[index] ?? 0)}`, middle, top + 89, {
      size: 25,
      fill: palette.quiet,
      anchor: 'middle',
    }),
  ]
}

function legend(facts: Facts, y: number): string[] {
  let x = MARGIN
  return milestones(facts).flatMap(({ words, fill }) => {
    const style = { size: 25, fill: palette.text }
    const at = x
    x += 44 + textWidth(words, style) + 44
    return [rect({ x: at, y: y - 11, width: 32, height: 6 }, fill, 3), textPath(words, at + 44, y, style)]
  })
}

/** The development as an animated GIF: the noisy state on the left clears while the model's guess on the right takes shape. */
import sharp from 'sharp'
import type { Run } from '../../domain.ts'
import { chooseEvenly } from '../evenly.ts'
import type { Facts } from './facts.ts'
import { frame } from './frames.ts'
import { palette } from './palette.ts'
import { canvas, rect } from './svg.ts'
import { textPath } from './text.ts'
import { percent } from './words.ts'

const SIDE = 256
const MARGIN = 16
const WIDTH = 2 * SIDE + 3 * MARGIN
const TOP = 44
/** Noise compresses badly: this many frames stay below 2 MB. */
const MOST_FRAMES = 24
export const HOLD_MS = 2000

export function animationSteps(steps: number): number[] {
  return chooseEvenly(steps, MOST_FRAMES)
}

/** Time that each of the moving frames is shown: a development of about 4 s, neither flickering nor dragging. */
export function frameMs(frames: number): number {
  return Math.round(Math.min(400, Math.max(120, 4000 / frames)))
}

/** GIF, 560 px wide, below 2 MB, repeating; one frame for each step (at most 24) and the finished picture for 2 s. */
export async function drawAnimation(run: Run, facts: Facts): Promise<Buffer> {
  const shown = animationSteps(run.steps.length)
  const side = { width: SIDE, height: Math.round((SIDE * run.height) / run.width) }
  const moving = shown.flatMap((index) => {
    const step = run.steps[index]
    const noise = facts.noise[index] ?? 0
    if (!step) return []
    return [{ ...step, noise, words: `step ${index + 1} of ${facts.steps}: ${percent(noise)} noise` }]
  })
  const finished = { noisy: run.final, guess: run.final, noise: 0, words: 'finished: no noise left' }
  const height = TOP + side.height + 62
  const pages = await Promise.all(
    [...moving, finished].map(async ({ noisy, guess, noise, words }) => {
      const [left, right] = await Promise.all([
        frame(noisy, run, side, noise === 0 ? 'smooth' : 'dots'),
        frame(guess, run, side, 'smooth'),
      ])
      return canvas(WIDTH, height, labels(words, noise, TOP + side.height))
        .composite([
          { ...left, left: MARGIN, top: TOP },
          { ...right, left: 2 * MARGIN + SIDE, top: TOP },
        ])
        .removeAlpha()
        .raw()
        .toBuffer()
    }),
  )
  const delay = [...moving.map(() => frameMs(moving.length)), HOLD_MS]
  const raw = { width: WIDTH, height: height * pages.length, channels: 3 as const, pageHeight: height }
  return sharp(Buffer.concat(pages), { raw }).gif({ delay, loop: 0, dither: 0, effort: 2 }).toBuffer()
}

function labels(words: string, noise: number, bottom: number): string {
  const width = WIDTH - 2 * MARGIN
  return [
    textPath('noisy state', MARGIN, 31, { size: 19, fill: palette.noise }),
    textPath('model’s guess', 2 * MARGIN + SIDE, 31, { size: 19, fill: palette.change }),
    ...(noise > 0
      ? [rect({ x: MARGIN, y: bottom + 14, width: Math.max(8, noise * width), height: 8 }, palette.noise, 4)]
      : []),
    textPath(words, MARGIN, bottom + 46, { size: 19 }),
  ].join('')
}

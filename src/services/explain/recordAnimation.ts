/** The seen frames as an animated GIF, each as long as the steps until the next one took. */
import sharp from 'sharp'
import type { KeptRun } from '../seenRuns.ts'
import { HOLD_MS } from './animation.ts'
import { palette } from './palette.ts'
import type { RecordFacts } from './recordFacts.ts'
import { kindColour, scaled } from './recordStrip.ts'
import { canvas, rect } from './svg.ts'
import { textPath } from './text.ts'

const LONGEST = 320
const MARGIN = 16
const WIDTH = LONGEST + 2 * MARGIN
const TOP = 44

/** Missing steps leave a frame standing longer, so that the run keeps its own pace: about 4 s in all. */
export function recordDelays({ shown, steps }: Pick<RecordFacts, 'shown' | 'steps'>): number[] {
  const stepMs = Math.min(400, Math.max(40, 4000 / steps))
  return shown.map((step, i) => {
    const next = shown[i + 1] ?? Math.max(step + 1, steps)
    return Math.round(Math.max(120, (next - step) * stepMs))
  })
}

/** GIF, 352 px wide, below 2 MB, repeating; the finished picture stays for 2 s. */
export async function drawRecordAnimation(
  seen: KeptRun,
  picture: Uint8Array,
  facts: RecordFacts,
): Promise<Buffer> {
  const original = await sharp(picture).metadata()
  const shrink = LONGEST / Math.max(original.width, original.height)
  const size = {
    width: Math.max(1, Math.round(original.width * shrink)),
    height: Math.max(1, Math.round(original.height * shrink)),
  }
  const height = TOP + size.height + 62
  const title = facts.kind === 'guess' ? 'the model’s guess' : 'the noisy state'
  const moving = seen.frames.map(({ step, image }) => ({
    image,
    title: { words: title, fill: kindColour[facts.kind] },
    share: step / facts.steps,
    words: step === 0 ? 'before the first step' : `step ${step} of ${facts.steps}`,
  }))
  const finished = {
    image: picture,
    title: { words: 'the finished picture', fill: palette.layout },
    share: 1,
    words: 'finished',
  }
  const pages = await Promise.all(
    [...moving, finished].map(async ({ image, title, share, words }) => {
      const bottom = TOP + size.height
      const bar = { x: MARGIN, y: bottom + 14, width: LONGEST, height: 8 }
      const shapes = [
        textPath(title.words, MARGIN, 31, { size: 19, fill: title.fill }),
        rect(bar, palette.grid, 4),
        ...(share > 0 ? [rect({ ...bar, width: Math.max(8, share * LONGEST) }, title.fill, 4)] : []),
        textPath(words, MARGIN, bottom + 46, { size: 19 }),
      ]
      const left = Math.round((WIDTH - size.width) / 2)
      return canvas(WIDTH, height, shapes.join(''))
        .composite([{ ...(await scaled(image, size)), left, top: TOP }])
        .removeAlpha()
        .raw()
        .toBuffer()
    }),
  )
  const raw = { width: WIDTH, height: height * pages.length, channels: 3 as const, pageHeight: height }
  return sharp(Buffer.concat(pages), { raw })
    .gif({ delay: [...recordDelays(facts), HOLD_MS], loop: 0, dither: 0, effort: 2 })
    .toBuffer()
}

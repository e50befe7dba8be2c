/** The seen frames of a run side by side, then the finished picture, and below a dot for every step of the run: seen or not. */
import sharp from 'sharp'
import type { KeptRun } from '../seenRuns.ts'
import type { Frame } from './frames.ts'
import { palette } from './palette.ts'
import type { Size } from './planes.ts'
import type { RecordFacts, Settled } from './recordFacts.ts'
import { seenWords, kindTitle, settledWords } from './recordWords.ts'
import { canvas, dot, rect, ring } from './svg.ts'
import { textPath, textWidth } from './text.ts'

const MARGIN = 32
const GAP = 16
const WIDTH = 1200
const WIDEST = 368
const TALLEST = 240
/** Room for the words under a frame. */
const NARROWEST = 120
/** 12 frames and the finished picture in two rows, wide enough to be looked at. */
const MOST_COLUMNS = 7
const TOP = 128
const LABEL = 64

export const kindColour = { guess: palette.change, noisy: palette.noise } as const

/** PNG, 1200 px wide. */
export async function drawRecordStrip(
  seen: KeptRun,
  picture: Uint8Array,
  facts: RecordFacts,
): Promise<Buffer> {
  const cells = [
    ...seen.frames.map(({ step, image }) => ({ image, words: step === 0 ? 'start' : `step ${step}` })),
    { image: picture, words: 'finished' },
  ]
  const columns = cells.length <= MOST_COLUMNS ? cells.length : Math.ceil(cells.length / 2)
  const room = Math.floor((WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns)
  const { width, height } = await sharp(picture).metadata()
  const shrink = Math.min(Math.min(WIDEST, room) / width, TALLEST / height)
  const cell = { width: Math.round(width * shrink), height: Math.round(height * shrink) }
  const slot = Math.max(cell.width, NARROWEST)
  const inset = Math.round((slot - cell.width) / 2)
  const placed = cells.map(({ image, words }, i) => ({
    image,
    words,
    left: MARGIN + (i % columns) * (slot + GAP) + inset,
    top: TOP + Math.floor(i / columns) * (cell.height + LABEL),
  }))
  const bottom = TOP + Math.ceil(cells.length / columns) * (cell.height + LABEL)
  const shapes = [
    textPath('What was seen of the run', MARGIN, 56, { size: 34, weight: 'semiBold' }),
    textPath(seenWords(facts), WIDTH - MARGIN, 56, { size: 25, fill: palette.quiet, anchor: 'end' }),
    textPath(kindTitle(facts.kind), MARGIN, 104, { size: 25, fill: kindColour[facts.kind] }),
    ...placed.map(({ words, left, top }) =>
      textPath(words, left + cell.width / 2, top + cell.height + 34, {
        size: 27,
        weight: 'semiBold',
        anchor: 'middle',
        fill: words === 'finished' ? palette.layout : palette.text,
      }),
    ),
    ...track(facts, bottom + 34),
  ]
  const frames = await Promise.all(
    placed.map(async ({ image, left, top }) => ({ ...(await scaled(image, cell)), left, top })),
  )
  return canvas(WIDTH, bottom + 142, shapes.join(''))
    .composite(frames)
    .png()
    .toBuffer()
}

/** An image file in the size for viewing, as raw pixels. */
export async function scaled(image: Uint8Array, size: Size): Promise<Frame> {
  const input = await sharp(image)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(size.width, size.height, { fit: 'fill' })
    .raw()
    .toBuffer()
  return { input, raw: { ...size, channels: 3 } }
}

/** One dot a step, full where it is shown above; below, from where the layout is known to be settled (pale: somewhere in there). */
function track(facts: RecordFacts, y: number): string[] {
  const { steps, shown, kind } = facts
  const stride = (WIDTH - 2 * MARGIN) / steps
  const x = (step: number) => MARGIN + (step - 0.5) * stride
  const radius = Math.min(9, 0.4 * stride)
  const all = Array.from({ length: steps }, (_, i) => i + 1)
  const band = facts.settled && settledBand(facts.settled)
  const bar = (from: number, to: number, opacity: number) =>
    rect({ x: from, y: y + 20, width: to - from, height: 6 }, palette.layout, 3, opacity)
  return [
    ...all.map((step) =>
      shown.includes(step)
        ? dot(x(step), y, radius, kindColour[kind])
        : ring(x(step), y, radius - 1, { colour: palette.quiet, width: 2 }),
    ),
    ...(band ? [bar(x(band.after), x(band.by), 0.4), bar(x(band.by) - radius, x(steps) + radius, 1)] : []),
    ...legend(facts, y + 78, band !== undefined),
  ]
}

/** Between which steps the layout settled; the same one twice where it is known exactly. */
function settledBand(settled: Settled): { after: number; by: number } | undefined {
  if (settled.how === 'between') return { after: Math.max(1, settled.after), by: settled.by }
  if (settled.how !== 'from' && settled.how !== 'already') return undefined
  const step = Math.max(1, settled.step)
  return { after: step, by: step }
}

function legend(facts: RecordFacts, y: number, hasBand: boolean): string[] {
  const style = { size: 25, fill: palette.quiet }
  const words = settledWords(facts)
  const start = WIDTH - MARGIN - textWidth(words, style)
  return [
    dot(MARGIN + 9, y - 8, 9, kindColour[facts.kind]),
    textPath('step shown', MARGIN + 28, y, style),
    ring(MARGIN + 197, y - 8, 8, { colour: palette.quiet, width: 2 }),
    textPath('step not shown', MARGIN + 216, y, style),
    textPath(words, start, y, { size: 25 }),
    ...(hasBand ? [rect({ x: start - 44, y: y - 11, width: 32, height: 6 }, palette.layout, 3)] : []),
  ]
}

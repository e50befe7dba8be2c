/** The look of all figures: a dark card of 1200 px with a heading, pictures in cells and words that a phone can show. */
import sharp, { type OverlayOptions } from 'sharp'
import { palette } from '../../src/services/explain/palette.ts'
import { canvas, line, polygon, rect, type Box } from '../../src/services/explain/svg.ts'
import { textPath, type TextStyle, textWidth } from '../../src/services/explain/text.ts'

export const WIDTH = 1200
export const MARGIN = 32
const GAP = 16
/** The smallest words: 1200 px shown at a phone's 360 px leave about 8 px of these. */
export const SMALL = 28
/** Of headings and of the words in strips, which have the room. */
const TITLE = 44
const NOTE = 31
const LABEL = 33

export type Words = { title: string; note?: string }

/** Below the heading. */
export const headingBottom = ({ note }: Words): number => (note === undefined ? 96 : 138)

export function heading({ title, note }: Words): string {
  const first = textPath(title, MARGIN, 64, { size: TITLE, weight: 'semiBold' })
  return note === undefined ? first : first + textPath(note, MARGIN, 112, { size: NOTE, fill: palette.quiet })
}

/** PNG, 1200 px wide. */
export function card(
  words: Words,
  height: number,
  shapes: string[],
  pictures: OverlayOptions[] = [],
): Promise<Buffer> {
  for (const text of [words.title, words.note ?? '']) mustFit(text, text === words.title ? TITLE : NOTE)
  return canvas(WIDTH, Math.round(height), heading(words) + shapes.join(''))
    .composite(pictures)
    .png()
    .toBuffer()
}

/** Words that run out of the picture would be seen by nobody who only reads the code. */
function mustFit(text: string, size: number, room = WIDTH - 2 * MARGIN): void {
  if (textWidth(text, { size }) > room) throw new Error(`too long for its place: ${text}`)
}

export type Cell = {
  png: Buffer
  label: string
  quiet?: string
  colour?: string
  kernel?: 'nearest' | 'lanczos3'
}

/** Pictures side by side with words below each; in rows of `columns`. */
export async function strip(words: Words, cells: readonly Cell[], columns = cells.length): Promise<Buffer> {
  const top = headingBottom(words)
  const side = Math.min(340, Math.floor((WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns))
  const hasQuiet = cells.some(({ quiet }) => quiet !== undefined)
  const stride = side + (hasQuiet ? 112 : 72)
  const rows = Math.ceil(cells.length / columns)
  const inset = Math.round((WIDTH - columns * side - (columns - 1) * GAP) / 2)
  const shapes: string[] = []
  const pictures = await Promise.all(
    cells.map(async ({ png, label, quiet, colour, kernel }, i) => {
      const left = inset + (i % columns) * (side + GAP)
      const y = top + Math.floor(i / columns) * stride
      const middle = { anchor: 'middle' as const, size: LABEL }
      mustFit(label, LABEL, side + GAP)
      mustFit(quiet ?? '', NOTE, side + GAP)
      shapes.push(
        textPath(label, left + side / 2, y + side + 42, {
          ...middle,
          weight: 'semiBold',
          fill: colour ?? palette.text,
        }),
      )
      if (quiet !== undefined)
        shapes.push(
          textPath(quiet, left + side / 2, y + side + 82, { ...middle, size: NOTE, fill: palette.quiet }),
        )
      return { input: await resized(png, side, kernel), left, top: y }
    }),
  )
  return card(words, top + rows * stride + 12, shapes, pictures)
}

export const resized = (
  png: Buffer,
  side: number,
  kernel: 'nearest' | 'lanczos3' = 'lanczos3',
): Promise<Buffer> => sharp(png).resize(side, side, { fit: 'fill', kernel }).png().toBuffer()

export function arrow(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  colour: string = palette.quiet,
): string {
  const length = Math.hypot(x2 - x1, y2 - y1)
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length]
  const [bx, by] = [x2 - 18 * dx, y2 - 18 * dy]
  const head = polygon(
    [
      [x2, y2],
      [bx - 11 * dy, by + 11 * dx],
      [bx + 11 * dy, by - 11 * dx],
    ],
    colour,
    1,
  )
  return line(x1, y1, bx, by, { colour, width: 5 }) + head
}

/** A panel with lines of text in its middle; the first is strong. */
export function panel(box: Box, lines: readonly string[], colour: string = palette.text): string {
  const leading = 37
  const first = box.y + box.height / 2 - ((lines.length - 1) * leading) / 2 + 10
  const style = (i: number): TextStyle =>
    i === 0
      ? { size: SMALL + 2, weight: 'semiBold', fill: colour, anchor: 'middle' }
      : { size: SMALL, fill: palette.text, anchor: 'middle' }
  for (const text of lines) mustFit(text, SMALL + 1, box.width - 16)
  return (
    rect(box, palette.panel, 14) +
    rect({ ...box, height: 6 }, colour, 3) +
    lines.map((text, i) => textPath(text, box.x + box.width / 2, first + i * leading, style(i))).join('')
  )
}

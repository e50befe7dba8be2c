/** The contact sheet of an experiment: every picture with its value, and below what stayed the same. */
import sharp from 'sharp'
import { palette } from '../explain/palette.ts'
import { canvas, rect } from '../explain/svg.ts'
import { canDraw, textPath, textWidth, type TextStyle } from '../explain/text.ts'

export type Cell = {
  /** The value as it is written under the picture. */
  label: string
  /** Undefined for a picture that could not be drawn. */
  png: Uint8Array | undefined
}

export type SheetWords = {
  /** What changes, e.g. "Only the steps change". */
  title: string
  /** What stays the same, as many lines as it needs. */
  fixed: string
}

/** Discord shows it about 400 points wide on a phone, so text is large. */
const MARGIN = 36
const GAP = 24
const TITLE: TextStyle & { size: number } = { size: 48, weight: 'semiBold' }
const LABEL: TextStyle & { size: number } = { size: 44, weight: 'semiBold' }
const SMALL_LABEL: TextStyle & { size: number } = { size: 33, weight: 'semiBold' }
const FIXED: TextStyle & { size: number } = { size: 36, fill: palette.quiet }
const LINE = 1.3
const MOST_LABEL_LINES = 3
const MOST_FIXED_LINES = 5
const LARGEST_SIDE = 2048

/**
 * PNG, at most 2048 px a side.
 * @param aspect height of a picture divided by its width
 */
export async function drawContactSheet(
  cells: readonly Cell[],
  aspect: number,
  words: SheetWords,
): Promise<Buffer> {
  const columns = cells.length === 4 || cells.length < 3 ? 2 : 3
  const rows = Math.ceil(cells.length / columns)
  const cellWidth = columns === 2 ? 540 : 400
  const width = 2 * MARGIN + columns * cellWidth + (columns - 1) * GAP
  const room = width - 2 * MARGIN
  const labels = layLabels(
    cells.map(({ label }) => drawable(label)),
    cellWidth,
  )
  const labelHeight = 20 + labels.lines * labels.style.size * LINE
  const title = wrap(drawable(words.title), room, TITLE, 2)
  const fixed = wrap(drawable(words.fixed), room, FIXED, MOST_FIXED_LINES)
  const top = MARGIN + title.length * TITLE.size * LINE + 12
  const footer = 16 + fixed.length * FIXED.size * LINE + MARGIN
  // Tall pictures are shown smaller, so that the whole sheet stays within its limit.
  const tallest = (LARGEST_SIDE - top - footer) / rows - labelHeight - GAP
  const box = { width: cellWidth, height: Math.floor(Math.min(cellWidth * aspect, tallest)) }
  const rowHeight = box.height + labelHeight + GAP
  const height = Math.ceil(top + rows * rowHeight + footer)
  const placeOf = (index: number) => ({
    left: MARGIN + (index % columns) * (cellWidth + GAP),
    top: Math.round(top + Math.floor(index / columns) * rowHeight),
  })

  const shapes = [
    ...title.map((line, i) => textPath(line, MARGIN, MARGIN + TITLE.size * (0.85 + i * LINE), TITLE)),
    ...cells.flatMap(({ png }, index) => {
      const { left, top: y } = placeOf(index)
      const under = labels.of[index] ?? []
      return [
        rect({ x: left, y, ...box }, palette.panel, 8),
        ...(png ? [] : missing(left + cellWidth / 2, y + box.height / 2)),
        ...under.map((line, i) =>
          textPath(line, left + cellWidth / 2, y + box.height + 12 + labels.style.size * (0.85 + i * LINE), {
            ...labels.style,
            anchor: 'middle',
          }),
        ),
      ]
    }),
    ...fixed.map((line, i) =>
      textPath(line, MARGIN, top + rows * rowHeight + 16 + FIXED.size * (0.6 + i * LINE), FIXED),
    ),
  ]
  const pictures = await Promise.all(
    cells.flatMap(({ png }, index) => (png ? [placed(png, box, placeOf(index))] : [])),
  )
  return canvas(width, height, shapes.join('')).composite(pictures).png().toBuffer()
}

async function placed(
  png: Uint8Array,
  box: { width: number; height: number },
  { left, top }: { left: number; top: number },
) {
  const { data, info } = await sharp(png)
    .resize(box.width, box.height, { fit: 'inside', kernel: 'lanczos3' })
    .toBuffer({ resolveWithObject: true })
  return {
    input: data,
    left: left + Math.floor((box.width - info.width) / 2),
    top: top + Math.floor((box.height - info.height) / 2),
  }
}

function missing(x: number, y: number): string[] {
  const style = { size: 33, fill: palette.quiet, anchor: 'middle' } as const
  return [textPath('This one could', x, y - 8, style), textPath('not be drawn', x, y + 34, style)]
}

/** Large where all of them fit on one line, else smaller on up to three lines. */
function layLabels(labels: readonly string[], room: number) {
  if (labels.every((label) => textWidth(label, LABEL) <= room)) {
    return { style: LABEL, lines: 1, of: labels.map((label) => [label]) }
  }
  const wrapped = labels.map((label) => wrap(label, room, SMALL_LABEL, MOST_LABEL_LINES))
  return { style: SMALL_LABEL, lines: Math.max(...wrapped.map(({ length }) => length)), of: wrapped }
}

/** Lines that fit into `room` pixels; what does not fit into `most` lines ends with an ellipsis. */
function wrap(text: string, room: number, style: TextStyle, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((each) => pieces(each, room, style))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line === '' || textWidth(longer, style) <= room) {
      line = longer
      continue
    }
    lines.push(line)
    line = word
  }
  lines.push(line)
  if (lines.length <= most) return lines
  let last = lines[most - 1] ?? ''
  while (last !== '' && textWidth(`${last}…`, style) > room) last = last.slice(0, -1)
  return [...lines.slice(0, most - 1), `${last}…`]
}

/** A word that is wider than a line, cut where it has to be. */
function pieces(word: string, room: number, style: TextStyle): string[] {
  const cut: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && textWidth(piece + character, style) > room) {
      cut.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...cut, piece]
}

/** Without characters that the shipped font does not have; the message beside the sheet has all of them. */
function drawable(text: string): string {
  const known = Array.from(text)
    .map((character) => (canDraw(character) ? character : ' '))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return known === '' ? '(see the text)' : known
}

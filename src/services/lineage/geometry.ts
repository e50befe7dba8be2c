/** From cells to pixels, and which of all shapes is read best on a phone. */
import type { Forest } from './forest.ts'
import { layOut, type Layout, type Placed } from './layout.ts'

/** How a card is built: the words below the picture, or beside it. */
export type Form = { name: 'tall' | 'wide'; width: number; height: number; thumb: number }

const forms: readonly Form[] = [
  { name: 'tall', width: 236, height: 326, thumb: 212 },
  { name: 'wide', width: 424, height: 172, thumb: 148 },
]

/** Between cards of a row. */
const GAP = 32
/** Above a card: the line that its parent's children share, what changed, the arrow. */
const ABOVE = 104
export const MARGIN = 36
/** Title and numbers; and the line that explains the dots. */
const HEAD = 128
const LEGEND = 34
/** Between lines that run beside each other. */
const TRACK = 14
const GUTTER = 56
const NARROWEST = 640

/** Most pixels a side of the drawing. */
const LONGEST_SIDE = 4096
/** A phone held upright, in the same unit as the drawing seen on it. */
const PHONE = { width: 390, height: 640 }
/** At this share of its size the smallest words are still read without zooming in. */
const LARGE_ENOUGH = 0.42

export type Point = { x: number; y: number }

export type Geometry = {
  form: Form
  layout: Layout
  width: number
  height: number
  /** Of the drawing as it comes out; 1 unless it would be too large. */
  scale: number
  /** Upper left corner of a card. */
  corner(placed: Placed): Point
  /** Where the lines to the children of a row meet, above their cards. */
  busY(placed: Placed): number
  /** Where the line to a wrapped row comes down. */
  laneX(strip: number, lane: number): number
  /** The way from the bottom of a strip to the top of the next; `i` counts from the left of `of` lines. */
  bridge(strip: number, i: number, of: number): { bottomY: number; gutterX: number; topY: number }
}

/** The largest on a phone; a plain tree before one that is wrapped or cut. */
export function bestGeometry(forest: Forest, count: number): Geometry {
  const most = Math.min(count, 14)
  const all = Array.from({ length: most }, (_, i) => layOut(forest, i + 1, 8)).flat()
  let best: { geometry: Geometry; value: number } | undefined
  for (const layout of all) {
    for (const form of forms) {
      const geometry = geometryOf(layout, form, forest.further.length > 0 ? HEAD + LEGEND : HEAD)
      const value = valueOf(geometry)
      if (!best || value > best.value) best = { geometry, value }
    }
  }
  if (!best) throw new Error('a family has at least one member')
  return best.geometry
}

function valueOf({ width, height, scale, layout }: Geometry): number {
  const upright = Math.min(PHONE.width / width, PHONE.height / height)
  const lying = Math.min(PHONE.height / width, PHONE.width / height)
  const seen = Math.min(LARGE_ENOUGH, Math.max(upright, 0.9 * lying))
  const wrapped = new Set(layout.branches.flatMap(({ parent, lane }) => (lane === undefined ? [] : [parent])))
  // A row of pictures without children is still read as one when it is wrapped; whole families below each other are not.
  const hard = [...wrapped].filter(({ children }) =>
    children.some((child) => child.children.length > 0),
  ).length
  const cost =
    0.93 ** (layout.strips.length - 1) *
    0.93 ** Math.min(wrapped.size, 6) *
    0.85 ** Math.min(hard + layout.rootRows - 1, 6)
  return seen * scale * cost
}

function geometryOf(layout: Layout, form: Form, head: number): Geometry {
  const column = form.width + GAP
  const row = form.height + ABOVE
  const { strips } = layout
  // Without strips the first row has nothing above it.
  const tracks = mostBridges(layout)
  const top = tracks > 0 ? head + ABOVE + (tracks - 1) * TRACK - 16 : head
  const lefts: number[] = []
  let x = MARGIN
  for (const strip of strips) {
    lefts.push(x)
    x += strip.width * column - GAP + GUTTER + tracks * TRACK
  }
  const natural = {
    width: x - GUTTER - tracks * TRACK + MARGIN,
    height: top + Math.max(...strips.map(({ rows }) => rows)) * row - ABOVE + MARGIN,
  }
  if (tracks > 0) natural.height += tracks * TRACK + 8
  const width = Math.max(NARROWEST, natural.width)
  // A narrow tree stands in the middle.
  const indent = Math.round((width - natural.width) / 2)
  const left = (strip: number) => indent + (lefts[strip] ?? 0)
  const corner = ({ x: cell, row: at, strip }: Placed) => ({
    x: Math.round(left(strip) + cell * column),
    y: top + at * row,
  })
  return {
    form,
    layout,
    width,
    height: natural.height,
    scale: Math.min(1, LONGEST_SIDE / width, LONGEST_SIDE / natural.height),
    corner,
    busY: (placed) => corner(placed).y - ABOVE + 22,
    // In the middle of the room that layout.ts leaves for it.
    laneX: (strip, lane) => Math.round(left(strip) + (lane + 0.08) * column - GAP / 2),
    bridge(strip, i, of) {
      const { width: columns = 0, rows = 0 } = strips[strip] ?? {}
      const track = (of - 1 - i) * TRACK
      return {
        bottomY: top + rows * row - ABOVE + 22 + track,
        gutterX: left(strip) + columns * column - GAP + GUTTER / 2 + track,
        topY: top - ABOVE + 22 - i * TRACK,
      }
    },
  }
}

/** Lines that lead from one strip to the next, at most. */
function mostBridges({ branches, placed, strips }: Layout): number {
  const counts = strips.map(() => 0)
  for (const { parent, children } of branches) {
    const from = placed.get(parent)?.strip ?? 0
    const child = children[0] && placed.get(children[0])
    if (child && child.strip !== from) counts[from] = (counts[from] ?? 0) + 1
  }
  return Math.max(...counts)
}

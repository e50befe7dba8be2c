/**
 * Where each picture of a family goes, in cells of a grid: parents above children. Wide generations wrap into several rows, and a
 * tall tree is cut into strips that stand side by side, so that a hundred pictures still have a shape that fits a phone.
 */
import type { Forest, Tree } from './forest.ts'

/** `x` is the left edge in columns (may be between two); `row` counts within the strip. */
export type Placed = { tree: Tree; x: number; row: number; strip: number }

/** Children of one parent whose row they share; `lane`: the column edge along which the line comes down to a wrapped row. */
export type Branch = { parent: Tree; children: Tree[]; lane: number | undefined }

export type Layout = {
  placed: Map<Tree, Placed>
  branches: Branch[]
  /** Of each strip, in columns and rows. */
  strips: { left: number; width: number; rows: number }[]
  /** Into how many rows the oldest ancestors were wrapped. */
  rootRows: number
}

/** Room for the line that leads past a row to the next, in columns. */
const LANE = 0.16
/** Lines that may lead from one strip to the next. */
const MOST_BRIDGES = 4

type Spot = { tree: Tree; x: number; row: number }
type Group = { parent: Tree; children: Tree[]; lane: number | undefined; from: number; to: number }
/** A placed subtree; `left[row]` and `right[row]` are its edges. Row 0 is its top. */
type Block = { spots: Spot[]; groups: Group[]; left: number[]; right: number[] }

/** All shapes with at most `columns` columns a row, cut into one strip, two, and so on where that can be done. */
export function layOut({ roots }: Forest, columns: number, mostStrips: number): Layout[] {
  const trees = roots.map((root) => blockOf(root, columns))
  const { block, shelves } = shelve(trees, columns, 0)
  return Array.from({ length: mostStrips }, (_, i) => cutsOf(block, i + 1)).flatMap((cuts) =>
    cuts ? [{ ...cutInto(block, cuts), rootRows: shelves.length }] : [],
  )
}

/** A subtree: its top centred over its children, or over the one that goes on. */
function blockOf(tree: Tree, columns: number): Block {
  if (tree.children.length === 0) {
    return { spots: [{ tree, x: 0, row: 0 }], groups: [], left: [0], right: [1] }
  }
  const { block, shelves } = shelve(
    tree.children.map((child) => blockOf(child, columns)),
    columns,
    LANE,
  )
  const below = shiftedBy(block, 0, 1)
  const [first = []] = shelves
  const xOf = (child: Tree) => below.spots.find((spot) => spot.tree === child)?.x ?? 0
  const spine = spineOf(first)
  const tops = (spine ? [spine] : first).map(xOf)
  const x = (minOf(tops) + maxOf(tops)) / 2
  let row = 1
  const groups = shelves.map((children, i): Group => {
    const own = below.spots.filter((spot) => children.includes(spot.tree))
    row = own[0]?.row ?? row
    return { parent: tree, children, lane: i === 0 ? undefined : minOf(below.left), from: 0, to: row }
  })
  return {
    spots: [{ tree, x, row: 0 }, ...below.spots],
    groups: [...groups, ...below.groups],
    left: [x, ...below.left.slice(1)],
    right: [x + 1, ...below.right.slice(1)],
  }
}

/** The one child whose line goes on much longer than the others': right below its parent, so that a long line runs straight down. */
function spineOf(children: readonly Tree[]): Tree | undefined {
  const [longest, second] = children
    .map((child) => ({ child, depth: depthOf(child) }))
    .sort((a, b) => b.depth - a.depth)
  return longest && second && longest.depth >= second.depth + 3 ? longest.child : undefined
}

const depthOf = ({ children }: Tree): number => 1 + Math.max(0, ...children.map(depthOf))

/** Blocks side by side as long as they fit, then below: as evenly as possible. */
function shelve(
  blocks: readonly Block[],
  columns: number,
  lane: number,
): { block: Block; shelves: Tree[][] } {
  const fill = (width: number): Block[][] => {
    const shelves: Block[][] = []
    let current: Block | undefined
    for (const block of blocks) {
      const wider = current && beside(current, block)
      if (wider && widthOf(wider) <= width) {
        shelves.at(-1)?.push(block)
        current = wider
      } else {
        shelves.push([block])
        current = block
      }
    }
    return shelves
  }
  let shelves = fill(columns)
  if (shelves.length > 1) {
    const count = shelves.length
    for (let width = 1; width < columns; width++) {
      const narrower = fill(width)
      if (narrower.length > count) continue
      shelves = narrower
      break
    }
  }
  const indent = shelves.length > 1 ? lane : 0
  const whole: Block = { spots: [], groups: [], left: [], right: [] }
  for (const shelf of shelves) {
    const [first, ...rest] = shelf
    if (!first) continue
    const packed = rest.reduce(beside, first)
    const put = shiftedBy(packed, indent - minOf(packed.left), whole.left.length)
    whole.spots.push(...put.spots)
    whole.groups.push(...put.groups)
    whole.left.push(...put.left.slice(whole.left.length).map((left) => (indent > 0 ? 0 : left)))
    whole.right.push(...put.right.slice(whole.right.length))
  }
  return { block: whole, shelves: shelves.map((shelf) => shelf.flatMap(({ spots }) => spots[0]?.tree ?? [])) }
}

/** The second one as far to the left as the first one's outline lets it. */
function beside(a: Block, b: Block): Block {
  let by = -Infinity
  for (const [row, left] of b.left.entries()) {
    const right = a.right[row]
    if (right !== undefined) by = Math.max(by, right - left)
  }
  const moved = shiftedBy(b, by, 0)
  const rows = Math.max(a.left.length, b.left.length)
  const at = (own: readonly number[], other: readonly number[], choose: typeof Math.min) =>
    Array.from({ length: rows }, (_, row) => choose(...[own[row], other[row]].filter((x) => x !== undefined)))
  return {
    spots: [...a.spots, ...moved.spots],
    groups: [...a.groups, ...moved.groups],
    left: at(a.left, moved.left, Math.min),
    right: at(a.right, moved.right, Math.max),
  }
}

function shiftedBy({ spots, groups, left, right }: Block, x: number, rows: number): Block {
  const moved = (edges: readonly number[]) => [
    ...Array.from({ length: rows }, () => 0),
    ...edges.map((edge) => edge + x),
  ]
  return {
    spots: spots.map((spot) => ({ ...spot, x: spot.x + x, row: spot.row + rows })),
    groups: groups.map((group) => ({
      ...group,
      lane: group.lane === undefined ? undefined : group.lane + x,
      from: group.from + rows,
      to: group.to + rows,
    })),
    left: moved(left),
    right: moved(right),
  }
}

const minOf = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Infinity)
const maxOf = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), -Infinity)
const widthOf = ({ left, right }: Block) => maxOf(right) - minOf(left)

/** The first row of every strip but the first, near to even; only where few lines, all to the next row, are cut. */
function cutsOf({ groups, left }: Block, strips: number): number[] | undefined {
  const rows = left.length
  const isFree = (row: number) => {
    const crossing = groups.filter(({ from, to }) => from < row && to >= row)
    return (
      crossing.every(({ from, to, lane }) => from === row - 1 && to === row && lane === undefined) &&
      crossing.length <= MOST_BRIDGES &&
      // The line past this row to a wrapped one would be cut, too.
      !groups.some((group) => group.lane !== undefined && group.from < row && group.to >= row)
    )
  }
  const cuts: number[] = []
  for (let i = 1; i < strips; i++) {
    const wanted = (i * rows) / strips
    const found = Array.from({ length: rows }, (_, row) => row)
      .filter((row) => row > (cuts.at(-1) ?? 0) && Math.abs(row - wanted) <= rows / strips / 3 && isFree(row))
      .sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]
    if (found === undefined) return undefined
    cuts.push(found)
  }
  return cuts
}

function cutInto({ spots, groups, left, right }: Block, cuts: readonly number[]): Omit<Layout, 'rootRows'> {
  const starts = [0, ...cuts]
  const strips = starts.map((start, i) => {
    const end = starts[i + 1] ?? left.length
    const edge = minOf(left.slice(start, end))
    return { left: edge, width: maxOf(right.slice(start, end)) - edge, rows: end - start }
  })
  const stripOf = (row: number) => starts.findLastIndex((start) => start <= row)
  const placed = spots.map(({ tree, x, row }): [Tree, Placed] => {
    const strip = stripOf(row)
    return [tree, { tree, x: x - (strips[strip]?.left ?? 0), row: row - (starts[strip] ?? 0), strip }]
  })
  const branches = groups.map(({ parent, children, lane, from }): Branch => {
    const edge = strips[stripOf(from)]?.left ?? 0
    return { parent, children, lane: lane === undefined ? undefined : lane - edge }
  })
  return { placed: new Map(placed), branches, strips }
}

/** The lines of a family tree: from a parent down to its children, with what changed written at each arrow. */
import { palette } from '../explain/palette.ts'
import { polygon, rect, type Stroke } from '../explain/svg.ts'
import { textWidth } from '../explain/text.ts'
import { linkWords } from './changes.ts'
import { textLines, wrapped } from './drawText.ts'
import type { Link } from './family.ts'
import type { Forest, Tree } from './forest.ts'
import type { Geometry, Point } from './geometry.ts'
import type { Branch, Placed } from './layout.ts'

const LINE: Stroke = { colour: '#8b93a5', width: 3 }
const SECOND: Stroke = { colour: palette.guidance, width: 3, dash: '3 9' }
const LABEL = { size: 20, leading: 25 }

/** Below the cards: whatever a line passes, it passes behind it. */
export function drawLines(geometry: Geometry, forest: Forest): string {
  const { layout } = geometry
  const byId = new Map([...layout.placed.values()].map((placed) => [placed.tree.member.id, placed]))
  const second = forest.further.flatMap(({ parentId, childId }) => {
    const [from, to] = [byId.get(parentId), byId.get(childId)]
    return from && to ? [secondParent(geometry, from, to)] : []
  })
  return [...second, ...layout.branches.flatMap((branch) => drawBranch(geometry, forest, branch))].join('')
}

function drawBranch(geometry: Geometry, forest: Forest, branch: Branch): string[] {
  const { layout, form } = geometry
  const parent = layout.placed.get(branch.parent)
  const children = branch.children.flatMap((child) => layout.placed.get(child) ?? [])
  const [first] = children
  if (!parent || !first) return []
  const corner = geometry.corner(parent)
  const start = { x: corner.x + form.width / 2, y: corner.y + form.height }
  const bus = geometry.busY(first)
  const middles = children.map((child) => geometry.corner(child).x + form.width / 2)
  const arrows = children.map((child) => arrow(geometry, forest, child, bus))
  if (first.strip !== parent.strip) {
    return [path(bridgeTo(geometry, parent, first, start, middles), LINE), ...arrows]
  }
  const { lane } = branch
  if (lane === undefined) {
    const [left, right] = [Math.min(start.x, ...middles), Math.max(start.x, ...middles)]
    const shared =
      left === right
        ? []
        : [
            path(
              [
                { x: left, y: bus },
                { x: right, y: bus },
              ],
              LINE,
            ),
          ]
    return [path([start, { x: start.x, y: bus }], LINE), ...shared, ...arrows]
  }
  const x = geometry.laneX(parent.strip, lane)
  const turn = start.y + 22
  const points = [
    start,
    { x: start.x, y: turn },
    { x, y: turn },
    { x, y: bus },
    { x: Math.max(...middles), y: bus },
  ]
  return [path(points, LINE), ...arrows]
}

/** Down, to the right of the strip, up, and along the top of the next one. Lines beside each other never cross. */
function bridgeTo(
  geometry: Geometry,
  parent: Placed,
  first: Placed,
  start: Point,
  middles: readonly number[],
): Point[] {
  const { layout } = geometry
  const all = layout.branches
    .flatMap(({ parent, children: [child] }) => {
      const [from, to] = [layout.placed.get(parent), child && layout.placed.get(child)]
      return from && to && from.strip !== to.strip && to.strip === first.strip ? [from] : []
    })
    .sort((a, b) => a.x - b.x)
  const { bottomY, gutterX, topY } = geometry.bridge(parent.strip, all.indexOf(parent), all.length)
  const bus = geometry.busY(first)
  const [left, right] = [Math.min(...middles), Math.max(...middles)]
  return [
    start,
    { x: start.x, y: bottomY },
    { x: gutterX, y: bottomY },
    { x: gutterX, y: topY },
    { x: left, y: topY },
    { x: left, y: bus },
    { x: right, y: bus },
  ]
}

/** From the shared line down to a card, with what changed beside it. */
function arrow(geometry: Geometry, { further }: Forest, child: Placed, bus: number): string {
  const { form } = geometry
  const { x, y } = geometry.corner(child)
  const middle = x + form.width / 2
  const words = changed(child.tree, geometry, further)
  const lines = wrapped(words, form.width, 2, LABEL)
  const wide = Math.max(...lines.map((line) => textWidth(line, LABEL)))
  const height = lines.length * LABEL.leading
  const top = (bus + y - 10 - height) / 2 + 2
  return [
    path(
      [
        { x: middle, y: bus },
        { x: middle, y: y - 10 },
      ],
      LINE,
    ),
    rect({ x: middle - wide / 2 - 6, y: top - 2, width: wide + 12, height: height + 4 }, palette.ground, 4),
    textLines(lines, middle, top + 19, { ...LABEL, fill: palette.change, anchor: 'middle' }),
    polygon(
      [
        [middle - 8, y - 14],
        [middle + 8, y - 14],
        [middle, y - 1],
      ],
      LINE.colour,
      1,
    ),
  ].join('')
}

function changed({ member, links }: Tree, { layout }: Geometry, further: readonly Link[]): string {
  const recipeOf = (id: string) =>
    [...layout.placed.keys()].find((tree) => tree.member.id === id)?.member.picture?.recipe
  const all = [...links, ...further.filter(({ childId }) => childId === member.id)]
  const phrases = all.map(({ relation, parentId }) =>
    linkWords({ relation, parent: recipeOf(parentId), child: member.picture?.recipe }, 0),
  )
  return phrases.join(', ')
}

/** A dotted curve from the side of a second parent to the side of its child. */
function secondParent(geometry: Geometry, from: Placed, to: Placed): string {
  const { form } = geometry
  const [a, b] = [geometry.corner(from), geometry.corner(to)]
  const isLeft = a.x <= b.x
  const start = { x: a.x + (isLeft ? form.width : 0), y: a.y + form.height - 30 }
  const end = { x: b.x + (isLeft && a.x !== b.x ? 0 : form.width), y: b.y + 30 }
  const bend = Math.max(40, Math.abs(end.x - start.x) / 2)
  const c1 = start.x + (isLeft ? bend : -bend)
  const c2 = end.x + (isLeft && a.x !== b.x ? -bend : bend)
  const d = `M${start.x} ${start.y}C${c1} ${start.y} ${c2} ${end.y} ${end.x} ${end.y}`
  return `<path d="${d}" fill="none" stroke="${SECOND.colour}" stroke-width="${SECOND.width}" stroke-dasharray="${SECOND.dash ?? ''}" stroke-linecap="round"/>`
}

function path(points: readonly Point[], { colour, width }: Stroke): string {
  const d = points.map(({ x, y }) => `${x} ${y}`).join('L')
  return `<path d="M${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>`
}

/** Bends the source's face into the target's shape: an affine map for each triangle of the mesh. */
import { innerLips, type Landmarks, mouthOpening, pointAt, pointCount, triangles } from './landmarks.ts'
import { between, type Picture } from './pixels.ts'

export type Warped = { picture: Picture; /** 1 where the mesh put something. */ covered: Uint8Array }

/** Mouths that differ more than this are matched by their outer lips alone: stretched teeth look worse than a guess. */
const sameMouth = 0.06

const neighbours: readonly (readonly number[])[] = listNeighbours()

/**
 * @param from landmarks in the pixels of `source`
 * @param to landmarks in the pixels of a picture of `width` x `height`
 */
export function warp(source: Picture, from: Landmarks, to: Landmarks, width: number, height: number): Warped {
  const places = matchingPlaces(from, to)
  const picture: Picture = { width, height, rgb: new Uint8Array(width * height * 3) }
  const covered = new Uint8Array(width * height)
  // A triangle seen from behind is hidden by others. One that would be turned over in the source shows nothing that was seen,
  // but is better than a hole: it is drawn first, so that its neighbours cover what they can.
  const front = triangles
    .map((of) => ({ goal: cornersAt(to, of), start: cornersAt(places, of) }))
    .filter(({ goal }) => cross(...goal) > 0)
  const turnedOver = front.filter(({ start }) => cross(...start) <= 0)
  const sound = front.filter(({ start }) => cross(...start) > 0)
  for (const { goal, start } of [...turnedOver, ...sound]) draw(source, start, goal, picture, covered)
  return { picture, covered }
}

type Corners = readonly [number, number, number]
type Triangle = [Point, Point, Point]

const cornersAt = (points: Landmarks, [i, j, k]: Corners): Triangle => [
  pointAt(points, i),
  pointAt(points, j),
  pointAt(points, k),
]

function draw(
  source: Picture,
  [p, q, r]: Triangle,
  [a, b, c]: Triangle,
  to: Picture,
  covered: Uint8Array,
): void {
  const area = cross(a, b, c)
  const colour = new Float32Array(3)
  fill([a, b, c], to, (point, at) => {
    const u = cross(point, b, c) / area
    const v = cross(a, point, c) / area
    const w = 1 - u - v
    const x = u * p[0] + v * q[0] + w * r[0] - 0.5
    const y = u * p[1] + v * q[1] + w * r[1] - 0.5
    between(source, x, y, colour)
    for (let channel = 0; channel < 3; channel++) to.rgb[at * 3 + channel] = (colour[channel] as number) + 0.5
    covered[at] = 1
  })
}

type Point = readonly [number, number]

/** Twice the area of a triangle; more than 0 in the mesh's own order on a face seen from the front. */
const cross = (a: Point, b: Point, c: Point) =>
  -((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

/** Calls for each pixel whose centre lies in the triangle, edges included. */
function fill(
  [a, b, c]: Triangle,
  { width, height }: Picture,
  paint: (point: Point, at: number) => void,
): void {
  const left = Math.max(0, Math.floor(Math.min(a[0], b[0], c[0]) - 0.5))
  const right = Math.min(width - 1, Math.ceil(Math.max(a[0], b[0], c[0]) - 0.5))
  const top = Math.max(0, Math.floor(Math.min(a[1], b[1], c[1]) - 0.5))
  const bottom = Math.min(height - 1, Math.ceil(Math.max(a[1], b[1], c[1]) - 0.5))
  const little = -1e-6
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const point: Point = [column + 0.5, row + 0.5]
      if (cross(point, b, c) < little || cross(a, point, c) < little || cross(a, b, point) < little) continue
      paint(point, row * width + column)
    }
  }
}

/**
 * Where each point of the target lies in the source. Points that would mislead are left free and follow their neighbours: the
 * inner lips of mouths that differ, and the corners of triangles that would be turned over.
 */
function matchingPlaces(from: Landmarks, to: Landmarks): Landmarks {
  const free = new Set<number>()
  if (Math.abs(mouthOpening(from) - mouthOpening(to)) > sameMouth) for (const i of innerLips) free.add(i)
  const map = affine(to, from)
  let places = follow(from, to, map, free)
  for (let round = 0; round < 4; round++) {
    const before = free.size
    for (const corners of triangles) {
      if (cross(...cornersAt(to, corners)) > 0 && cross(...cornersAt(places, corners)) <= 0) {
        for (const i of corners) free.add(i)
      }
    }
    if (free.size === before) break
    places = follow(from, to, map, free)
  }
  return places
}

/** Free points move as the mean of their neighbours does, beyond what the whole face does. */
function follow(from: Landmarks, to: Landmarks, map: Affine, free: ReadonlySet<number>): Landmarks {
  const places = from.slice()
  if (free.size === 0) return places
  const moved = new Float32Array(pointCount * 2)
  for (let i = 0; i < pointCount; i++) {
    if (free.has(i)) continue
    const [x, y] = map(...pointAt(to, i))
    moved[i * 2] = (from[i * 2] as number) - x
    moved[i * 2 + 1] = (from[i * 2 + 1] as number) - y
  }
  for (let round = 0; round < 60; round++) {
    for (const i of free) {
      const near = neighbours[i] ?? []
      for (const k of [0, 1]) {
        moved[i * 2 + k] = near.reduce((sum, j) => sum + (moved[j * 2 + k] as number), 0) / near.length
      }
    }
  }
  for (const i of free) {
    const [x, y] = map(...pointAt(to, i))
    places[i * 2] = x + (moved[i * 2] as number)
    places[i * 2 + 1] = y + (moved[i * 2 + 1] as number)
  }
  return places
}

type Affine = (x: number, y: number) => Point

/** The map that carries one set of points to the other with the smallest squares. */
function affine(from: Landmarks, to: Landmarks): Affine {
  const mean = (points: Landmarks, k: number) =>
    points.reduce((sum, value, i) => (i % 2 === k ? sum + value : sum), 0) / pointCount
  const [fx, fy, tx, ty] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)]
  let [xx, xy, yy, xu, yu, xv, yv] = [0, 0, 0, 0, 0, 0, 0]
  for (let i = 0; i < pointCount; i++) {
    const [x, y] = pointAt(from, i)
    const [u, v] = pointAt(to, i)
    xx += (x - fx) ** 2
    xy += (x - fx) * (y - fy)
    yy += (y - fy) ** 2
    xu += (x - fx) * (u - tx)
    yu += (y - fy) * (u - tx)
    xv += (x - fx) * (v - ty)
    yv += (y - fy) * (v - ty)
  }
  const whole = xx * yy - xy * xy || 1
  const [a, b] = [(xu * yy - yu * xy) / whole, (yu * xx - xu * xy) / whole]
  const [c, d] = [(xv * yy - yv * xy) / whole, (yv * xx - xv * xy) / whole]
  return (x, y) => [tx + a * (x - fx) + b * (y - fy), ty + c * (x - fx) + d * (y - fy)]
}

function listNeighbours(): number[][] {
  const sets = Array.from({ length: pointCount }, () => new Set<number>())
  for (const corners of triangles) {
    for (const i of corners) for (const j of corners) if (i !== j) sets[i]?.add(j)
  }
  return sets.map((set) => [...set])
}

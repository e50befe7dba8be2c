/** Where faces are: what the detector network (BlazeFace, 256 x 256) says, as boxes in pixels. */

/** A face as the detector sees it; the points are right eye, left eye, nose, mouth, right ear, left ear (its own right and left). */
export type Sighting = {
  x: number
  y: number
  width: number
  height: number
  score: number
  points: { x: number; y: number }[]
}

export const detectorSize = 256

/** Centres of the network's 896 cells: two at each 16 pixels, then six at each 32 pixels. */
const centres = [
  { step: 16, each: 2 },
  { step: 32, each: 6 },
].flatMap(({ step, each }) => {
  const count = detectorSize / step
  return Array.from({ length: count * count * each }, (_, i) => {
    const cell = Math.floor(i / each)
    return { x: ((cell % count) + 0.5) * step, y: (Math.floor(cell / count) + 0.5) * step }
  })
})

/**
 * Sightings in one window of a picture.
 * @param boxes 896 x 16: middle, size and six points, in pixels of the network's picture, from the centre of the cell
 * @param window the square of the picture that the network saw
 */
export function readSightings(
  scores: Float32Array,
  boxes: Float32Array,
  window: { x: number; y: number; side: number },
  atLeast: number,
): Sighting[] {
  const scale = window.side / detectorSize
  const found: Sighting[] = []
  centres.forEach((centre, i) => {
    const score = 1 / (1 + Math.exp(-(scores[i] ?? -100)))
    if (score < atLeast) return
    const number = (k: number) => boxes[i * 16 + k] as number
    const place = (k: number) => ({
      x: window.x + (centre.x + number(k)) * scale,
      y: window.y + (centre.y + number(k + 1)) * scale,
    })
    const middle = place(0)
    const width = number(2) * scale
    const height = number(3) * scale
    found.push({
      x: middle.x - width / 2,
      y: middle.y - height / 2,
      width,
      height,
      score,
      points: [4, 6, 8, 10, 12, 14].map(place),
    })
  })
  return found
}

type Placed = { x: number; y: number; width: number; height: number; score: number }

/** The best of each heap of overlapping boxes (non-maximum suppression), best first. */
export function bestOfEach<T extends Placed>(sightings: readonly T[], overlap = 0.3): T[] {
  const kept: T[] = []
  for (const one of [...sightings].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => shared(one, other) < overlap)) kept.push(one)
  }
  return kept
}

/** Shared area in relation to the smaller box, so that a box inside another one counts as the same face. */
function shared(a: Placed, b: Placed): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / Math.min(a.width * a.height, b.width * b.height)
}

/** Pixels; in smaller pictures a face that the detector misses in the whole is too small for anything else as well. */
const partsFrom = 720

/**
 * Squares of a picture that the detector looks at: with a margin (a face that fills the picture), the whole, and overlapping
 * parts (small faces in a group).
 */
export function windowsOf(width: number, height: number): { x: number; y: number; side: number }[] {
  const long = Math.max(width, height)
  const around = (share: number) => {
    const side = long * share
    return { x: (width - side) / 2, y: (height - side) / 2, side }
  }
  const side = long / 2
  const starts = (length: number) => {
    const count = Math.max(1, Math.ceil((length - side) / (side / 2) - 0.01) + 1)
    if (count === 1) return [(length - side) / 2]
    return Array.from({ length: count }, (_, i) => (i * (length - side)) / (count - 1))
  }
  const parts = starts(height).flatMap((y) => starts(width).map((x) => ({ x, y, side })))
  return [around(1.6), around(1), ...(long >= partsFrom ? parts : [])]
}

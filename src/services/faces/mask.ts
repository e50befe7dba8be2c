/** Which part of the target is replaced, and how softly it ends. */
import { browRings, brows, eyes, type Landmarks, outerLips, oval, pointAt } from './landmarks.ts'
import { blur } from './planes.ts'

/** The width of the mask in relation to the face: hair and ears lie outside. */
const narrow = 0.9
const chin = 0.97
/** How far the mask reaches over the brows, in heights of the face. Above it begins the hair of many people. */
const overBrows = 0.075
/** Width of the soft edge, in widths of the face. */
const feather = 0.075

/**
 * 0 to 1 for each pixel: 1 in the middle of the face, falling softly to 0 just above the brows, before the ears and at the chin.
 * @param covered 1 where there is something to put
 */
export function faceMask(to: Landmarks, width: number, height: number, covered: Uint8Array): Float32Array {
  const { outline, faceWidth } = outlineOf(to)
  const inside = polygon(outline, width, height)
  for (let i = 0; i < inside.length; i++) if (covered[i] === 0) inside[i] = 0
  const soft = blur(inside, width, height, Math.max(1, (faceWidth * feather) / 2))
  // Half of the blurred edge lies outside the outline, where nothing may be put: only the inner half counts.
  return soft.map((value) => smooth(Math.max(0, value - 0.5) * 2))
}

const smooth = (share: number) => share * share * (3 - 2 * share)

function outlineOf(to: Landmarks): { outline: [number, number][]; faceWidth: number } {
  const [left, right] = [pointAt(to, 234), pointAt(to, 454)]
  const faceWidth = Math.hypot(right[0] - left[0], right[1] - left[1])
  const across: [number, number] = [(right[0] - left[0]) / faceWidth, (right[1] - left[1]) / faceWidth]
  const [top, bottom] = [pointAt(to, 10), pointAt(to, 152)]
  const faceHeight = Math.hypot(bottom[0] - top[0], bottom[1] - top[1])
  const down: [number, number] = [(bottom[0] - top[0]) / faceHeight, (bottom[1] - top[1]) / faceHeight]
  const nose = pointAt(to, 6)
  const shrink = ([x, y]: readonly [number, number]): [number, number] => {
    // in the face's own directions, which need not be at right angles when the head is turned
    const whole = across[0] * down[1] - across[1] * down[0]
    const u = ((x - nose[0]) * down[1] - (y - nose[1]) * down[0]) / whole
    const v = ((y - nose[1]) * across[0] - (x - nose[0]) * across[1]) / whole
    return [
      nose[0] + across[0] * u * narrow + down[0] * v * chin,
      nose[1] + across[1] * u * narrow + down[1] * v * chin,
    ]
  }
  const raise = ([x, y]: readonly [number, number]): [number, number] => [
    x - down[0] * faceHeight * overBrows,
    y - down[1] * faceHeight * overBrows,
  ]
  // from the left temple over the brows to the right one, then round the chin
  const chinward = oval.slice(oval.indexOf(356), oval.indexOf(127) + 1)
  return {
    outline: [...brows.map((i) => raise(pointAt(to, i))), ...chinward.map((i) => shrink(pointAt(to, i)))],
    faceWidth,
  }
}

/** 1 on plain skin: the face without eyes, brows and mouth, whose colours say nothing about the light. */
export function skinOf(to: Landmarks, mask: Float32Array, width: number, height: number): Float32Array {
  const skin = mask.slice()
  for (const ring of [...eyes, ...browRings, outerLips]) {
    const part = polygon(grown(ring.map((i) => pointAt(to, i))), width, height)
    for (let i = 0; i < skin.length; i++) if (part[i] !== 0) skin[i] = 0
  }
  return skin
}

/** 1 on the eyes, falling softly to 0 at the lids. */
export function eyesOf(to: Landmarks, width: number, height: number): Float32Array {
  const plane = new Float32Array(width * height)
  for (const ring of eyes) {
    const points = ring.map((i) => pointAt(to, i))
    const part = polygon(points, width, height)
    for (let i = 0; i < plane.length; i++) if (part[i] !== 0) plane[i] = 1
  }
  const [inner, outer] = [pointAt(to, 133), pointAt(to, 33)]
  return blur(plane, width, height, Math.hypot(inner[0] - outer[0], inner[1] - outer[1]) * 0.05)
}

function grown(points: (readonly [number, number])[]): [number, number][] {
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length
  return points.map((point) => [x + (point[0] - x) * 1.25, y + (point[1] - y) * 1.6])
}

/** 1 for each pixel whose centre lies inside the outline, else 0. */
function polygon(
  outline: readonly (readonly [number, number])[],
  width: number,
  height: number,
): Float32Array {
  const plane = new Float32Array(width * height)
  for (let row = 0; row < height; row++) {
    const y = row + 0.5
    const crossings: number[] = []
    outline.forEach(([x1, y1], i) => {
      const [x2, y2] = outline[(i + 1) % outline.length] as readonly [number, number]
      if (y1 <= y === y2 <= y) return
      crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
    })
    crossings.sort((a, b) => a - b)
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const start = Math.max(0, Math.ceil((crossings[k] as number) - 0.5))
      const end = Math.min(width - 1, Math.floor((crossings[k + 1] as number) - 0.5))
      for (let column = start; column <= end; column++) plane[row * width + column] = 1
    }
  }
  return plane
}

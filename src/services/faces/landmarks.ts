/** The face mesh of MediaPipe: which of its 468 points are what, its triangles, and what can be read from the points. */
import { readFileSync } from 'node:fs'

/** x, y of 468 points. */
export type Landmarks = Float32Array

export const pointCount = 468

/** Round the face, clockwise from the middle of the forehead. */
export const oval = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
]
/** Upper edges of the brows, from the left edge of the picture to the right one. */
export const brows = [70, 63, 105, 66, 107, 336, 296, 334, 293, 300]
/** The brows whole, as rings. */
export const browRings = [
  [70, 63, 105, 66, 107, 55, 65, 52, 53, 46],
  [300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
]
export const eyes = [
  [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
]
export const outerLips = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185,
]
const upperInnerLip = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]
const lowerInnerLip = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308]
export const innerLips = [...new Set([...upperInnerLip, ...lowerInnerLip])]

const file = new URL('../../../data/models/faces/mesh.json', import.meta.url)

/** Three point numbers each; the last 18 close the mouth, which the mesh leaves open. */
export const triangles: readonly (readonly [number, number, number])[] = [
  ...inThrees((JSON.parse(readFileSync(file, 'utf8')) as { triangles: number[] }).triangles),
  ...upperInnerLip.slice(1).flatMap((upper, i): [number, number, number][] => {
    const before = upperInnerLip[i] as number
    const lower = lowerInnerLip[i + 1] as number
    const lowerBefore = lowerInnerLip[i] as number
    const both: [number, number, number][] = [
      [before, lowerBefore, upper],
      [upper, lowerBefore, lower],
    ]
    return both.filter((corners) => new Set(corners).size === 3)
  }),
]

function inThrees(numbers: readonly number[]): [number, number, number][] {
  return Array.from({ length: numbers.length / 3 }, (_, i) => [
    numbers[i * 3] as number,
    numbers[i * 3 + 1] as number,
    numbers[i * 3 + 2] as number,
  ])
}

export const pointAt = (landmarks: Landmarks, i: number): readonly [number, number] => [
  landmarks[i * 2] as number,
  landmarks[i * 2 + 1] as number,
]

export function distance(landmarks: Landmarks, a: number, b: number): number {
  const [ax, ay] = pointAt(landmarks, a)
  const [bx, by] = pointAt(landmarks, b)
  return Math.hypot(bx - ax, by - ay)
}

/** The upright box round all points. */
export function boxOf(landmarks: Landmarks): { x: number; y: number; width: number; height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < pointCount; i++) {
    const [x, y] = pointAt(landmarks, i)
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** How wide the mouth stands open, in relation to its width. */
export function mouthOpening(landmarks: Landmarks): number {
  return distance(landmarks, 13, 14) / Math.max(1, distance(landmarks, 61, 291))
}

/**
 * How the head is held, in degrees, from 468 x (x, y, depth): yaw is more than 0 to its own left, pitch upwards, roll when the
 * head leans to the right edge of the picture.
 */
export function poseOf(points: Float32Array): { yaw: number; pitch: number; roll: number } {
  const across = between(points, 234, 454)
  const down = between(points, 10, 152)
  const eyes = between(points, 33, 263)
  const degrees = (radians: number) => (radians * 180) / Math.PI
  return {
    yaw: degrees(Math.atan2(across.depth, Math.hypot(across.x, across.y))),
    pitch: degrees(-Math.atan2(down.depth, Math.hypot(down.x, down.y))),
    roll: degrees(Math.atan2(eyes.y, eyes.x)),
  }
}

function between(points: Float32Array, a: number, b: number): { x: number; y: number; depth: number } {
  const difference = (k: number) => (points[b * 3 + k] as number) - (points[a * 3 + k] as number)
  return { x: difference(0), y: difference(1), depth: difference(2) }
}

/** From a picture to its faces with landmarks. */
import { bestOfEach, detectorSize, readSightings, type Sighting, windowsOf } from './detector.ts'
import { meshSize, type Networks } from './networks.ts'
import { type Picture, sampleSquare, scaled, type Square } from './pixels.ts'
import { boxOf, type Landmarks, poseOf } from './landmarks.ts'
import type { Face } from './types.ts'

export type FoundFace = Face & { pitch: number; roll: number }

/** Faces are looked for in a copy of at most this many pixels a side; landmarks are as exact there. */
const workingSide = 1280
const maxFaces = 20
/** The detector sees faces in clouds and curtains too; the mesh network judges (portraits 0.93 to 1, such things below 0.6). */
const leastSighting = 0.55
const leastFace = 0.88

/** @param rest is called between the networks' runs; it throws when nobody wants the answer any more */
export async function findFaces(
  networks: Networks,
  picture: Picture,
  rest: () => void,
): Promise<FoundFace[]> {
  const scale = Math.min(1, workingSide / Math.max(picture.width, picture.height))
  const small = await scaled(picture, scale)
  const sightings: Sighting[] = []
  for (const window of windowsOf(small.width, small.height)) {
    rest()
    const middle = {
      x: window.x + window.side / 2,
      y: window.y + window.side / 2,
      side: window.side,
      turn: 0,
    }
    const planes = sampleSquare(small, middle, detectorSize, { shift: 127.5, factor: 1 / 127.5 })
    const { scores, boxes } = await networks.detect(planes)
    sightings.push(...readSightings(scores, boxes, window, leastSighting))
  }
  const faces: FoundFace[] = []
  for (const sighting of bestOfEach(sightings).slice(0, maxFaces * 2)) {
    rest()
    const face = await readFace(networks, small, sighting, scale)
    if (face) faces.push(face)
  }
  return bestOfEach(faces.map((face) => ({ ...face.box, face, score: face.score })))
    .slice(0, maxFaces)
    .map(({ face }) => face)
    .sort((a, b) => a.box.x + a.box.width / 2 - (b.box.x + b.box.width / 2))
}

/** Landmarks twice: from the detector's box, then from the square that the first landmarks ask for, which is steadier. */
async function readFace(
  networks: Networks,
  picture: Picture,
  sighting: Sighting,
  scale: number,
): Promise<FoundFace | undefined> {
  const [right, left] = sighting.points
  if (!right || !left) return undefined
  const first: Square = {
    x: sighting.x + sighting.width / 2,
    y: sighting.y + sighting.height / 2,
    side: Math.max(sighting.width, sighting.height) * 1.5,
    turn: Math.atan2(left.y - right.y, left.x - right.x),
  }
  const rough = await readMesh(networks, picture, first)
  if (rough.score < 0.3) return undefined
  const fine = await readMesh(networks, picture, squareAround(rough.points))
  if (fine.score < leastFace) return undefined
  const pose = poseOf(fine.points)
  const landmarks = new Float32Array(936)
  for (let i = 0; i < 468; i++) {
    landmarks[i * 2] = (fine.points[i * 3] as number) / scale
    landmarks[i * 2 + 1] = (fine.points[i * 3 + 1] as number) / scale
  }
  return { box: boxOf(landmarks), landmarks, score: Math.min(sighting.score, fine.score), ...pose }
}

/** 468 x (x, y, depth) in pixels of the picture. */
async function readMesh(
  networks: Networks,
  picture: Picture,
  square: Square,
): Promise<{ points: Float32Array; score: number }> {
  const planes = sampleSquare(picture, square, meshSize, { shift: 0, factor: 1 / 255 })
  const { landmarks, score } = await networks.mesh(planes)
  const step = square.side / meshSize
  const cos = Math.cos(square.turn) * step
  const sin = Math.sin(square.turn) * step
  const points = new Float32Array(landmarks.length)
  for (let i = 0; i < landmarks.length; i += 3) {
    const across = (landmarks[i] as number) - meshSize / 2
    const down = (landmarks[i + 1] as number) - meshSize / 2
    points[i] = square.x + across * cos - down * sin
    points[i + 1] = square.y + across * sin + down * cos
    points[i + 2] = (landmarks[i + 2] as number) * step
  }
  return { points, score }
}

function squareAround(points: Float32Array): Square {
  const flat: Landmarks = new Float32Array(936)
  for (let i = 0; i < 468; i++) {
    flat[i * 2] = points[i * 3] as number
    flat[i * 2 + 1] = points[i * 3 + 1] as number
  }
  const box = boxOf(flat)
  return {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    side: Math.max(box.width, box.height) * 1.5,
    turn: (poseOf(points).roll * Math.PI) / 180,
  }
}

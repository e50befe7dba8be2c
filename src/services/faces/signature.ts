/**
 * A short description of one picture of a face, to tell whether a picture is the one that somebody said yes to. It knows pictures,
 * not persons: another photograph of the same person is another picture.
 */
import { type Landmarks, pointAt, pointCount } from './landmarks.ts'
import { type Picture, sampleSquare, type Square } from './pixels.ts'

/** First byte; a change of the recipe below makes old signatures unequal to new ones instead of equal by chance. */
const version = 1
const size = 64
/** Waves across and down that are kept: finer ones change with every JPEG, coarser ones are the same in all faces. */
const waves = 12
/** Every so many of the 468 points. */
const every = 12
const shapeUnit = 48

/** How alike two pictures must be; see the figures in `data/models/faces/README.md`. */
const leastAlike = 0.86
const mostMoved = 0.12

/**
 * 222 bytes: the grey values of the upright face as waves (a perceptual hash), then the shape of the face.
 * @param roll how the head leans, in degrees
 */
export function signatureOf(picture: Picture, landmarks: Landmarks, roll: number): Uint8Array {
  const square = frameOf(landmarks, roll)
  const grey = greyOf(sampleSquare(picture, square, size * 2, { shift: 0, factor: 1 }))
  const values = wavesOf(grey)
  const shape = shapeOf(landmarks, square)
  const most = Math.max(...values.map(Math.abs), 1e-6)
  const bytes = new Int8Array(1 + values.length + shape.length)
  bytes[0] = version
  values.forEach((value, i) => (bytes[1 + i] = Math.round((value / most) * 127)))
  shape.forEach(
    (value, i) =>
      (bytes[1 + values.length + i] = Math.max(-127, Math.min(127, Math.round(value * shapeUnit)))),
  )
  return new Uint8Array(bytes.buffer)
}

/** Whether two signatures belong to the same picture of a face, though it was saved again, scaled, cropped or made brighter. */
export function sameFace(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length || a[0] !== version || b[0] !== version) return false
  const { alike, moved } = compareSignatures(a, b)
  return alike >= leastAlike && moved <= mostMoved
}

/** How alike the grey values are (1: the same, 0: nothing in common), and how far the points lie apart in sizes of the face. */
export function compareSignatures(a: Uint8Array, b: Uint8Array): { alike: number; moved: number } {
  const [left, right] = [new Int8Array(a), new Int8Array(b)]
  const end = 1 + waves * waves - 1
  let [product, ownLeft, ownRight, squares] = [0, 1e-9, 1e-9, 0]
  for (let i = 1; i < left.length; i++) {
    const [x, y] = [left[i] as number, right[i] as number]
    if (i < end) {
      product += x * y
      ownLeft += x * x
      ownRight += y * y
    } else squares += ((x - y) / shapeUnit) ** 2
  }
  return {
    alike: product / Math.sqrt(ownLeft * ownRight),
    moved: Math.sqrt(squares / ((left.length - end) / 2)),
  }
}

/** The square round the face: middle and size from all points, which hold still better than any single one. */
function frameOf(landmarks: Landmarks, roll: number): Square {
  let [x, y, squares] = [0, 0, 0]
  for (let i = 0; i < pointCount; i++) {
    const [px, py] = pointAt(landmarks, i)
    x += px / pointCount
    y += py / pointCount
  }
  for (let i = 0; i < pointCount; i++) {
    const [px, py] = pointAt(landmarks, i)
    squares += (px - x) ** 2 + (py - y) ** 2
  }
  return { x, y, side: Math.sqrt(squares / pointCount) * 3.2, turn: (roll * Math.PI) / 180 }
}

/** Means of 2 x 2, so that single pixels matter less. */
function greyOf(planes: Float32Array): Float32Array {
  const from = size * 2
  const grey = new Float32Array(size * size)
  const luma = [0.299, 0.587, 0.114]
  for (let row = 0; row < from; row++) {
    for (let column = 0; column < from; column++) {
      const to = Math.floor(row / 2) * size + Math.floor(column / 2)
      luma.forEach((share, channel) => {
        grey[to] =
          (grey[to] as number) + (share * (planes[channel * from * from + row * from + column] as number)) / 4
      })
    }
  }
  return grey
}

/** A discrete cosine transform without its mean; finer waves are weaker in pictures and count more here. */
function wavesOf(grey: Float32Array): number[] {
  const across = new Float32Array(size * waves)
  const wave = (k: number, i: number) => Math.cos((Math.PI * k * (i + 0.5)) / size)
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < waves; k++) {
      let sum = 0
      for (let i = 0; i < size; i++) sum += (grey[row * size + i] as number) * wave(k, i)
      across[row * waves + k] = sum
    }
  }
  const values: number[] = []
  for (let j = 0; j < waves; j++) {
    for (let k = 0; k < waves; k++) {
      if (j === 0 && k === 0) continue
      let sum = 0
      for (let row = 0; row < size; row++) sum += (across[row * waves + k] as number) * wave(j, row)
      values.push(sum * Math.hypot(j, k))
    }
  }
  return values
}

function shapeOf(landmarks: Landmarks, { x, y, side, turn }: Square): number[] {
  const [cos, sin] = [Math.cos(-turn), Math.sin(-turn)]
  const values: number[] = []
  for (let i = 0; i < pointCount; i += every) {
    const [px, py] = pointAt(landmarks, i)
    const [dx, dy] = [((px - x) / side) * 3.2, ((py - y) / side) * 3.2]
    values.push(dx * cos - dy * sin, dx * sin + dy * cos)
  }
  return values
}

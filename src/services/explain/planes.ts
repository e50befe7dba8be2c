/** Arithmetic on pictures kept as RGB planes (3 x height x width, nominal range -1..1). */

export type Size = { width: number; height: number }

/** Width of the nominal range -1..1: a difference of 2 is the one between black and white. */
export const RANGE = 2

/** Cells per side of the blur that leaves only the layout. */
const CELLS = 8

/** The picture blurred to 8 x 8: the mean of each cell of each channel (3 x 8 x 8 values). Sides must be at least 8. */
export function blurToCells(planes: Float32Array, size: Size): Float32Array {
  const sums = new Float32Array(3 * CELLS * CELLS)
  const counts = new Float32Array(sums.length)
  forEachCell(planes, size, (pixel, cell) => {
    sums[cell] = (sums[cell] ?? 0) + (planes[pixel] ?? 0)
    counts[cell] = (counts[cell] ?? 0) + 1
  })
  return sums.map((sum, cell) => sum / (counts[cell] ?? 1))
}

/** What the blur takes away: each pixel minus the mean of its cell. */
export function fineDetail(planes: Float32Array, size: Size): Float32Array {
  const means = blurToCells(planes, size)
  const detail = new Float32Array(planes.length)
  forEachCell(planes, size, (pixel, cell) => {
    detail[pixel] = (planes[pixel] ?? 0) - (means[cell] ?? 0)
  })
  return detail
}

function forEachCell(
  planes: Float32Array,
  { width, height }: Size,
  visit: (pixel: number, cell: number) => void,
) {
  for (let pixel = 0; pixel < planes.length; pixel++) {
    const x = pixel % width
    const y = Math.floor(pixel / width) % height
    const channel = Math.floor(pixel / (width * height))
    const row = Math.floor((y * CELLS) / height)
    visit(pixel, (channel * CELLS + row) * CELLS + Math.floor((x * CELLS) / width))
  }
}

/** The colours that can be shown: a guess may go beyond black or white, most of all with a high CFG. */
export function showable(planes: Float32Array): Float32Array {
  return planes.map((value) => Math.max(-1, Math.min(1, value)))
}

/** Root mean square of the differences as a share of the nominal range: 1 is black against white everywhere. */
export function rmsDifference(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2
  return Math.sqrt(sum / a.length) / RANGE
}

/** Bytes for viewing, red-green-blue interleaved; values beyond -1..1 are cut off. */
export function toRgb(planes: Float32Array): Buffer {
  const plane = planes.length / 3
  const bytes = Buffer.alloc(planes.length)
  const shown = showable(planes)
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      bytes[3 * i + channel] = Math.round(((shown[channel * plane + i] ?? 0) + 1) * 127.5)
    }
  }
  return bytes
}

/** Red-green-blue bytes as planes; the other way round than toRgb. */
export function toPlanes(bytes: Uint8Array): Float32Array {
  const plane = bytes.length / 3
  return Float32Array.from(
    { length: bytes.length },
    (_, i) => (bytes[3 * (i % plane) + Math.floor(i / plane)] ?? 0) / 127.5 - 1,
  )
}

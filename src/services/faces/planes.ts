/** Planes of numbers of one picture: blur, and the colour space in which a difference of numbers is a difference to the eye. */
import type { Picture } from './pixels.ts'

/**
 * Blurs nearly as a Gaussian of `radius` pixels does (three running means), edges repeated. Wide blurs are made on a smaller plane:
 * what is that soft needs no more pixels.
 * @returns a new plane
 */
export function blur(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const factor = Math.floor(radius / 4)
  if (factor > 1) {
    const small = shrink(plane, width, height, factor)
    const soft = blur(small.plane, small.width, small.height, radius / factor)
    return grow(soft, small.width, small.height, width, height, factor)
  }
  const reach = Math.round(radius)
  if (reach < 1) return plane.slice()
  let now = plane
  for (let round = 0; round < 3; round++) {
    const across = runningMean(now, height, width, width, 1, reach)
    now = runningMean(across, width, height, 1, width, reach)
  }
  return now
}

/** Means of squares of `factor` pixels; the last ones may be narrower. */
function shrink(plane: Float32Array, width: number, height: number, factor: number) {
  const small = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) }
  const sums = new Float32Array(small.width * small.height)
  const counts = new Float32Array(sums.length)
  for (let row = 0; row < height; row++) {
    const line = Math.floor(row / factor) * small.width
    for (let column = 0; column < width; column++) {
      const to = line + Math.floor(column / factor)
      sums[to] = (sums[to] as number) + (plane[row * width + column] as number)
      counts[to] = (counts[to] as number) + 1
    }
  }
  return { ...small, plane: sums.map((sum, i) => sum / (counts[i] as number)) }
}

function grow(
  plane: Float32Array,
  from: number,
  fromHeight: number,
  width: number,
  height: number,
  factor: number,
): Float32Array {
  const large = new Float32Array(width * height)
  for (let row = 0; row < height; row++) {
    const y = Math.max(0, Math.min(fromHeight - 1, (row + 0.5) / factor - 0.5))
    const y0 = Math.floor(y)
    const y1 = Math.min(fromHeight - 1, y0 + 1)
    for (let column = 0; column < width; column++) {
      const x = Math.max(0, Math.min(from - 1, (column + 0.5) / factor - 0.5))
      const x0 = Math.floor(x)
      const x1 = Math.min(from - 1, x0 + 1)
      const [fx, fy] = [x - x0, y - y0]
      const above = (plane[y0 * from + x0] as number) * (1 - fx) + (plane[y0 * from + x1] as number) * fx
      const below = (plane[y1 * from + x0] as number) * (1 - fx) + (plane[y1 * from + x1] as number) * fx
      large[row * width + column] = above * (1 - fy) + below * fy
    }
  }
  return large
}

function runningMean(
  plane: Float32Array,
  lines: number,
  length: number,
  nextLine: number,
  next: number,
  reach: number,
): Float32Array {
  const mean = new Float32Array(plane.length)
  const count = 2 * reach + 1
  for (let line = 0; line < lines; line++) {
    const start = line * nextLine
    const end = start + (length - 1) * next
    let sum = 0
    for (let i = -reach; i <= reach; i++)
      sum += plane[Math.max(start, Math.min(end, start + i * next))] as number
    for (let at = start; at <= end; at += next) {
      mean[at] = sum / count
      const entering = plane[Math.min(end, at + (reach + 1) * next)] as number
      sum += entering - (plane[Math.max(start, at - reach * next)] as number)
    }
  }
  return mean
}

/** Lightness, green to red, blue to yellow. */
export type Lab = [Float32Array, Float32Array, Float32Array]

const linear = Float32Array.from({ length: 256 }, (_, i) => {
  const value = i / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

function toByte(value: number): number {
  const share = value <= 0.0031308 ? value * 12.92 : 1.055 * Math.max(0, value) ** (1 / 2.4) - 0.055
  return Math.max(0, Math.min(255, Math.round(share * 255)))
}

/** The picture in Oklab (Björn Ottosson's opponent space). */
export function toLab({ rgb, width, height }: Picture): Lab {
  const lab: Lab = [0, 1, 2].map(() => new Float32Array(width * height)) as Lab
  for (let i = 0; i < width * height; i++) {
    const r = linear[rgb[i * 3] as number] as number
    const g = linear[rgb[i * 3 + 1] as number] as number
    const b = linear[rgb[i * 3 + 2] as number] as number
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lab[0][i] = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
    lab[1][i] = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
    lab[2][i] = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  }
  return lab
}

export function fromLab([lightness, greenRed, blueYellow]: Lab, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const [light, a, b] = [lightness[i] as number, greenRed[i] as number, blueYellow[i] as number]
    const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3
    rgb[i * 3] = toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
    rgb[i * 3 + 1] = toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
    rgb[i * 3 + 2] = toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  }
  return { width, height, rgb }
}

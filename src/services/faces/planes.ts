/** Planes of numbers of one picture: blur, and the colour space in which a difference of numbers is a difference to the eye. */
import type { Picture } from './pixels.ts'

/**
 * Blurs nearly as a Gaussian of `radius` pixels does (three running means), edges repeated.
 * @returns a new plane
 */
export function blur(plane: Float32Array, width: number, height: number, radius: number): Float32Array {
  const reach = Math.round(radius)
  if (reach < 1) return plane.slice()
  let now = plane
  for (let round = 0; round < 3; round++) {
    const across = runningMean(now, height, width, width, 1, reach)
    now = runningMean(across, width, height, 1, width, reach)
  }
  return now
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
    const at = (i: number) => plane[start + Math.max(0, Math.min(length - 1, i)) * next] as number
    let sum = 0
    for (let i = -reach; i <= reach; i++) sum += at(i)
    for (let i = 0; i < length; i++) {
      mean[start + i * next] = sum / count
      sum += at(i + reach + 1) - at(i - reach)
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

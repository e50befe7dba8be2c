import sharp, { type Sharp } from 'sharp'

/** RGB planes in -1..1 -> the picture as the class sees it: 8 bits, scaled up with Lanczos (a = 3). */
export function enlarge(planes: Float32Array, pixels: number, size: number): Sharp {
  return sharp(toBytes(planes), { raw: { width: pixels, height: pixels, channels: 3 } }).resize(size, size, {
    kernel: 'lanczos3',
  })
}

/** RGB planes in -1..1 -> bytes, pixel by pixel; what lies beyond is cut off. */
function toBytes(planes: Float32Array): Uint8Array {
  const area = planes.length / 3
  const bytes = new Uint8Array(planes.length)
  for (let pixel = 0; pixel < area; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = planes[channel * area + pixel] as number
      bytes[3 * pixel + channel] = Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5)
    }
  }
  return bytes
}

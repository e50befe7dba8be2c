/** Pictures as plain bytes, for arithmetic on single pixels. */
import sharp, { type Sharp } from 'sharp'
import { UserError } from '../../errors.ts'

/** Red, green, blue of each pixel, row by row. */
export type Picture = { width: number; height: number; rgb: Uint8Array }

/** Decoded for work; larger pictures are refused, so that a small file cannot fill the memory. */
const maxPixels = 40_000_000

/**
 * Decodes PNG, JPEG or WebP, turned as its EXIF says, on white where it is transparent.
 * @param which what the person calls it: "source" or "target", or nothing when there is only one
 * @throws UserError when it is no picture or far too large
 */
export async function decode(bytes: Uint8Array, which: 'source' | 'target' | '' = ''): Promise<Picture> {
  const name = which === '' ? 'picture' : `${which} picture`
  let head
  try {
    head = await sharp(bytes).metadata()
  } catch {
    throw new UserError(
      'invalid-options',
      `The ${name} cannot be opened; please send it as PNG, JPEG or WebP.`,
    )
  }
  if (head.width * head.height > maxPixels) {
    throw new UserError(
      'invalid-options',
      `The ${name} is too large; please make it smaller than 6000 x 6000.`,
    )
  }
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { width: info.width, height: info.height, rgb: threeChannels(data, info.channels) }
  } catch {
    throw new UserError(
      'invalid-options',
      `The ${name} is damaged; please save it again and send it once more.`,
    )
  }
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data
  const rgb = new Uint8Array((data.length / channels) * 3)
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[Math.floor(i / 3) * channels] ?? 0
  return rgb
}

export function encode(picture: Picture): Promise<Uint8Array> {
  return toSharp(picture).png({ compressionLevel: 6 }).toBuffer()
}

export function toSharp({ width, height, rgb }: Picture): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
}

/** The same picture at another size, without the false patterns that skipping pixels would bring. */
export function scaled(picture: Picture, scale: number): Promise<Picture> {
  const to = (length: number) => Math.max(1, Math.round(length * scale))
  return resized(picture, to(picture.width), to(picture.height))
}

export async function resized(picture: Picture, width: number, height: number): Promise<Picture> {
  if (width === picture.width && height === picture.height) return picture
  const rgb = await toSharp(picture).resize(width, height, { fit: 'fill' }).raw().toBuffer()
  return { width, height, rgb }
}

export type Area = { x: number; y: number; width: number; height: number }

/** Whole pixels of the area that lie in the picture. */
export function within(area: Area, { width, height }: Picture): Area {
  const x = Math.max(0, Math.min(width - 1, Math.floor(area.x)))
  const y = Math.max(0, Math.min(height - 1, Math.floor(area.y)))
  const right = Math.max(x + 1, Math.min(width, Math.ceil(area.x + area.width)))
  const bottom = Math.max(y + 1, Math.min(height, Math.ceil(area.y + area.height)))
  return { x, y, width: right - x, height: bottom - y }
}

export function cut(picture: Picture, { x, y, width, height }: Area): Picture {
  const rgb = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * 3
    rgb.set(picture.rgb.subarray(from, from + width * 3), row * width * 3)
  }
  return { width, height, rgb }
}

/** A copy of `picture` with `patch` at (x, y). */
export function paste(picture: Picture, patch: Picture, x: number, y: number): Picture {
  const rgb = new Uint8Array(picture.rgb) // a copy, which `slice` of a Buffer is not
  for (let row = 0; row < patch.height; row++) {
    const from = row * patch.width * 3
    rgb.set(patch.rgb.subarray(from, from + patch.width * 3), ((y + row) * picture.width + x) * 3)
  }
  return { ...picture, rgb }
}

/** A turned square of a picture: where its middle lies, its side in pixels, and its turn in radians (clockwise). */
export type Square = { x: number; y: number; side: number; turn: number }

/** The square as `size` x `size` red, green and blue planes, (value - shift) x factor; black outside the picture. */
export function sampleSquare(
  picture: Picture,
  square: Square,
  size: number,
  { shift, factor }: { shift: number; factor: number },
): Float32Array {
  const planes = new Float32Array(3 * size * size).fill(-shift * factor)
  const step = square.side / size
  const cos = Math.cos(square.turn) * step
  const sin = Math.sin(square.turn) * step
  const { width, height } = picture
  const colour = new Float32Array(3)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const across = column + 0.5 - size / 2
      const down = row + 0.5 - size / 2
      const x = square.x + across * cos - down * sin - 0.5
      const y = square.y + across * sin + down * cos - 0.5
      if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) continue
      const at = row * size + column
      between(picture, x, y, colour)
      for (let channel = 0; channel < 3; channel++) {
        planes[channel * size * size + at] = ((colour[channel] as number) - shift) * factor
      }
    }
  }
  return planes
}

/** Writes the colour between four pixels to `colour`; (x, y) counts from pixel centres and may lie a little outside. */
export function between({ rgb, width, height }: Picture, x: number, y: number, colour: Float32Array): void {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = x - left
  const fy = y - top
  const x0 = Math.max(0, Math.min(width - 1, left)) * 3
  const x1 = Math.max(0, Math.min(width - 1, left + 1)) * 3
  const y0 = Math.max(0, Math.min(height - 1, top)) * width * 3
  const y1 = Math.max(0, Math.min(height - 1, top + 1)) * width * 3
  for (let channel = 0; channel < 3; channel++) {
    const above = (rgb[y0 + x0 + channel] as number) * (1 - fx) + (rgb[y0 + x1 + channel] as number) * fx
    const below = (rgb[y1 + x0 + channel] as number) * (1 - fx) + (rgb[y1 + x1 + channel] as number) * fx
    colour[channel] = above * (1 - fy) + below * fy
  }
}

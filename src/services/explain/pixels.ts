/** Is the picture made again the picture that was kept? Only pixels count, not what else the files say. */
import sharp from 'sharp'

/** `differing`: share of pixels that differ in any channel; `largest`: the largest difference (0..255). 1 and 255 for another size. */
export type PixelComparison = { matches: boolean; sameSize: boolean; differing: number; largest: number }

/** Two image files of any format that sharp reads. Throws when one cannot be read. */
export async function comparePixels(a: Uint8Array, b: Uint8Array): Promise<PixelComparison> {
  const [one, two] = await Promise.all([decode(a), decode(b)])
  if (one.info.width !== two.info.width || one.info.height !== two.info.height) {
    return { matches: false, sameSize: false, differing: 1, largest: 255 }
  }
  if (one.data.equals(two.data)) return { matches: true, sameSize: true, differing: 0, largest: 0 }
  let differing = 0
  let largest = 0
  for (let pixel = 0; pixel < one.data.length; pixel += 4) {
    let most = 0
    for (let channel = pixel; channel < pixel + 4; channel++) {
      most = Math.max(most, Math.abs((one.data[channel] ?? 0) - (two.data[channel] ?? 0)))
    }
    if (most > 0) differing++
    largest = Math.max(largest, most)
  }
  return { matches: false, sameSize: true, differing: differing / (one.data.length / 4), largest }
}

function decode(file: Uint8Array) {
  return sharp(file).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true })
}

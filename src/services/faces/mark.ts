/** The mark that every swapped picture carries where a person sees it. */
import sharp from 'sharp'
import { rect } from '../explain/svg.ts'
import { textPath, textWidth } from '../explain/text.ts'

const layouts = [['face swap, made by a machine'], ['face swap,', 'made by a machine']]
const narrowest = ['face swap,', 'made by', 'a machine']

/**
 * Draws "face swap, made by a machine" into the lower left corner; in narrow pictures on two or three lines. It is part of the pixels
 * and cannot be turned off.
 * @param png any picture; the answer is a PNG of the same size
 */
export async function markSwap(png: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(png).metadata()
  const least = Math.max(9, Math.min(13, width / 13))
  const wanted = Math.max(least, Math.min(34, Math.min(width, height) / 36))
  const widthOf = (lines: readonly string[]) =>
    Math.max(...lines.map((line) => textWidth(line, { size: wanted, weight: 'semiBold' })))
  const room = width - wanted * 1.2
  const lines = layouts.find((one) => widthOf(one) <= room) ?? narrowest
  const size = Math.min(wanted, (wanted * room) / widthOf(lines))
  const inset = size * 0.55
  const badge = {
    width: (widthOf(lines) * size) / wanted + inset * 2,
    height: lines.length * size * 1.25 + inset * 0.8,
  }
  const x = Math.max(0, Math.min(size * 0.5, width - badge.width))
  const y = Math.max(0, height - badge.height - size * 0.5)
  const shapes =
    rect({ x, y, ...badge }, '#16171c', size * 0.35, 0.82) +
    lines
      .map((line, i) =>
        textPath(line, x + inset, y + inset * 0.4 + size * (0.96 + i * 1.25), {
          size,
          weight: 'semiBold',
          fill: '#ffffff',
        }),
      )
      .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`
  return sharp(png)
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer()
}

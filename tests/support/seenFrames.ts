/** Small pictures with a known layout: an 8 x 8 chequered board of grey whose contrast says how far it is. */
import sharp from 'sharp'
import type { SeenRun } from '../../src/domain.ts'

/** `contrast` 1 is the finished board; one of contrast c is (1 - c) / 4 (RMS) away from it, blurred or not. */
export function board(contrast: number, side = 64): Promise<Buffer> {
  return boardPixels(contrast, side).png().toBuffer()
}

export async function seenFrames(
  contrasts: Record<number, number>,
  options: Partial<Omit<SeenRun, 'frames'>> = {},
): Promise<SeenRun> {
  const frames = await Promise.all(
    Object.entries(contrasts).map(async ([step, contrast]) => ({
      step: Number(step),
      image: await boardPixels(contrast, 32).webp({ lossless: true }).toBuffer(),
    })),
  )
  return { kind: 'guess', steps: 20, ...options, frames }
}

function boardPixels(contrast: number, side: number) {
  const cell = side / 8
  const bytes = Buffer.from(
    Uint8ClampedArray.from({ length: 3 * side * side }, (_, i) => {
      const pixel = Math.floor(i / 3)
      const isLight = (Math.floor((pixel % side) / cell) + Math.floor(pixel / side / cell)) % 2 === 0
      return 127.5 + (isLight ? 63.75 : -63.75) * contrast
    }),
  )
  return sharp(bytes, { raw: { width: side, height: side, channels: 3 } })
}

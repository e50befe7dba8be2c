/** Pictures that depend on every parameter, so that a wrong one shows. */
import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'

export type Drawn = {
  /** Everything that the picture depends on. */
  parameters: object
  /** 0: noise; 1: finished. */
  done: number
  width: number
  height: number
}

/** Colours from a hash of the parameters, under noise that fades; as raw sharp image of the asked size. */
export function draw({ parameters, done, width, height }: Drawn): Sharp {
  const side = 8
  const clean = bytes(JSON.stringify(parameters), side * side * 3)
  const noise = bytes(`noise ${JSON.stringify(parameters)}`, side * side * 3)
  const mixed = clean.map((value, index) => Math.round(done * value + (1 - done) * (noise[index] ?? 0)))
  return sharp(mixed, { raw: { width: side, height: side, channels: 3 } }).resize(width, height, {
    kernel: 'nearest',
    fit: 'fill',
  })
}

function bytes(seed: string, length: number): Uint8Array {
  const parts: Buffer[] = []
  for (let i = 0; parts.length * 32 < length; i += 1)
    parts.push(createHash('sha256').update(`${i} ${seed}`).digest())
  return new Uint8Array(Buffer.concat(parts).subarray(0, length))
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

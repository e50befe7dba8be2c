/** Keeps a few of the previews of each picture: this backend cannot run a recipe again step by step. */
import sharp from 'sharp'
import type { SeenRun } from '../../../domain.ts'

const MAX_FRAMES = 12
const MAX_SIDE = 256

export type Frames = {
  /** `step` counts from 1. Resolves when the frame is kept or left out. */
  add(picture: number, step: number, image: Uint8Array): Promise<void>
  of(picture: number): SeenRun | undefined
}

export function createFrames(steps: number): Frames {
  const kept = new Map<number, { step: number; image: Uint8Array }[]>()
  /** Frames lie at least this far apart, so that twelve last for the whole run. */
  const distance = steps / MAX_FRAMES

  return {
    async add(picture, step, image) {
      const list = kept.get(picture) ?? []
      kept.set(picture, list)
      const last = list.at(-1)
      if (last !== undefined && step < last.step + Math.max(1, distance)) return
      const small = await sharp(image)
        .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80 })
        .toBuffer()
      list.push({ step, image: small })
    },
    of(picture) {
      const frames = kept.get(picture)
      return frames === undefined || frames.length === 0 ? undefined : { kind: 'guess', steps, frames }
    },
  }
}

/** A preview as it is shown while the picture is drawn. */
export function shownPreview(image: Uint8Array): Promise<Uint8Array> {
  return sharp(image)
    .resize(512, 512, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer()
}

/** What the frames show that were seen of a run, as numbers. The same frames give the same facts. */
import sharp from 'sharp'
import type { SeenRun } from '../../domain.ts'
import type { KeptRun } from '../seenRuns.ts'
import { lookOf, type Look } from './colourWords.ts'
import { LAYOUT_TOLERANCE } from './facts.ts'
import { blurToCells, rmsDifference, toPlanes, type Size } from './planes.ts'

/**
 * When the layout settled, as far as the seen steps tell: already at the first one seen; from a step on, the one before being seen, too;
 * somewhere between two seen steps; only after the last one seen; or not to be told, because even the frame of the last step looks
 * different (a rough preview).
 */
export type Settled =
  | { how: 'already' | 'from' | 'after' | 'untold'; step: number }
  | { how: 'between'; after: number; by: number }

export type RecordFacts = {
  kind: SeenRun['kind']
  /** Of the whole run. */
  steps: number
  /** How many of them were seen; those that were kept, rising (0: the noise before the first). */
  watched: number
  shown: number[]
  /** RMS between each frame and the finished picture, both blurred to 8 x 8. */
  layoutDistance: number[]
  /** Undefined for noisy states: their noise hides what is settled. */
  settled: Settled | undefined
  firstLook: Look
  finalLook: Look
}

/** Throws RangeError without frames. */
export async function recordFactsOf(seen: KeptRun, picture: Uint8Array): Promise<RecordFacts> {
  // Each is blurred in its own size: scaling one to the other first would blur it, too.
  const final = await decode(picture)
  const finalCells = blurToCells(final.planes, final.size)
  const frames = await Promise.all(
    seen.frames.map(async ({ step, image }) => {
      const frame = await decode(image)
      return { step, ...frame, distance: rmsDifference(blurToCells(frame.planes, frame.size), finalCells) }
    }),
  )
  const [first] = frames
  if (!first) throw new RangeError('a seen run has at least one frame')
  return {
    kind: seen.kind,
    steps: seen.steps,
    watched: seen.watched,
    shown: frames.map(({ step }) => step),
    layoutDistance: frames.map(({ distance }) => distance),
    settled: seen.kind === 'guess' ? settled(frames, seen.steps) : undefined,
    firstLook: lookOf(first.planes, first.size),
    finalLook: lookOf(final.planes, final.size),
  }
}

function settled(frames: { step: number; distance: number }[], steps: number): Settled {
  const lastFar = frames.findLastIndex(({ distance }) => distance > LAYOUT_TOLERANCE)
  const far = frames[lastFar]?.step
  const near = frames[lastFar + 1]?.step
  if (far === undefined) return { how: 'already', step: near ?? 0 }
  if (near === undefined) return { how: far === steps ? 'untold' : 'after', step: far }
  return near === far + 1 ? { how: 'from', step: near } : { how: 'between', after: far, by: near }
}

async function decode(image: Uint8Array): Promise<{ planes: Float32Array; size: Size }> {
  const picture = sharp(image).toColourspace('srgb').removeAlpha()
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true })
  return { planes: toPlanes(data), size: { width: info.width, height: info.height } }
}

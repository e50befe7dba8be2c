/** What the pictures of an experiment show, measured: how far they are apart, and from where on the layout stays. */
import sharp from 'sharp'
import type { ExperimentVariable } from '../../domain.ts'
import { LAYOUT_TOLERANCE } from '../explain/facts.ts'
import { blurToCells, rmsDifference, toPlanes } from '../explain/planes.ts'
import { isNumber } from './values.ts'

/** Distances are shares: 0 the same pixels, 1 black against white everywhere. */
export type Pair = { a: string; b: string; distance: number }

export type ExperimentFacts = {
  /** Of neighbouring values where they have an order (steps, cfg, strength), else of all pairs. The first of several equal ones. */
  nearest: Pair
  farthest: Pair
  /** Every pair that was compared is the same, pixel for pixel. */
  areAllSame: boolean
  /** Values in order only: from which on every picture has the layout of the last one; undefined where that is only the last. */
  layoutFrom?: { value: string; last: string; isFirst: boolean }
}

/** Compared at this size: detail counts, single pixels of a large picture do not. */
const SIDE = 64

/** Seeds are numbers, too, but a larger one is not more of anything. */
export const hasOrder = (variable: ExperimentVariable): boolean => isNumber(variable) && variable !== 'seed'

/**
 * @param pictures with the value of each, in any order; image files that sharp reads
 * @returns undefined for fewer than two
 */
export async function measure(
  variable: ExperimentVariable,
  pictures: readonly { value: string; png: Uint8Array }[],
): Promise<ExperimentFacts | undefined> {
  const shown = await Promise.all(
    pictures.map(async ({ value, png }) => {
      const planes = await planesOf(png)
      return { value, planes, layout: blurToCells(planes, { width: SIDE, height: SIDE }) }
    }),
  )
  const isOrdered = hasOrder(variable)
  if (isOrdered) shown.sort((a, b) => Number(a.value) - Number(b.value))
  const pairs = shown.flatMap((a, i) =>
    shown
      .slice(i + 1, isOrdered ? i + 2 : undefined)
      .map((b): Pair => ({ a: a.value, b: b.value, distance: rmsDifference(a.planes, b.planes) })),
  )
  const byDistance = [...pairs].sort((a, b) => a.distance - b.distance)
  const [nearest, farthest] = [byDistance[0], byDistance.at(-1)]
  if (!nearest || !farthest) return undefined
  const layoutFrom = isOrdered ? layoutSettled(shown) : undefined
  return { nearest, farthest, areAllSame: farthest.distance === 0, ...(layoutFrom && { layoutFrom }) }
}

function layoutSettled(shown: readonly { value: string; layout: Float32Array }[]) {
  const last = shown.at(-1)
  if (!last) return undefined
  const moved = shown.findLastIndex(({ layout }) => rmsDifference(layout, last.layout) > LAYOUT_TOLERANCE)
  const from = shown[moved + 1]
  if (!from || from === last) return undefined
  return { value: from.value, last: last.value, isFirst: moved === -1 }
}

async function planesOf(png: Uint8Array): Promise<Float32Array> {
  const pixels = await sharp(png)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'fill' })
    .raw()
    .toBuffer()
  return toPlanes(pixels)
}

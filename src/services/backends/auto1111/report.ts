import type { GenerateContext, ImageRequest } from '../../../domain.ts'
import { shownPreview } from './frames.ts'
import type { Place } from './place.ts'
import type { Part } from './requestBody.ts'

/** Turns places into rising progress over the whole job. */
export function createReporter(
  { first, count }: Part,
  request: ImageRequest,
  { signal, onProgress }: GenerateContext,
  keep: (picture: number, step: number, image: Uint8Array) => void,
): (place: Place) => void {
  let last = 0
  return ({ state, progress, preview }) => {
    if (state !== 'ours' || signal.aborted) return
    const done = Math.min(progress, 1) * count * request.steps
    // One step before the end of the last picture at most: the end is told by the pictures themselves.
    const at = Math.min(Math.floor(done + 1e-6), count * request.steps)
    if (at <= 0) return
    const index = Math.ceil(at / request.steps) - 1
    const step = at - index * request.steps
    if (preview !== undefined) keep(first + index, step, preview)
    if (at <= last) return
    last = at
    onProgress({
      pictureIndex: first + index,
      pictureCount: request.count,
      step,
      steps: request.steps,
      preview: preview === undefined ? undefined : () => shownPreview(preview),
    })
  }
}

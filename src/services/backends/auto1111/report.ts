import type { GenerateContext, ImageRequest } from '../../../domain.ts'
import { shownPreview } from './frames.ts'
import type { Place } from './place.ts'
import type { Part } from './requestBody.ts'

const BUSY = 'The machine is busy with somebody else; this is next there.'
const LOADING = 'The machine is getting ready; loading a model can take a minute.'

/**
 * Turns places into rising progress over the whole job; says why nothing happens when that lasts longer than `patienceMs`.
 * @param keep is given each preview that provably shows this job
 */
export function createReporter(
  { first, count }: Part,
  request: ImageRequest,
  { signal, onProgress }: GenerateContext,
  patienceMs: number,
  keep: (picture: number, step: number, image: Uint8Array) => void,
): (place: Place) => void {
  const start = performance.now()
  const all = count * request.steps
  let last = 0
  let said: string | undefined

  function sayWhy(note: string): void {
    if (last > 0 || first > 0 || said === note || performance.now() - start < patienceMs) return
    said = note
    const { steps, count: pictureCount } = request
    onProgress({ pictureIndex: 0, pictureCount, step: 0, steps, preview: undefined, note })
  }

  return ({ state, progress, preview }) => {
    if (signal.aborted) return
    if (state === 'waiting') return sayWhy(BUSY)
    if (state !== 'ours') return
    const at = Math.min(Math.floor(Math.min(progress, 1) * all + 1e-6), all)
    // A model is loaded inside the request of the job (auto1111 contract, section 9).
    if (at <= 0) return sayWhy(LOADING)
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

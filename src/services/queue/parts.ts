/** A job as the calls of its machine: one for what a person asked for, or one for each cell of an experiment. */
import {
  isSwap,
  type GeneratedImage,
  type ImageBackend,
  type ImageRequest,
  type Job,
  type PictureRecipe,
} from '../../domain.ts'
import type { GenerateContext, InputImages } from '../../domain.ts'
import { BackendError } from '../../errors.ts'
import type { Inputs } from '../inputs.ts'

/** One call. Its `count` pictures have the indices from `first` on. */
export type Part = {
  first: number
  count: number
  draw(context: Omit<GenerateContext, 'input'>): Promise<GeneratedImage<PictureRecipe>[]>
}

/** The parts of a job, in order. Each loads the pictures that it begins from when its turn comes. */
export function partsOf(job: Job, backend: ImageBackend, inputs: Pick<Inputs, 'png'>): Part[] {
  const { request } = job
  if (isSwap(request)) {
    return [
      {
        first: 0,
        count: 1,
        async draw(context) {
          const [source, target] = await Promise.all([inputs.png(request.source), inputs.png(request.target)])
          if (!backend.swapFaces) throw new BackendError(backend.id, 'rejected', 'it swaps no faces')
          return [await backend.swapFaces(request, { ...context, source, target })]
        },
      },
    ]
  }
  const { experiment, ...plain } = request
  const requests = experiment?.cells.map((cell) => ({ ...cell, count: 1 })) ?? [plain]
  return requests.map((each, index) => ({
    first: index,
    count: each.count,
    async draw({ onProgress, ...context }) {
      const input = await inputOf(each, inputs)
      return backend.generate(each, {
        ...context,
        ...(input && { input }),
        onProgress: experiment
          ? (progress) => onProgress({ ...progress, pictureIndex: index, pictureCount: requests.length })
          : onProgress,
      })
    },
  }))
}

/** The pictures that a recipe begins from; undefined when it begins from noise alone. */
export async function inputOf(
  { initImage, mask }: Pick<ImageRequest, 'initImage' | 'mask'>,
  inputs: Pick<Inputs, 'png'>,
): Promise<InputImages | undefined> {
  if (initImage === undefined) return undefined
  return {
    image: await inputs.png(initImage),
    ...(mask === undefined ? {} : { mask: await inputs.png(mask) }),
  }
}

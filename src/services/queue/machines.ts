/** What a job may ask of a machine. */
import type { GeneratedImage, ImageBackend, Job, ModelInfo, PictureRecipe } from '../../domain.ts'
import type { InLine } from './fairOrder.ts'

/** A machine that costs money draws only what was accepted at a price, also when a free one offers the same model. */
export function mayDraw(backend: ImageBackend, { model, isPaid }: Pick<InLine, 'model' | 'isPaid'>): boolean {
  const offer = offersOf(backend).find(({ id }) => id === model)
  return offer !== undefined && (isPaid || !offer.price)
}

/** The sum of what the pictures cost; where that is not known of each, what it was expected to be. */
export function costOf(
  backend: ImageBackend,
  job: Job,
  images: readonly GeneratedImage<PictureRecipe>[],
  pictures: number,
): number | undefined {
  if (job.reservedUsd === undefined) return undefined
  const isFree = offersOf(backend).find(({ id }) => id === job.request.model)?.price === undefined
  if (isFree) return 0
  const costs = images.map(({ costUsd }) => costUsd).filter((cost) => cost !== undefined)
  return costs.length === pictures ? costs.reduce((sum, cost) => sum + cost, 0) : job.reservedUsd
}

export const isUp = (backend: ImageBackend): boolean => backend.isUp?.() ?? true

/** Everything that a job can name: models and face engines. */
const offersOf = (backend: ImageBackend): readonly Pick<ModelInfo, 'id' | 'price'>[] => [
  ...backend.models(),
  ...(backend.faceEngines?.() ?? []),
]

export const modelsOf = (backend: ImageBackend): Set<string> => new Set(offersOf(backend).map(({ id }) => id))

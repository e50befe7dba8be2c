/** From a finished picture back to the options that made it: where Again, Vary and Change begin. */
import { randomInt } from 'node:crypto'
import { MAX_SEED, type Picture } from '../domain.ts'
import type { Services } from '../services/index.ts'
import type { ImagineOptions } from '../services/imagine.ts'

/** All options but the seed and the variation. @throws UserError not-found when its model is gone */
export function optionsOf(picture: Picture, { backends }: Pick<Services, 'backends'>): ImagineOptions {
  const { recipe } = picture
  const { model } = backends.find(recipe.model)
  const size = model.sizes.find(({ width, height }) => width === recipe.width && height === recipe.height)
  return {
    prompt: recipe.prompt,
    negative: recipe.negativePrompt || undefined,
    steps: recipe.steps,
    cfg: recipe.cfgScale,
    sampler: recipe.sampler,
    scheduler: recipe.scheduler,
    size: size?.id,
    model: recipe.model,
    loras: recipe.loras,
    vae: recipe.vae,
    styles: recipe.styles,
    hires: recipe.hires,
    refiner: recipe.refiner,
  }
}

/** How many pictures the command of this one asked for. */
export function countOf(picture: Picture, { queue }: Pick<Services, 'queue'>): number {
  return queue.get(picture.jobId)?.request.count ?? 1
}

export const randomSeed = (): number => randomInt(MAX_SEED + 1)

/** From a finished picture back to the options that made it: where Again, Vary and Change begin. */
import { randomInt } from 'node:crypto'
import { isDrawing, isSwap, MAX_SEED, type Drawing, type Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Services } from '../services/index.ts'
import type { ImagineOptions } from '../services/imagine.ts'

/** All options but the seed and the variation. @throws UserError not-found when its model is gone */
export function optionsOf(picture: Drawing, { backends }: Pick<Services, 'backends'>): ImagineOptions {
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
    initImage: recipe.initImage,
    mask: recipe.mask,
    strength: recipe.denoisingStrength,
  }
}

/** How many pictures the command of this one asked for. */
export function countOf(picture: Picture, { queue }: Pick<Services, 'queue'>): number {
  const request = queue.get(picture.jobId)?.request
  return !request || isSwap(request) ? 1 : request.count
}

/** @throws UserError not-allowed for a picture that no model drew */
export function mustBeDrawing(picture: Picture): Drawing {
  if (isDrawing(picture)) return picture
  throw new UserError('not-allowed', 'This is a face swap, so it has no prompt and no noise to begin from.')
}

export const randomSeed = (): number => randomInt(MAX_SEED + 1)

/** What can be asked for: a drawing, an experiment, a face swap. */
import { z } from 'zod'

/** Seeds are unsigned 32-bit, as AUTOMATIC1111 draws them. */
export const MAX_SEED = 2 ** 32 - 1

/** The id of a kept input image: the SHA-256 of its PNG (services/inputs.ts). */
const inputIdSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** All parameters that make one picture again. Names are the field's own. */
export const recipeSchema = z.object({
  model: z.string(),
  prompt: z.string(),
  negativePrompt: z.string(),
  seed: z.int().min(0).max(MAX_SEED),
  steps: z.int().positive(),
  cfgScale: z.number(),
  sampler: z.string(),
  scheduler: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  /** AUTOMATIC1111's subseed: the noise is mixed with that of another seed. */
  variationSeed: z.int().min(0).max(MAX_SEED).optional(),
  /** 0: the seed's own noise; 1: the variation seed's. */
  variationStrength: z.number().min(0).max(1).optional(),
  /** Low-rank additions to the model and how strongly they act, as in `<lora:name:weight>`. */
  loras: z.array(z.object({ name: z.string(), weight: z.number() })).optional(),
  /** The decoder from latents to pixels; left out: the model's own. */
  vae: z.string().optional(),
  /** Named pieces of prompt kept on the machine that draws. */
  styles: z.array(z.string()).optional(),
  /** Hires fix: drawn at width x height, scaled up by `scale`, and drawn over again with `denoisingStrength`. */
  hires: z
    .object({
      scale: z.number().min(1).max(4),
      upscaler: z.string(),
      denoisingStrength: z.number().min(0).max(1),
    })
    .optional(),
  /** How a second model finishes the picture (SDXL), by the name that the model uses. */
  refiner: z.string().optional(),
  /** img2img: 0 keeps the picture it begins from, 1 keeps nothing of it. */
  denoisingStrength: z.number().min(0).max(1).optional(),
  /** img2img: the kept input it begins from, as large as the picture. */
  initImage: inputIdSchema.optional(),
  /** A kept input of the same size: only what is white in it is drawn anew. */
  mask: inputIdSchema.optional(),
})
export type Recipe = z.infer<typeof recipeSchema>

/** What an experiment may change, by the names of the options of /imagine and /remix. */
export const experimentVariables = [
  'steps',
  'cfg',
  'sampler',
  'scheduler',
  'seed',
  'strength',
  'prompt',
  'negative',
] as const
export type ExperimentVariable = (typeof experimentVariables)[number]

/** One variable changed, all else fixed. */
const experimentSchema = z.object({
  variable: z.enum(experimentVariables),
  /** As a person reads them: `values[i]` is what distinguishes `cells[i]`. */
  values: z.array(z.string()).min(2).max(9),
  /** The whole recipe of each picture. */
  cells: z.array(recipeSchema).min(2).max(9),
  /** `slug/id` of the lesson's experiment that was run. */
  lesson: z.string().optional(),
  /** What the person expected before it ran. */
  prediction: z.string().max(500).optional(),
})
export type Experiment = z.infer<typeof experimentSchema>

/**
 * What a job asks for: the recipe of its first picture and how many. Picture i has seed + i (with a variation: variationSeed + i).
 * In an experiment picture i has the recipe of cell i, and `count` is 1.
 */
export const imageRequestSchema = recipeSchema.extend({
  count: z.int().min(1).max(4),
  experiment: experimentSchema.optional(),
})
export type ImageRequest = z.infer<typeof imageRequestSchema>

/** A practice face by its name, or a person who has agreed. */
const faceOwnerSchema = z.object({ kind: z.enum(['practice', 'person']), name: z.string() })
export type FaceOwner = z.infer<typeof faceOwnerSchema>

/** A face of one picture put onto a face of another; also the recipe of the picture that comes of it. */
export const swapRequestSchema = z.object({
  kind: z.literal('swap'),
  /** The engine, where a recipe of a drawing names its model. */
  model: z.string(),
  /** Kept inputs: the picture that gives the face, and the one that gets it. */
  source: inputIdSchema,
  target: inputIdSchema,
  /** Which face of each, counted from the left, from 0. */
  sourceFace: z.int().min(0),
  targetFace: z.int().min(0),
  /** The consents it relies on (services/consent); none when only practice faces are in it. */
  consents: z.array(z.string()),
  /** Whose faces they are; written by the consent check. */
  whose: z.object({ source: faceOwnerSchema, target: faceOwnerSchema }).optional(),
})
export type SwapRequest = z.infer<typeof swapRequestSchema>

export const jobRequestSchema = z.union([swapRequestSchema, imageRequestSchema])
export type JobRequest = ImageRequest | SwapRequest

export const pictureRecipeSchema = z.union([swapRequestSchema, recipeSchema])
export type PictureRecipe = Recipe | SwapRequest

export const isSwap = (recipe: PictureRecipe | JobRequest): recipe is SwapRequest => 'kind' in recipe

/** How many pictures a job brings. */
export const picturesOf = (request: JobRequest): number =>
  isSwap(request) ? 1 : (request.experiment?.cells.length ?? request.count)

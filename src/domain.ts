/** The words of the project as types. Imports zod only. */
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

const relations = ['again', 'vary', 'change', 'remix', 'experiment', 'face', 'scene', 'other'] as const
/** How a picture came from another one; `face` and `scene`: the two pictures of a face swap. */
export type Relation = (typeof relations)[number]

/** A picture that another one was made from. It may have been deleted since. */
export const parentSchema = z.object({ pictureId: z.string(), relation: z.enum(relations) })
export type Parent = z.infer<typeof parentSchema>

/** A member of the class, as Discord knows them. */
export type Person = { id: string; name: string }

/** Where a command was typed and how to answer it. The token lives 15 minutes and is wiped from the store after that. */
export type CommandOrigin = {
  guildId: string
  channelId: string
  applicationId: string
  interactionId: string
  interactionToken: string
  /** Bytes that one attachment may have there. */
  attachmentSizeLimit: number
}

type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** One accepted command. */
export type Job = {
  id: string
  state: JobState
  request: JobRequest
  asker: Person
  origin: CommandOrigin
  /** The pictures that its pictures will come from. */
  parents: Parent[]
  /** Words for the person when it failed, or when one of the pictures of an experiment did. */
  failure: string | undefined
  /** What it was expected to cost when it was accepted; undefined for what is free. */
  reservedUsd: number | undefined
  /** What it really cost; undefined before the end, and for what is free. */
  costUsd: number | undefined
  createdAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  /** When the result (or the failure) reached the channel of the command; the message that shows it. */
  deliveredAt: number | undefined
  messageChannelId: string | undefined
  messageId: string | undefined
  /** When the gallery got its copy; undefined too when there is no gallery. */
  archivedAt: number | undefined
  galleryChannelId: string | undefined
  galleryMessageId: string | undefined
}

/** A picture that a model has drawn. */
export type Drawing = Picture & { recipe: Recipe }

export const isDrawing = (picture: Picture): picture is Drawing => !isSwap(picture.recipe)

/** One finished image with its recipe. The file is a PNG with AUTOMATIC1111's `parameters` text inside. */
export type Picture = {
  id: string
  jobId: string
  /** 0 for the first picture of its job. */
  index: number
  recipe: PictureRecipe
  author: Person
  guildId: string
  parents: Parent[]
  width: number
  height: number
  /** Sentences about this picture, e.g. which words the model does not know. */
  notes: string[]
  createdAt: number
}

export type Range = { min: number; max: number; default: number }

/** A name to choose and a few words of help. */
export type Choice = { id: string; help: string }

/** Money and time that a request is expected to take; `usd` is 0 when it costs nothing. */
export type Estimate = { usd: number; seconds: number }

/** What a model can do: limits, names and words for people. */
export type ModelInfo = {
  /** The word students type, e.g. "emoji". */
  id: string
  backend: string
  title: string
  /** One sentence for students: what it is and what it cannot do. */
  description: string
  steps: Range
  cfgScale: Range
  /** First is the default. */
  samplers: readonly Choice[]
  schedulers: readonly Choice[]
  sizes: readonly { id: string; width: number; height: number }[]
  maxCount: number
  maxPromptLength: number
  supports: {
    negativePrompt: boolean
    variation: boolean
    replay: boolean
    img2img: boolean
    /** img2img of a part only. */
    mask: boolean
    /** The true states of each run are kept while it is drawn, although it cannot be replayed. */
    states?: boolean
  }
  /** Empty lists where the model has none of the kind. */
  extras?: {
    loras: readonly Choice[]
    vaes: readonly Choice[]
    styles: readonly Choice[]
    upscalers: readonly Choice[]
    refiners: readonly Choice[]
    /** New words (textual inversion); they act when they stand in the prompt. */
    embeddings: readonly Choice[]
  }
  /** Present when drawing costs money: one picture with the default settings, and when that price was looked up. */
  price?: { usdPerPicture: number; checkedOn: string }
}

/** How far a job is. `preview` encodes the model's current guess when it is called (PNG or WebP bytes). */
export type Progress = {
  pictureIndex: number
  pictureCount: number
  step: number
  steps: number
  preview: (() => Promise<Uint8Array>) | undefined
  /** A sentence about what is going on beside the steps, e.g. that a model is being loaded. */
  note?: string
}

/** What was seen of a run while it went on: `guess`, the model's picture of the clean image, or `noisy`, the state itself. */
export type SeenRun = {
  kind: 'guess' | 'noisy'
  /** Steps of the whole run; `frames` may have fewer. */
  steps: number
  /** WebP, at most 256 px wide and high; `step` counts from 1 (0: the noise before the first step). */
  frames: readonly { step: number; image: Uint8Array }[]
}

export type GeneratedImage<R extends PictureRecipe = Recipe> = {
  recipe: R
  /** PNG without our text. */
  png: Uint8Array
  width: number
  height: number
  notes: string[]
  /** Only from backends that cannot replay a run. */
  seen?: SeenRun
  /** What this picture really cost. */
  costUsd?: number
}

/** One step of a denoising run, pixels as RGB planes (3 x height x width), nominal range -1..1. */
export type RunStep = {
  /** 0 for the first step. */
  index: number
  /** Noise level before the step. */
  sigma: number
  /** Noise level after it; 0 after the last. */
  sigmaNext: number
  /** The noisy state before the step, divided by (1 + sigma) so that it stays in range: (1-t) x0 + t n with t = sigma/(1+sigma). */
  noisy: Float32Array
  /** The model's guess of the clean picture at this step, after guidance. */
  guess: Float32Array
  /** Mean absolute difference between the guess with and without the prompt (0..2), before scaling by cfgScale. */
  guidance: number
}

/** Every step of one run: what "How was this made?" explains. */
export type Run = {
  recipe: Recipe
  width: number
  height: number
  steps: RunStep[]
  /** The final picture in the model's own resolution, as RGB planes. */
  final: Float32Array
  /** The picture as the class sees it (scaled up), PNG; equal to the stored pixels when nothing changed. */
  png: Uint8Array
  /** Words of the prompt that the model does not know. */
  unknownWords: string[]
}

/** img2img: the picture it begins from and, for a part of it only, a mask (white is drawn anew). PNG, as large as the request. */
export type InputImages = { image: Uint8Array; mask?: Uint8Array }

/** What a machine that swaps faces says of itself. */
export type FaceEngine = {
  /** The word people choose, e.g. "landmarks". */
  id: string
  title: string
  /** One sentence for students: what it does and what it cannot do. */
  description: string
  /** Present when a swap costs money. */
  price?: { usdPerPicture: number; checkedOn: string }
  /** It takes the very faces that consent was looked up for; others count by themselves and see only one face. */
  takesChosenFaces?: true
}

/** What a backend is given beside the request. */
export type GenerateContext = JobContext & { input?: InputImages }

/** For a face swap: both pictures (PNG). */
export type SwapContext = JobContext & { source: Uint8Array; target: Uint8Array }

type JobContext = {
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  /** What `remember` was last given before the process died: work that is paid for is picked up, not bought again. */
  resume?: string
  /** Stores where the work can be found again; called before that could be lost. */
  remember?: (reference: string) => void
}

/** One thing that `/doctor` looked at. */
export type Finding = {
  ok: boolean
  /** For the instructor: what was looked at and what was seen, one sentence without addresses and passwords. */
  sentence: string
  /** How to mend it; absent when there is nothing to mend. */
  mend?: string
}

/** A machine that draws. One file or folder in services/backends each. */
export interface ImageBackend {
  /** For logs and instructors, e.g. "auto1111-1"; never an address. */
  readonly id: string
  /** Jobs it works on at a time. */
  readonly lanes: number
  /** What it offers, also while it cannot be reached; answered from memory, never from the network. */
  models(): readonly ModelInfo[]
  /** False while it cannot draw: its jobs wait, or go to another backend with the same model. Absent: always. */
  isUp?(): boolean
  /** Draws all pictures of one request. Throws BackendError, or the signal's reason when aborted. */
  generate(request: ImageRequest, context: GenerateContext): Promise<GeneratedImage[]>
  /** Runs a recipe again and keeps every step; only where `supports.replay`. */
  replay?(recipe: Recipe, context: { signal: AbortSignal; input?: InputImages }): Promise<Run>
  /** How it can swap faces; absent: not at all. Answered from memory. */
  faceEngines?(): readonly FaceEngine[]
  /**
   * Swaps faces with one of its engines; the mark is put on by whoever keeps the picture. Throws UserError for faces that cannot be
   * used, BackendError, or the signal's reason when aborted.
   */
  swapFaces?(request: SwapRequest, context: SwapContext): Promise<GeneratedImage<SwapRequest>>
  /** What a request is expected to cost; absent: nothing. Pure. */
  estimate?(request: ImageRequest): Estimate
  /** Looks at everything that can be wrong; at most a few seconds. */
  diagnose?(signal: AbortSignal): Promise<Finding[]>
  close(): Promise<void>
}

/** The words of the project as types. Imports zod only. */
import { z } from 'zod'

/** Seeds are unsigned 32-bit, as AUTOMATIC1111 draws them. */
export const MAX_SEED = 2 ** 32 - 1

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
})
export type Recipe = z.infer<typeof recipeSchema>

/** What a job asks for: the recipe of its first picture and how many. Picture i has seed + i (with a variation: variationSeed + i). */
export const imageRequestSchema = recipeSchema.extend({ count: z.int().min(1).max(4) })
export type ImageRequest = z.infer<typeof imageRequestSchema>

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
  request: ImageRequest
  asker: Person
  origin: CommandOrigin
  /** The picture whose button was pressed, if one was. */
  parentPictureId: string | undefined
  /** Words for the person when it failed. */
  failure: string | undefined
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

/** One finished image with its recipe. The file is a PNG with AUTOMATIC1111's `parameters` text inside. */
export type Picture = {
  id: string
  jobId: string
  /** 0 for the first picture of its job. */
  index: number
  recipe: Recipe
  author: Person
  guildId: string
  parentPictureId: string | undefined
  width: number
  height: number
  /** Sentences about this picture, e.g. which words the model does not know. */
  notes: string[]
  createdAt: number
}

export type Range = { min: number; max: number; default: number }

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
  samplers: readonly { id: string; help: string }[]
  schedulers: readonly { id: string; help: string }[]
  sizes: readonly { id: string; width: number; height: number }[]
  maxCount: number
  maxPromptLength: number
  supports: { negativePrompt: boolean; variation: boolean; replay: boolean }
}

/** How far a job is. `preview` encodes the model's current guess when it is called (PNG or WebP bytes). */
export type Progress = {
  pictureIndex: number
  pictureCount: number
  step: number
  steps: number
  preview: (() => Promise<Uint8Array>) | undefined
}

export type GeneratedImage = {
  recipe: Recipe
  /** PNG without our text. */
  png: Uint8Array
  width: number
  height: number
  notes: string[]
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

/** A machine that draws. One file or folder in services/backends each. */
export interface ImageBackend {
  readonly id: string
  /** Jobs it works on at a time. */
  readonly lanes: number
  /** What it offers now; answered from memory, never from the network. */
  models(): readonly ModelInfo[]
  /** Draws all pictures of one request. Throws BackendError, or the signal's reason when aborted. */
  generate(
    request: ImageRequest,
    context: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ): Promise<GeneratedImage[]>
  /** Runs a recipe again and keeps every step; only where `supports.replay`. */
  replay(recipe: Recipe, context: { signal: AbortSignal }): Promise<Run>
  close(): Promise<void>
}

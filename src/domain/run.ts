/** What comes of drawing: while it goes on, at its end, and step by step. */
import type { PictureRecipe, Recipe } from './recipe.ts'

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

/** What the bot's thread and the drawing thread say to each other. */
import type { Beginning } from './begin.ts'
import type { Conditioning } from './denoiser.ts'

/** What the drawing thread is started with. */
export type WorkerSettings = { modelFile: string; pixels: number; maxWords: number; threads: number }

/** One picture to draw: plain numbers and names, no text. */
export type Drawing = {
  conditioning: Conditioning
  seed: number
  variation: { seed: number; strength: number } | undefined
  steps: number
  sampler: string
  scheduler: string
  /** Undefined: it begins from noise alone. */
  beginning: Beginning | undefined
}

/** Its `detail` names no path. */
export type Failure = { kind: 'unavailable' | 'rejected' | 'bad-response'; detail: string }

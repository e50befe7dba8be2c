/** What the bot's thread and the drawing thread say to each other. */
import type { RunStep } from '../../../domain.ts'
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

/** `stop` holds one 32-bit number shared by both threads: not 0 means stop. A message would wait until the network has answered. */
export type ToWorker =
  | { type: 'draw'; id: number; drawing: Drawing; stop: SharedArrayBuffer }
  | { type: 'close' }

export type Failure = 'unavailable' | 'rejected' | 'bad-response'

/** `stopped` and `failed` end a drawing as `done` does. `final`: the picture as RGB planes. */
export type FromWorker =
  | { type: 'step'; id: number; step: RunStep }
  | { type: 'done'; id: number; final: Float32Array }
  | { type: 'stopped'; id: number }
  | { type: 'failed'; id: number; kind: Failure; detail: string }

/** What every sampler is given and what it gives back. Pictures are vectors: x = clean picture + sigma x noise. */
import type { ScheduleId } from '../../../schedules.ts'

/** The model's answer at one noise level. */
export type Denoised = {
  /** D(x; sigma): the guess of the clean picture, after guidance. */
  guess: Float32Array
  /** Mean absolute difference that the prompt makes to the guess, before it is scaled by cfgScale. */
  guidance: number
}

export type Denoiser = (x: Float32Array, sigma: number) => Promise<Denoised>

/** One step from noise level `sigma` down to `sigmaNext`. */
export type Stride = {
  x: Float32Array
  sigma: number
  sigmaNext: number
  guess: Float32Array
  /** The step before, for samplers with a memory. */
  last: { sigma: number; guess: Float32Array } | undefined
  denoise: Denoiser
  /** Fresh noise with standard deviation 1 from the seed's stream. */
  nextNoise: () => Float32Array
}

export type Sampler = {
  /** AUTOMATIC1111's name. */
  id: string
  /** For art students. */
  help: string
  /** What the scheduler "Automatic" stands for. */
  automatic: ScheduleId
  /** It knows no other schedule. */
  fixed?: true
  /** x at `sigmaNext`; leaves its input as it was. */
  step(stride: Stride): Float32Array | Promise<Float32Array>
}

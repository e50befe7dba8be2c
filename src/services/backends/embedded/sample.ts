import type { RunStep } from '../../../domain.ts'
import type { Denoiser, Sampler } from './samplers/sampler.ts'

export type Course = {
  sampler: Sampler
  /** Falling noise levels; a full run ends with 0. */
  sigmas: readonly number[]
  /** Standard normal numbers, as many as the picture has: the seed's first noise. */
  noise: Float32Array
  nextNoise: () => Float32Array
  /** img2img: the picture that lies under the first noise. */
  image?: Float32Array
}

/** The noisy state before the first step; the picture itself where no step is left. */
export function firstState({ sigmas, noise, image }: Course): Float32Array {
  const sigma = sigmas[0] as number
  return noise.map((value, index) => value * sigma + (image?.[index] ?? 0))
}

/**
 * Walks from noise to picture, one yielded item per step: what was seen there, and `x` after it (after the last step the picture).
 * Pure: everything it knows of the world is `denoise` and `nextNoise`. Errors of `denoise` pass through.
 */
export async function* sample(
  denoise: Denoiser,
  course: Course,
): AsyncGenerator<{ step: RunStep; x: Float32Array }> {
  const { sampler, sigmas, nextNoise } = course
  let x = firstState(course)
  let last: { sigma: number; guess: Float32Array } | undefined
  for (let index = 0; index + 1 < sigmas.length; index++) {
    const sigma = sigmas[index] as number
    const sigmaNext = sigmas[index + 1] as number
    const { guess, guidance } = await denoise(x, sigma)
    const noisy = x.map((value) => value / (1 + sigma))
    x = await sampler.step({ x, sigma, sigmaNext, guess, last, denoise, nextNoise })
    last = { sigma, guess }
    yield { step: { index, sigma, sigmaNext, noisy, guess, guidance }, x }
  }
}

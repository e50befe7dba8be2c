import { guide } from './guidance.ts'
import type { Denoiser } from './samplers/sampler.ts'

/** The network on a batch: noisy pictures (1-t) x0 + t n in planes, t in (0, 1], word ids (0 = none) -> guesses of x0. */
export type Net = (x: Float32Array, t: Float32Array, ids: BigInt64Array) => Promise<Float32Array>

export type Conditioning = {
  /** Word ids of the prompt and of the negative prompt (none: the empty prompt). */
  prompt: readonly number[]
  negativePrompt: readonly number[]
  cfgScale: number
}

/**
 * D(x; sigma) of Karras et al. 2022 from a rectified-flow network: x / (1 + sigma) is its noisy picture at t = sigma / (1 + sigma).
 * Both guesses are made in one batch of two, also at cfgScale 1, where AUTOMATIC1111 saves the second: how much the prompt
 * changed is part of the explanation, and one path for both makes the replay equal to the bit.
 */
export function createDenoiser(net: Net, conditioning: Conditioning, maxWords: number): Denoiser {
  const ids = new BigInt64Array(2 * maxWords)
  conditioning.prompt.forEach((id, index) => (ids[index] = BigInt(id)))
  conditioning.negativePrompt.forEach((id, index) => (ids[maxWords + index] = BigInt(id)))
  return async (x, sigma) => {
    const both = new Float32Array(2 * x.length)
    const scaled = x.map((value) => value / (1 + sigma))
    both.set(scaled)
    both.set(scaled, x.length)
    const guesses = await net(both, new Float32Array(2).fill(sigma / (1 + sigma)), ids)
    return guide(guesses.subarray(0, x.length), guesses.subarray(x.length), conditioning.cfgScale)
  }
}

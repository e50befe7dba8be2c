import type { Denoised } from './samplers/sampler.ts'

/**
 * Classifier-free guidance (Ho & Salimans 2022): away from the guess without the prompt, towards the one with it, `cfgScale` times
 * as far. At 1 the prompt's guess stays as it is. A negative prompt takes the place of "without the prompt".
 */
export function guide(withPrompt: Float32Array, without: Float32Array, cfgScale: number): Denoised {
  let sum = 0
  const guess = withPrompt.map((value, index) => {
    const base = without[index] as number
    sum += Math.abs(value - base)
    return cfgScale === 1 ? value : base + cfgScale * (value - base)
  })
  return { guess, guidance: sum / withPrompt.length }
}

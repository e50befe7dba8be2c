import { eulerStep } from './euler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Heun's method (Karras et al. 2022, algorithm 1; k-diffusion's sample_heun without churn): an Euler step, a second look from there,
 * and the average of both directions. The last step, to no noise at all, stays Euler's: there is no direction at sigma 0.
 */
export const heun: Sampler = {
  id: 'Heun',
  help: 'Looks twice per step and takes the average: more exact, and twice the time.',
  automatic: 'Normal',
  async step({ x, sigma, sigmaNext, guess, denoise }) {
    const ahead = eulerStep({ x, sigma, guess }, sigmaNext)
    if (sigmaNext === 0) return ahead
    const second = (await denoise(ahead, sigmaNext)).guess
    const half = (sigmaNext - sigma) / 2
    return x.map((value, index) => {
      const slope = (value - (guess[index] as number)) / sigma
      const slopeAhead = ((ahead[index] as number) - (second[index] as number)) / sigmaNext
      return value + half * (slope + slopeAhead)
    })
  },
}

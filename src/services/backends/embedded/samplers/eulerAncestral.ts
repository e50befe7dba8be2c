import { eulerStep } from './euler.ts'
import type { Sampler } from './sampler.ts'

/** Euler's step to below the next noise level, then fresh noise back up to it (k-diffusion's sample_euler_ancestral, eta 1). */
export const eulerAncestral: Sampler = {
  id: 'Euler a',
  help: 'Adds fresh noise after each step: with more steps the picture keeps changing.',
  automatic: 'Normal',
  step({ x, sigma, sigmaNext, guess, nextNoise }) {
    const { down, up } = ancestralSplit(sigma, sigmaNext)
    const moved = eulerStep({ x, sigma, guess }, down)
    if (sigmaNext === 0) return moved
    const noise = nextNoise()
    return moved.map((value, index) => value + up * (noise[index] as number))
  },
}

/** down^2 + up^2 = to^2, with up the standard deviation of the exact posterior for one pixel (Ho et al. 2020; k-diffusion's get_ancestral_step). */
export function ancestralSplit(from: number, to: number): { down: number; up: number } {
  const up = Math.min(to, Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2))
  return { down: Math.sqrt(to ** 2 - up ** 2), up }
}

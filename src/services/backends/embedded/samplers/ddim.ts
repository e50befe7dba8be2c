import { euler } from './euler.ts'
import type { Sampler } from './sampler.ts'

/**
 * DDIM without added noise (Song et al. 2020, eta 0). Written with sigma its step is exactly Euler's (a test proves it); what is
 * left of DDIM is its spacing of the timesteps, so the scheduler is not free.
 */
export const ddim: Sampler = {
  id: 'DDIM',
  help: "Euler's very step, on DDIM's own noise schedule; a chosen scheduler is not used.",
  automatic: 'DDIM',
  fixed: true,
  step: (stride) => euler.step(stride),
}

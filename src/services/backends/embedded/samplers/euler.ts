import type { Sampler, Stride } from './sampler.ts'

/** Euler's step (k-diffusion's sample_euler without churn): go on in a straight line along dx/dsigma = (x - D) / sigma. */
export const euler: Sampler = {
  id: 'Euler',
  help: 'The simplest: at every step it walks straight towards the current guess.',
  automatic: 'Normal',
  step: ({ x, sigma, sigmaNext, guess }) => eulerStep({ x, sigma, guess }, sigmaNext),
}

export function eulerStep(
  { x, sigma, guess }: Pick<Stride, 'x' | 'sigma' | 'guess'>,
  to: number,
): Float32Array {
  const stay = to / sigma
  return x.map((value, index) => (guess[index] as number) + stay * (value - (guess[index] as number)))
}

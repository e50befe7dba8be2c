import type { Sampler } from './sampler.ts'

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2; k-diffusion's sample_dpmpp_2m): the linear part of the path is solved exactly in
 * log sigma, the guess is extended in a straight line from this step and the one before. First and last step have one guess only.
 */
export const dpmpp2m: Sampler = {
  id: 'DPM++ 2M',
  help: 'Remembers the guess before and so needs fewer steps; a favourite in AUTOMATIC1111.',
  automatic: 'Karras',
  step({ x, sigma, sigmaNext, guess, last }) {
    if (sigmaNext === 0) return guess.slice()
    const h = Math.log(sigma / sigmaNext)
    const grow = last === undefined ? 0 : h / (2 * Math.log(last.sigma / sigma))
    const stay = sigmaNext / sigma
    const move = -Math.expm1(-h)
    return x.map((value, index) => {
      const now = guess[index] as number
      const before = last === undefined ? now : (last.guess[index] as number)
      return stay * value + move * (now + grow * (now - before))
    })
  },
}

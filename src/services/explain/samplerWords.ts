/** What each sampler does with a guess, after "the model guessed the finished picture; ". Definitions: Karras et al. 2022; k-diffusion. */

const sentencesBySampler: Record<string, string> = {
  euler: 'the sampler Euler moved the noisy state straight towards that guess.',
  'euler a':
    'the sampler Euler a moved the noisy state towards that guess, a little too far, and filled up with fresh noise (drawn from the seed too), so other step counts give other pictures.',
  heun: 'the sampler Heun tried a move towards it, guessed again from there and moved by the average of both (the last step does without).',
  'dpm++ 2m':
    'the sampler DPM++ 2M moved the noisy state towards that guess, taking into account how it had changed since the step before.',
  ddim: "the sampler DDIM moved the noisy state straight towards that guess, as Euler does, at DDIM's own evenly spaced time steps.",
}

export function samplerSentence(sampler: string): string {
  return (
    sentencesBySampler[sampler.toLowerCase()] ??
    `the sampler ${sampler} moved the noisy state towards that guess.`
  )
}

/** Ancestral samplers add fresh noise after each step. */
export function isAncestral(sampler: string): boolean {
  return sampler.toLowerCase() === 'euler a'
}

/** DDIM brings its own noise levels, whatever scheduler the recipe names. */
export function hasOwnSpacing(sampler: string): boolean {
  return sampler.toLowerCase() === 'ddim'
}

/** img2img runs only the last part of its steps: how many, and in words. */

/**
 * floor(steps x strength), as in diffusers' img2img (get_timesteps), so that strength 1 runs them all; AUTOMATIC1111 runs one more. A
 * strength above 0 runs at least one. The tiny number makes up for 0.29 x 100 being 28.999999999999996.
 */
export function effectiveSteps(steps: number, strength: number): number {
  if (strength <= 0) return 0
  return Math.min(steps, Math.max(1, Math.floor(steps * strength + 1e-9)))
}

/** "8 of 20 steps ran: strength 0.4 begins with ..."; `how` says with what, where the noise level is known. */
export function stepsThatRan(ran: number, steps: number, strength: number, how = howOf(strength)): string {
  const all = steps === 1 ? 'Its only step ran' : `All ${steps} steps ran`
  return `${ran === steps ? all : `${ran} of ${steps} steps ran`}: strength ${strength} begins ${how}.`
}

const howOf = (strength: number): string =>
  strength < 1
    ? 'with the picture under only a part of the noise'
    : 'with hardly anything of the picture under the noise'

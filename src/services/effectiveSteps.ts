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

const UNDER_NOISE =
  /^(?:All )?(\d+)(?: of (\d+))? steps ran: strength ([\d.]+) begins with the picture under ([\d.]+%) noise\.$/

/** Sentences of `stepsThatRan` about several strengths as one short one; others stay as they are. */
export function stepsInOne(notes: readonly string[]): string[] {
  const found = notes.map((note) => UNDER_NOISE.exec(note)).filter((match) => match !== null)
  const [first] = found
  if (!first || found.length < 2) return [...notes]
  const parts = found.map(([, ran, , strength, noise]) => `${ran} at ${strength} (${noise})`)
  const words = `Steps that ran at each strength, of ${first[2] ?? first[1]} (in brackets: noise on the picture at the beginning): ${parts.join(', ')}.`
  return [...notes.filter((note) => !UNDER_NOISE.test(note)), words]
}

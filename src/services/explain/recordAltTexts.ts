/** Alt texts of the pictures of runs that were only watched, or not even that; at most 1000 characters. */
import type { Recipe } from '../../domain.ts'
import { fit, look, LONGEST_PROMPT } from './altTexts.ts'
import { HOLD_MS } from './animation.ts'
import { noiseLevels } from './noiseStrip.ts'
import type { Prescription } from './prescription.ts'
import { recordDelays } from './recordAnimation.ts'
import type { RecordFacts } from './recordFacts.ts'
import { seenWords, settledWords } from './recordWords.ts'
import { list, percent, shorten, sigmaWord } from './words.ts'

const what = ({ kind }: RecordFacts) => (kind === 'guess' ? "the model's guess" : 'the noisy state')

export function recordStripAlt(facts: RecordFacts, recipe: Recipe): string {
  const settled = settledWords(facts)
  return fit(
    `Frames that were seen while “${shorten(recipe.prompt, LONGEST_PROMPT)}” was drawn, then the finished picture: ${what(facts)} ` +
      `${places(facts)}; ${seenWords(facts)}. At first ${look(facts.firstLook)}; at the end ${look(facts.finalLook)}. ` +
      `Below, a dot for each of the ${facts.steps} steps, full where it is shown.${settled === '' ? '' : ` Marked: ${settled}.`}`,
  )
}

export function recordAnimationAlt(facts: RecordFacts, recipe: Recipe): string {
  const moving = recordDelays(facts).reduce((sum, delay) => sum + delay, 0)
  return fit(
    `Animation of about ${Math.round((moving + HOLD_MS) / 1000)} seconds, repeating, of the frames that were seen while ` +
      `“${shorten(recipe.prompt, LONGEST_PROMPT)}” was drawn: ${what(facts)} ${places(facts)}. At first ${look(facts.firstLook)}; at the end ` +
      `${look(facts.finalLook)}. The finished picture stays for ${HOLD_MS / 1000} seconds.`,
  )
}

export function scheduleAlt({ name, steps, sigma, noise }: Prescription): string {
  const half = noise.findIndex((level) => level < 0.5) + 1
  return fit(
    `Two charts above each other over ${steps} ${steps === 1 ? 'step' : 'steps'}, of what the ${name} schedule prescribes; computed, not measured. ` +
      `Noise level sigma: from ${sigmaWord(sigma[0] ?? 0)} to ${sigmaWord(sigma.at(-1) ?? 0)}. Share of noise: from ${percent(noise[0] ?? 0)} to ` +
      `${percent(noise.at(-1) ?? 0)}${half > 0 ? `, below half from step ${half}` : ''}.`,
  )
}

export function noiseStripAlt(recipe: Recipe, prescribed: Prescription | undefined): string {
  const levels = noiseLevels(prescribed)
  return fit(
    `${levels.length + 1} small pictures in a row: the finished picture “${shorten(recipe.prompt, LONGEST_PROMPT)}”, then the same with more and ` +
      `more coloured noise added, ${list(levels.map(percent))}. Computed afterwards; not the moments of its making.`,
  )
}

function places({ shown }: RecordFacts): string {
  const steps = shown.filter((step) => step > 0)
  const noise = shown.length > steps.length ? ['before the first step'] : []
  const at = steps.length === 0 ? [] : [`at ${steps.length === 1 ? 'step' : 'steps'} ${list(steps)}`]
  return [...noise, ...at].join(' and ')
}

/** What is to be seen in each picture, for people who do not see it: computed from the facts, at most 1000 characters. */
import type { Recipe } from '../../domain.ts'
import { animationSteps, frameMs, HOLD_MS } from './animation.ts'
import type { Look } from './colourWords.ts'
import type { Facts } from './facts.ts'
import { filmstripSteps } from './filmstrip.ts'
import { milestones } from './milestones.ts'
import { list, percent, shorten } from './words.ts'

const LONGEST = 1000
export const LONGEST_PROMPT = 200

export function filmstripAlt(facts: Facts, recipe: Recipe): string {
  const steps = filmstripSteps(facts.steps).map((index) => index + 1)
  return fit(
    `Filmstrip of the run for “${shorten(recipe.prompt, LONGEST_PROMPT)}”: ` +
      (steps.length === 1
        ? 'two pictures, one above the other, of its only step. '
        : `two rows of ${steps.length} small pictures, steps ${list(steps)} of ${facts.steps}. `) +
      `Above, the noisy state: coloured dots, ${falling(facts)} noise. ` +
      `Below, the model's guess: ${looks(facts)}. ${marks(facts)}`,
  )
}

export function chartAlt(facts: Facts): string {
  const half = facts.noise.findIndex((noise) => noise < 0.5) + 1
  const below = half > 0 ? `, below half from step ${half}` : ''
  const peak = facts.changePeak
  const pulled = facts.guidancePeak
  return fit(
    `Three charts above each other over ${count(facts.steps, 'step')}. Noise level: ` +
      `${falling(facts)}${below}. Change of the guess, in per cent of black to white: ` +
      `${peak === undefined ? 'none' : `largest at step ${peak} with ${percent(facts.change[peak - 1] ?? 0)}, ${percent(facts.change.at(-1) ?? 0)} at the last step`}. ` +
      `Pull of the prompt: ${pulled === undefined ? 'none' : `mean ${percent(facts.guidanceMean)}, strongest at step ${pulled} with ${percent(facts.guidance[pulled - 1] ?? 0)}, ${percent(facts.guidance.at(-1) ?? 0)} at the last step`}. ` +
      marks(facts),
  )
}

export function animationAlt(facts: Facts, recipe: Recipe): string {
  const frames = animationSteps(facts.steps).length
  const seconds = Math.round((frames * frameMs(frames) + HOLD_MS) / 1000)
  return fit(
    `Animation of about ${seconds} seconds, repeating, of the run for “${shorten(recipe.prompt, LONGEST_PROMPT)}”. Left, the noisy state clears ` +
      `from ${percent(facts.noise[0] ?? 0)} noise to none. Right, the model's guess takes shape: ${looks(facts)}. The finished picture stays for ${HOLD_MS / 1000} seconds.`,
  )
}

function looks({ firstLook, finalLook, steps }: Facts): string {
  return steps === 1 ? look(finalLook) : `at first ${look(firstLook)}; at the end ${look(finalLook)}`
}

export function look({ colours, edges }: Look): string {
  const shares = colours.map(({ word, share }) => `${percent(share)} ${word}`)
  return `${list(shares)}, ${edges} at the edges`
}

function marks(facts: Facts): string {
  const words = milestones(facts).map((milestone) => milestone.words)
  return words.length === 0 ? '' : `Marked: ${list(words)}.`
}

function falling({ noise }: Facts): string {
  const first = percent(noise[0] ?? 0)
  return noise.length === 1 ? first : `falling from ${first} to ${percent(noise.at(-1) ?? 0)}`
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

export function fit(text: string): string {
  return shorten(text, LONGEST)
}

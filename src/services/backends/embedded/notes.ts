import type { Recipe } from '../../../domain.ts'
import { stepsThatRan } from '../../effectiveSteps.ts'
import type { Tokens } from './tokenise.ts'

/** How an img2img run began: the noise levels that were left of the schedule, with the 0 at its end. */
type Begun = { strength: number; sigmas: readonly number[]; isMasked: boolean }

/** Sentences under a picture: what the model could not do with the request. */
export function notesOn(
  asked: Recipe,
  used: {
    scheduler: string
    beginning: Begun | undefined
    pixels: number
    prompt: Tokens
    negativePrompt: Tokens
  },
): string[] {
  const { prompt, negativePrompt } = used
  const nothingKnown = prompt.ids.length === 0 && prompt.unknown.length > 0
  const otherScheduler = asked.scheduler !== used.scheduler && asked.scheduler !== 'Automatic'
  return [
    ...corrections([...prompt.corrected, ...negativePrompt.corrected]),
    ...unknownWords(prompt.unknown, 'prompt'),
    ...(nothingKnown ? ['No word of the prompt is known to it, so it drew as if there were none.'] : []),
    ...leftOut(prompt.left, 'prompt'),
    ...unknownWords(negativePrompt.unknown, 'negative prompt'),
    ...leftOut(negativePrompt.left, 'negative prompt'),
    ...(otherScheduler
      ? [`${asked.sampler} has its own noise schedule, so the scheduler ${asked.scheduler} was not used.`]
      : []),
    ...(used.beginning ? beginningNotes(used.beginning, asked.steps, used.pixels) : []),
    `Drawn at ${used.pixels} x ${used.pixels} and scaled up ${asked.width / used.pixels} times for viewing.`,
  ]
}

function beginningNotes({ strength, sigmas, isMasked }: Begun, steps: number, pixels: number): string[] {
  const ran = sigmas.length - 1
  const sigma = sigmas[0] as number
  const noise = `${Math.round((100 * sigma) / (1 + sigma))}%`
  if (ran === 0) {
    return [
      `No step ran: strength 0 gives the picture back, as far as ${pixels} x ${pixels} pixels can show it.`,
    ]
  }
  return [
    stepsThatRan(ran, steps, strength, `with the picture under ${noise} noise`),
    ...(isMasked ? ['Only what is white in the mask was drawn anew; the rest is as it was.'] : []),
  ]
}

function unknownWords(words: readonly string[], where: string): string[] {
  if (words.length === 0) return []
  const place = where === 'prompt' ? '' : ` in the ${where}`
  if (words.length === 1) return [`A word this model does not know${place}: ${quoted(words)}.`]
  return [`Words this model does not know${place}: ${quoted(words)}.`]
}

function corrections(words: readonly (readonly [string, string])[]): string[] {
  if (words.length === 0) return []
  return [`Read ${words.map(([word, meant]) => `"${word}" as "${meant}"`).join(', ')}.`]
}

function leftOut(words: readonly string[], where: string): string[] {
  if (words.length === 0) return []
  return [`Too much for one ${where}; left out: ${quoted(words)}.`]
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word.replace('bg:', '')}"`).join(', ')
}

/** What is said under the pictures of an experiment: what such a change does in general, and what was measured in these. Pure. */
import type { Experiment, ExperimentVariable } from '../../domain.ts'
import { LAYOUT_TOLERANCE } from '../explain/facts.ts'
import { isAncestral } from '../explain/samplerWords.ts'
import { percent, quoted } from '../explain/words.ts'
import { hasOrder, type ExperimentFacts, type Pair } from './facts.ts'
import { valueInWords } from '../../experimentWords.ts'

/** True of every diffusion model. */
const general: Record<ExperimentVariable, string> = {
  steps:
    'All began as the same noise, but each is a journey of its own: with more steps each move is smaller, so these are not moments of one run.',
  cfg: 'Guidance makes the difference between the guess with the prompt and the guess without it larger: more of it follows the words more closely, and too much burns colours and contrast.',
  sampler:
    'All began as the same noise; the samplers differ in how they move from there towards what the model guesses.',
  scheduler:
    'All began as the same noise and took as many steps; the schedules differ in how much noise each step takes away.',
  seed: 'A seed is one particular field of noise. The words are the same, so what differs between these pictures comes from the noise alone.',
  strength:
    'Strength says how much noise was put over the first picture before the model drew on: with little the picture stays, with all of it hardly anything of it is left.',
  prompt: 'All began as the same noise, so what differs between these pictures comes from the words alone.',
  negative:
    'A negative prompt takes the place of the guess without words, so the model moves away from what it says.',
}

/** One or two sentences about such a change, whatever the pictures show. */
export function generalSentence({ variable, cells }: Experiment): string {
  const isFresh = variable === 'steps' && cells.some(({ sampler }) => isAncestral(sampler))
  return isFresh
    ? `${general.steps} This sampler adds fresh noise after every step, so other step counts give other pictures.`
    : general[variable]
}

/** What was measured, one to three sentences. Markdown. */
export function measuredSentences(variable: ExperimentVariable, facts: ExperimentFacts): string[] {
  const { nearest, farthest, areAllSame, layoutFrom } = facts
  if (areAllSame) return ['They are the same, pixel for pixel: this change made no difference here.']
  const isOnlyPair = nearest === farthest
  const neighbours = hasOrder(variable) && !isOnlyPair ? 'Of neighbours, the' : 'The'
  const distance = ({ a, b, distance }: Pair) =>
    `${named(variable, a)} and ${named(variable, b)} (${distance === 0 ? 'the same pixels' : percent(distance)})`
  const sentences = isOnlyPair
    ? [`${upper(named(variable, nearest.a))} and ${named(variable, nearest.b)} are ${apart(nearest)}.`]
    : [`${neighbours} most alike are ${distance(nearest)}, the least alike ${distance(farthest)}${SCALE}.`]
  if (layoutFrom) sentences.push(layoutSentence(variable, layoutFrom))
  return sentences
}

const SCALE = '; 0% would be the same pixels, 100% black against white'

const apart = ({ distance }: Pair) => `${percent(distance)} apart${SCALE.replace(';', ', where')}`

function layoutSentence(
  variable: ExperimentVariable,
  { value, last, isFirst }: NonNullable<ExperimentFacts['layoutFrom']>,
): string {
  const near = `within ${percent(LAYOUT_TOLERANCE)} of the one with ${named(variable, last)}`
  return isFirst
    ? `The layout, all pictures blurred to 8 × 8 patches, is nearly the same in all of them: ${near}.`
    : `From ${named(variable, value)} on the layout stays: blurred to 8 × 8 patches, those pictures are ${near}.`
}

/** A value inside a sentence. */
function named(variable: ExperimentVariable, value: string): string {
  if (variable === 'prompt') return quoted(value, 60)
  if (variable === 'negative') return value === '' ? 'nothing unwanted' : `not wanting ${quoted(value, 60)}`
  return valueInWords(variable, value)
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Denoising strength in words: suggested, understood and said. Pure. */
import type { APIApplicationCommandOptionChoice } from 'discord.js'
import { UserError } from '../errors.ts'
import { plain } from './render/blocks.ts'

/** What to expect of a strength. The numbers are where the course of the class looks at it. */
export const strengths: readonly { value: number; words: string }[] = [
  { value: 0.2, words: 'keep almost everything' },
  { value: 0.4, words: 'keep shapes and colours, change the surface' },
  { value: 0.6, words: 'keep the large shapes and colours' },
  { value: 0.7, words: 'half the picture, half the prompt' },
  { value: 0.8, words: 'keep only the rough layout' },
  { value: 0.9, words: 'only an echo' },
  { value: 1, words: 'keep nothing' },
]

const known = [{ value: 0, words: 'keep everything' }, ...strengths]

/** Letters that must be typed before words are guessed at. */
const FEWEST_LETTERS = 3

/** A number from 0 to 1 as people read it: with the words that are nearest to it. */
export function strengthInWords(strength: number): string {
  const distance = (value: number) => Math.abs(value - strength)
  const [nothing, ...others] = known
  if (strength === 0 && nothing) return nothing.words
  return others.reduce((best, each) => (distance(each.value) < distance(best.value) ? each : best)).words
}

/** Suggestions for what was typed so far: a number of one's own first, then the words that hold it. */
export function strengthChoices(typed: string): APIApplicationCommandOptionChoice<string>[] {
  const wanted = typed.trim().toLowerCase()
  const choices = strengths.map(({ value, words }) => ({ value: String(value), name: `${value}: ${words}` }))
  const own = numberIn(wanted)
  if (own === undefined) return choices.filter(({ name }) => name.includes(wanted))
  const isOwn = own >= 0 && own <= 1 && choices.every(({ value }) => Number(value) !== own)
  return [
    ...(isOwn ? [{ value: String(own), name: `${own}: ${strengthInWords(own)}` }] : []),
    ...choices.filter(({ value }) => isOwn || value.startsWith(wanted)),
  ]
}

/**
 * A strength from what a person typed: 0.4, "0,4", "40%", "only an echo" or the beginning of such words.
 * @throws UserError invalid-options
 */
export function parseStrength(typed: string): number {
  const wanted = typed.trim().toLowerCase()
  const number = numberIn(wanted.replace(/:.*$/, ''))
  if (number !== undefined && number >= 0 && number <= 1) return number
  const fitting = wanted.length < FEWEST_LETTERS ? [] : known.filter(({ words }) => words.includes(wanted))
  const found = fitting.find(({ words }) => words === wanted) ?? fitting[0]
  const isClear = fitting.length === 1 || found?.words === wanted
  if (found && isClear && number === undefined) return found.value
  const examples = [strengths.at(0), strengths.at(2), strengths.at(-2)].map((each) => `“${each?.words}”`)
  throw new UserError(
    'invalid-options',
    `strength must be a number from 0 to 1 or words such as ${examples.join(', ')}; you wrote “${plain(typed, 40)}”.`,
  )
}

/** With a decimal comma or as per cent, too; undefined for words. */
function numberIn(text: string): number | undefined {
  const [, digits, percent] = /^([\d.,]+)\s*(%?)$/.exec(text) ?? []
  const value = Number(digits?.replace(',', '.') ?? Number.NaN)
  if (!Number.isFinite(value)) return undefined
  return percent ? Number((value / 100).toFixed(4)) : value
}

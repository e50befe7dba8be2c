/** The values of an experiment: from what a person typed to the options of each picture. Pure. */
import type { ExperimentVariable, ImageRequest } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { ImagineOptions } from '../imagine.ts'

const FEWEST_VALUES = 2
const MOST_VALUES = 9

const numbers = ['steps', 'cfg', 'seed', 'strength'] as const
type NumberVariable = (typeof numbers)[number]

/** Whether its values are numbers. */
export const isNumber = (variable: ExperimentVariable): variable is NumberVariable =>
  (numbers as readonly string[]).includes(variable)

/**
 * Numbers with commas or spaces between them, names with commas, prompts with | (a negative prompt may be empty).
 * @throws UserError invalid-options when there are too few or too many
 */
export function parseValues(variable: ExperimentVariable, text: string): string[] {
  const values = isNumber(variable)
    ? text.split(/[\s,;|]+/).filter(Boolean)
    : variable === 'sampler' || variable === 'scheduler'
      ? trimmed(text.split(/[,;|]/)).filter(Boolean)
      : trimmed(text.split('|')).filter((value) => value !== '' || variable === 'negative')
  mustBeSome(variable, values)
  return values
}

const trimmed = (parts: readonly string[]) => parts.map((part) => part.replaceAll(/\s+/g, ' ').trim())

/** How to write them, for sentences. */
const examples: Record<ExperimentVariable, string> = {
  steps: '1, 4, 10, 20',
  cfg: '1, 3, 7, 12',
  sampler: 'Euler, Euler a',
  scheduler: 'Karras, Normal',
  seed: '1, 2, 3, 4',
  strength: '0.2, 0.5, 0.8',
  prompt: 'a red heart | a blue heart',
  negative: '| yellow',
}

function mustBeSome(variable: ExperimentVariable, values: readonly string[]): void {
  if (values.length >= FEWEST_VALUES && values.length <= MOST_VALUES) return
  const many = values.length === 1 ? 'is 1' : `are ${values.length}`
  throw refusal(
    `An experiment compares ${FEWEST_VALUES} to ${MOST_VALUES} values, but there ${many}; please write them like this: ${examples[variable]}`,
  )
}

/** The options with the variable set to one value. @throws UserError invalid-options for what should be a number and is not */
export function withValue(
  options: ImagineOptions,
  variable: ExperimentVariable,
  value: string,
): ImagineOptions {
  if (!isNumber(variable)) return { ...options, [variable]: value }
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) {
    throw refusal(
      `${variable}: ${shown(value)} is not a number; please write numbers with commas between them, as in ${examples[variable]}`,
    )
  }
  if (variable === 'seed' && number < 0) {
    throw refusal('seed: an experiment needs the seeds themselves, so -1 cannot be one of them.')
  }
  return { ...options, [variable]: number }
}

/** A value as the machine that draws will have it: "Euler a" also where "euler A" was typed. */
export function valueOf(variable: ExperimentVariable, request: ImageRequest): string {
  const values: Record<ExperimentVariable, string | number> = {
    steps: request.steps,
    cfg: request.cfgScale,
    sampler: request.sampler,
    scheduler: request.scheduler,
    seed: request.seed,
    strength: request.denoisingStrength ?? '',
    prompt: request.prompt,
    negative: request.negativePrompt,
  }
  return String(values[variable])
}

/** A sentence about one of the values, which names it. */
export function aboutValue(variable: ExperimentVariable, value: string, { code, message }: UserError) {
  const isNamed = value === '' || message.includes(value) || message.startsWith(`${variable}:`)
  return new UserError(code, isNamed ? message : `${variable}: with ${shown(value)}: ${message}`)
}

/** @throws UserError invalid-options when two values are the same */
export function mustDiffer(variable: ExperimentVariable, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice === undefined) return
  const what = twice === '' ? 'nothing' : shown(twice)
  throw refusal(`${variable}: ${what} is there twice; please compare values that differ.`)
}

const shown = (value: string): string => `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`

const refusal = (sentence: string) => new UserError('invalid-options', sentence)

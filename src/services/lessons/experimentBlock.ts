/** Reads the block ```experiment. */
import { experimentVariables, MAX_SEED, type ExperimentVariable } from '../../domain.ts'
import type { Experiment, ExperimentRecipe } from './lesson.ts'
import { numberOf, type Reader } from './reader.ts'

export const experimentKeys = [
  'id',
  'title',
  'variable',
  'values',
  'prompt',
  'negative',
  'seed',
  'steps',
  'cfg',
  'sampler',
  'scheduler',
  'model',
  'strength',
  'image',
  'expect',
  'choices',
  'explain',
] as const

const FEWEST_VALUES = 2
const MOST_VALUES = 9
const LONGEST_TITLE = 80
const LONGEST_PROMPT = 500
/** Of the question and of each prediction to choose: Discord's limit on the text of a choice. */
const LONGEST_CHOICE = 100
const LONGEST_EXPECT = 300
const LONGEST_EXPLAIN = 1200
const MOST_CHOICES = 10

const numbers = {
  steps: { min: 1, isWhole: true },
  cfg: { min: 0, max: 100 },
  seed: { min: 0, max: MAX_SEED, isWhole: true },
  strength: { min: 0, max: 1 },
} as const

const isNumber = (variable: ExperimentVariable | undefined): variable is keyof typeof numbers =>
  variable !== undefined && variable in numbers

/** What is wrong is noted by the reader. */
export function readExperiment(reader: Reader): Experiment {
  const variable = readVariable(reader)
  const values = readValues(reader, variable)
  const choices = readChoices(reader)
  return {
    id: reader.id('id'),
    title: reader.text('title', LONGEST_TITLE),
    variable: variable ?? 'seed',
    values,
    recipe: readRecipe(reader, variable, values),
    expect: reader.text('expect', LONGEST_EXPECT),
    ...(choices && { choices }),
    explain: reader.text('explain', LONGEST_EXPLAIN),
  }
}

function readVariable(reader: Reader): ExperimentVariable | undefined {
  const asked = reader.text('variable', 40)
  const variable = experimentVariables.find((name) => name === asked)
  if (!variable && asked)
    reader.note(
      reader.lineOf('variable'),
      `"variable" is one of: ${experimentVariables.join(', ')}; it is "${asked}".`,
    )
  return variable
}

function readValues(reader: Reader, variable: ExperimentVariable | undefined): (string | number)[] {
  const line = reader.lineOf('values')
  const items = reader.items('values')
  if (!items) {
    if (line === reader.line) reader.note(line, 'An experiment needs "values: [..., ...]".')
    return []
  }
  if (items.length < FEWEST_VALUES || items.length > MOST_VALUES) {
    reader.note(
      line,
      `"values" must be ${FEWEST_VALUES} to ${MOST_VALUES} values; there ${items.length === 1 ? 'is 1' : `are ${items.length}`}.`,
    )
  }
  const values = items.flatMap((item): (string | number)[] => {
    if (!isNumber(variable)) return [item.text]
    const number = numberOf(item.text, `Each value of ${variable}`, numbers[variable], (why) =>
      reader.note(item.line, why),
    )
    return number === undefined ? [] : [number]
  })
  if (new Set(values).size < values.length) reader.note(line, '"values" has the same value twice.')
  return values
}

function readChoices(reader: Reader): string[] | undefined {
  const items = reader.items('choices')
  if (!items) return undefined
  if (items.length < 2 || items.length > MOST_CHOICES)
    reader.note(reader.lineOf('choices'), `"choices" must be 2 to ${MOST_CHOICES} predictions.`)
  for (const { text, line } of items) {
    if (text.length > LONGEST_CHOICE)
      reader.note(line, `A choice may have ${LONGEST_CHOICE} characters; this one has ${text.length}.`)
  }
  return items.map(({ text }) => text)
}

function readRecipe(
  reader: Reader,
  variable: ExperimentVariable | undefined,
  values: (string | number)[],
): ExperimentRecipe {
  const fixed = (key: ExperimentVariable) => {
    if (key !== variable || reader.lineOf(key) === reader.line) return true
    reader.note(reader.lineOf(key), `"${key}" is what this experiment changes, so please leave it out here.`)
    return false
  }
  const recipe: ExperimentRecipe = {
    prompt:
      variable === 'prompt' && fixed('prompt')
        ? String(values[0] ?? '')
        : reader.text('prompt', LONGEST_PROMPT),
  }
  for (const key of ['negative', 'sampler', 'scheduler'] as const) {
    const text = fixed(key) ? reader.optionalText(key, LONGEST_PROMPT) : undefined
    if (text !== undefined) recipe[key] = text
  }
  for (const key of ['seed', 'steps', 'cfg', 'strength'] as const) {
    const number = fixed(key) ? reader.optionalNumber(key, numbers[key]) : undefined
    if (number !== undefined) recipe[key] = number
  }
  const model = reader.optionalText('model', 100)
  if (model !== undefined) recipe.model = model
  const image = readImage(reader)
  if (image !== undefined) recipe.image = image
  if (image === undefined && (variable === 'strength' || recipe.strength !== undefined))
    reader.note(reader.line, 'An experiment with "strength" needs a picture: "image: practice:apple".')
  return recipe
}

/** Only pictures that come with Darkroom: an experiment must not need anybody's photo. */
function readImage(reader: Reader): string | undefined {
  const image = reader.optionalText('image', 60)
  if (image === undefined) return undefined
  const [, name] = /^practice:([a-z0-9-]+)$/.exec(image) ?? []
  if (name === undefined)
    reader.note(
      reader.lineOf('image'),
      `"image" is a practice picture, as in "practice:apple"; it is "${image}".`,
    )
  return name
}

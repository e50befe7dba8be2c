/** Suggestions for the options of /experiment that no other command has. Pure. */
import type { APIApplicationCommandOptionChoice } from 'discord.js'
import type { Choice, ExperimentVariable, ModelInfo, Picture, Range } from '../domain.ts'
import { valueInWords, variableWords } from '../experimentWords.ts'
import { LAST } from './namedPicture.ts'
import { shorten } from './render/blocks.ts'
import { whatWasAsked } from './render/whatWasAsked.ts'

/** Discord's limit on the words and on the value of a choice. */
const LONGEST = 100
const MOST_VALUES = 9

const sweeps: Partial<Record<ExperimentVariable, readonly number[][]>> = {
  steps: [
    [1, 4, 10, 20, 40],
    [5, 10, 20, 40],
    [1, 2, 3, 4, 5, 6],
    [10, 20, 30],
  ],
  cfg: [
    [1, 3, 5, 7, 12],
    [0, 1, 5, 15],
    [1, 7],
    [3, 5, 7, 9],
  ],
  seed: [
    [1, 2, 3, 4],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    [7, 8],
  ],
  strength: [
    [0.2, 0.4, 0.6, 0.8, 1],
    [0.3, 0.5, 0.7],
    [0, 0.25, 0.5, 0.75, 1],
  ],
}

const words: Partial<Record<ExperimentVariable, readonly string[]>> = {
  prompt: ['a red heart | a blue heart', 'a dog | a cat | a fox | an owl'],
  negative: ['| yellow', '| red | blue'],
}

/** Sensible values for a variable; what is typed already is gone on with. */
export function valueChoices(
  variable: ExperimentVariable,
  typed: string,
  model: ModelInfo | undefined,
): APIApplicationCommandOptionChoice<string>[] {
  const known =
    variable === 'sampler' ? model?.samplers : variable === 'scheduler' ? model?.schedulers : undefined
  const all = known ? nameLists(known, typed) : sweepsFor(variable, model)
  const begin = typed.trim().toLowerCase()
  const fitting = all.filter((value) => value.toLowerCase().startsWith(begin))
  const shown = fitting.length > 0 ? fitting : typed.trim() === '' ? all : [typed.trim()]
  return [...new Set(shown)]
    .filter((value) => value.length <= LONGEST)
    .map((value) => ({ name: value, value }))
}

/** All of them, pairs with the first, and one more than what is typed. */
function nameLists(known: readonly Choice[], typed: string): string[] {
  const names = known.map(({ id }) => id)
  const [first, ...others] = names
  const chosen = typed.slice(0, typed.lastIndexOf(',') + 1).trim()
  if (chosen !== '') {
    const taken = new Set(chosen.split(',').map((name) => name.trim().toLowerCase()))
    return names.filter((name) => !taken.has(name.toLowerCase())).map((name) => `${chosen} ${name}`)
  }
  return [names.slice(0, MOST_VALUES).join(', '), ...others.map((name) => `${first}, ${name}`), ...names]
}

function sweepsFor(variable: ExperimentVariable, model: ModelInfo | undefined): string[] {
  const range: Range | undefined =
    variable === 'steps' ? model?.steps : variable === 'cfg' ? model?.cfgScale : undefined
  const isInside = (value: number) => !range || (value >= range.min && value <= range.max)
  const numbers = (sweeps[variable] ?? [])
    .map((values) => values.filter(isInside))
    .filter((values) => values.length > 1)
    .map((values) => values.join(', '))
  return [...numbers, ...(words[variable] ?? [])]
}

/** The last picture of the channel, and the newest ones of the class. */
export function pictureChoices(
  typed: string,
  last: Picture | undefined,
  newest: readonly Picture[],
): APIApplicationCommandOptionChoice<string>[] {
  const search = typed.trim().toLowerCase()
  // The pictures of one experiment have the same words.
  const named = ({ recipe, author }: Picture) =>
    `${unescaped(whatWasAsked(recipe, 40))} by ${author.name}${
      'kind' in recipe
        ? ''
        : ` (seed ${recipe.seed}, ${valueInWords('steps', String(recipe.steps))}, cfg ${recipe.cfgScale})`
    }`
  return [
    ...(last ? [{ value: LAST, name: `The last picture in this channel: ${named(last)}` }] : []),
    ...newest
      .filter(({ recipe }) => !('kind' in recipe))
      .map((picture) => ({ value: picture.id, name: named(picture) })),
  ]
    .filter(({ name, value }) => search === value || name.toLowerCase().includes(search))
    .map(({ name, value }) => ({ value, name: shorten(name, LONGEST) }))
}

/** Choices are no markdown. */
const unescaped = (text: string) => text.replaceAll(/\\(.)/g, '$1')

export const variableChoices = Object.entries(variableWords).map(([value, { name, what }]) => ({
  value,
  name: `${name}: ${what}`,
}))

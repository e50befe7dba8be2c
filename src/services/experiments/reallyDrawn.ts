/** What the machine really did: it may take another schedule, sampler or model than it was told, and then more than the variable changed. */
import { isSwap, type Experiment, type ExperimentVariable, type Picture, type Recipe } from '../../domain.ts'
import { valueInWords, variableWords } from '../../experimentWords.ts'
import { list, quoted } from '../explain/words.ts'

const replaceable = ['scheduler', 'sampler', 'model'] as const
const names = { scheduler: 'schedule', sampler: 'sampler', model: 'model' } as const

/** `recipe`: what is the same in all of them, as it was drawn; a name in which they differ is empty. */
export function reallyDrawn(
  { variable, values, cells }: Experiment,
  pictures: readonly Pick<Picture, 'index' | 'recipe'>[],
): { recipe: Recipe; careful: string | undefined } {
  const drawn = pictures.flatMap(({ index, recipe }) => (isSwap(recipe) ? [] : [{ index, recipe }]))
  const recipe = { ...(cells[0] as Recipe) }
  const sentences: string[] = []
  for (const key of replaceable) {
    if (key === variable) continue
    const byName = new Map<string, string[]>()
    for (const { index, recipe: real } of drawn) {
      byName.set(real[key], [...(byName.get(real[key]) ?? []), named(variable, values[index] ?? '')])
    }
    const [only] = byName.keys()
    if (only === undefined) continue
    recipe[key] = byName.size === 1 ? only : ''
    if (byName.size === 1) continue
    const each = [...byName].map(([name, of]) => `${unquoted(name)} for ${list(of)}`)
    sentences.push(`the ${names[key]} was ${each.join('; ')}.`)
  }
  const careful = `not only the ${variableWords[variable].name} changed: ${sentences.join(' And ')}`
  return { recipe, careful: sentences.length > 0 ? careful : undefined }
}

const named = (variable: ExperimentVariable, value: string) =>
  variable === 'prompt' ? quoted(value, 40) : unquoted(valueInWords(variable, value))

const unquoted = (text: string) => quoted(text, 40).slice(1, -1)

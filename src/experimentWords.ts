/** What an experiment changes, in the words of people. Pure. */
import type { Experiment, ExperimentVariable } from './domain.ts'

/** `name` stands after "only the"; `what` says what the setting does. */
export const variableWords: Record<ExperimentVariable, { name: string; what: string }> = {
  steps: { name: 'steps', what: 'how many steps it takes from noise to picture' },
  cfg: { name: 'guidance (cfg)', what: 'how closely it follows the prompt' },
  sampler: { name: 'sampler', what: 'the method that takes the steps' },
  scheduler: { name: 'scheduler', what: 'how the noise is spread over the steps' },
  seed: { name: 'seed', what: 'which noise it begins with' },
  strength: { name: 'strength', what: 'how much of the first picture is drawn anew' },
  prompt: { name: 'prompt', what: 'the words it follows' },
  negative: { name: 'negative prompt', what: 'what is not wanted' },
}

/** One value where it stands alone, e.g. under its picture: "4 steps", "cfg 7", "Euler a". Not markdown. */
export function valueInWords(variable: ExperimentVariable, value: string): string {
  if (variable === 'steps') return value === '1' ? '1 step' : `${value} steps`
  if (variable === 'cfg' || variable === 'seed' || variable === 'strength') return `${variable} ${value}`
  if (variable === 'negative') return value === '' ? 'nothing unwanted' : `not wanted: ${value}`
  return value
}

/** All values in their order, as a sentence ends with them: "1, 4 and 10". Not markdown. */
export function valuesInWords({ variable, values }: Pick<Experiment, 'variable' | 'values'>): string {
  if (variable === 'prompt') return list(values.map((value) => `“${value}”`))
  if (variable === 'negative') return list(values.map((value) => (value === '' ? 'nothing' : `“${value}”`)))
  return list(values)
}

/** "1, 2 and 3". */
const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** What all pictures have in common, as one line for people; what is empty is left out. Not markdown. */
export function fixedInWords({ variable, cells }: Pick<Experiment, 'variable' | 'cells'>): string {
  const [cell] = cells
  if (!cell) return ''
  const { loras = [], styles = [] } = cell
  const all: readonly [ExperimentVariable | undefined, string | undefined][] = [
    ['prompt', `“${cell.prompt}”`],
    ['negative', cell.negativePrompt ? `not wanted “${cell.negativePrompt}”` : undefined],
    ['seed', `seed ${cell.seed}`],
    ['steps', valueInWords('steps', String(cell.steps))],
    ['cfg', `cfg ${cell.cfgScale}`],
    ['sampler', cell.sampler || undefined],
    ['scheduler', cell.scheduler ? `schedule ${cell.scheduler}` : undefined],
    [undefined, cell.initImage === undefined ? undefined : 'beginning from a picture'],
    ['strength', cell.denoisingStrength === undefined ? undefined : `strength ${cell.denoisingStrength}`],
    [undefined, cell.variationStrength ? `varied by seed ${cell.variationSeed}` : undefined],
    [undefined, loras.length > 0 ? `LoRA ${loras.map(({ name }) => name).join(', ')}` : undefined],
    [undefined, styles.length > 0 ? `style ${styles.join(', ')}` : undefined],
    [undefined, cell.model ? `model ${cell.model}` : undefined],
    [undefined, `${cell.width} × ${cell.height}`],
  ]
  return all.flatMap(([of, words]) => (words === undefined || of === variable ? [] : [words])).join(', ')
}

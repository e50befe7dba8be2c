import { describe, expect, it } from 'vitest'
import { checkModal } from '../../src/classroom/rules/modal.ts'
import { predictionForm } from '../../src/discord/render/predictionForm.ts'
import { renderResult } from '../../src/discord/render/result.ts'
import { experimentVariables, type Experiment } from '../../src/domain.ts'
import { fixedInWords, valueInWords, valuesInWords } from '../../src/experimentWords.ts'
import { stepsInOne, stepsThatRan } from '../../src/services/effectiveSteps.ts'
import { sampleJob, samplePicture, sampleRecipe } from '../support/samples.ts'

/** As long as people can make it, of signs that are escaped. */
const stars = '*'.repeat(300)

const largest = (): Experiment => ({
  variable: 'prompt',
  values: Array.from({ length: 9 }, (_, i) => `${stars.slice(1)}${i}`),
  cells: Array.from({ length: 9 }, () => sampleRecipe({ prompt: stars, negativePrompt: stars })),
  prediction: stars,
})

const shownOf = (experiment: Experiment) => ({
  experiment,
  explain: 'x'.repeat(1200),
  general: '',
  fixed: fixedInWords(experiment),
  careful: undefined,
  measured: ['m'.repeat(300)],
  missing: experiment.values,
})

function textsOf(experiment: Experiment): string[] {
  const job = sampleJob({ request: { ...sampleRecipe(), count: 1, experiment }, failure: 'It was refused.' })
  const pictures = experiment.values.map((_, index) =>
    samplePicture({ id: `p${index}`, index, notes: ['Holds for all.', `Own ${index}: ${'n'.repeat(200)}`] }),
  )
  const view = renderResult({
    job,
    pictures,
    files: [],
    parents: [],
    actions: [],
    experiment: shownOf(experiment),
  })
  const inner = view.components.flatMap((each): object[] => ('components' in each ? each.components : []))
  return inner.flatMap((each) => ('content' in each ? [String(each.content)] : []))
}

describe('the message about an experiment', () => {
  it('has room for everything in usual words', () => {
    const cells = [sampleRecipe({ steps: 1 }), sampleRecipe({ steps: 4 })]
    const texts = textsOf({ variable: 'steps', values: ['1', '4'], cells, prediction: 'cleaner' }).join('\n')
    for (const words of [
      '1 step · 4 steps',
      'expected:** cleaner',
      'Missing',
      'The same in all',
      'Holds for all',
    ])
      expect(texts).toContain(words)
    expect(texts.match(/Holds for all/g)?.length).toBe(1)
    expect(texts).toContain('4 steps: Own 1')
  })

  it('keeps the limit of Discord for the largest one', () => {
    const texts = textsOf(largest())
    expect(texts.join('').length).toBeLessThanOrEqual(4000)
    expect(texts.join('')).toContain('expected:**')
    expect(texts.at(-1)).toContain('drawn by a machine')
  })
})

describe('the form before it runs', () => {
  it.each([undefined, ['It stays', 'It moves']])('keeps the rules, with choices %j', (choices) => {
    const form = predictionForm('experiment:x', { experiment: largest(), estimate: undefined, choices })
    expect(checkModal(JSON.parse(JSON.stringify(form)) as Parameters<typeof checkModal>[0])).toEqual([])
    const [about] = form.components
    expect(about && 'content' in about && about.content.length).toBeLessThanOrEqual(4000)
  })
})

it('leaves what changes out of what stays the same, for every variable', () => {
  const cell = sampleRecipe({ negativePrompt: 'yellow', initImage: 'a'.repeat(64), denoisingStrength: 0.5 })
  for (const variable of experimentVariables) {
    const fixed = fixedInWords({ variable, cells: [cell] })
    const all = [
      '“a red heart”',
      'yellow',
      'seed 7',
      '20 steps',
      'cfg 5',
      'Euler a',
      'karras',
      'strength 0.5',
    ]
    expect(all.filter((words) => !fixed.includes(words)).length).toBe(1)
  }
})

it('says values as people do', () => {
  expect(valueInWords('steps', '1')).toBe('1 step')
  expect(valueInWords('negative', '')).toBe('nothing unwanted')
  expect(valuesInWords({ variable: 'negative', values: ['', 'yellow'] })).toBe('nothing and “yellow”')
})

it('says how many steps ran at each strength in one sentence, and keeps what else is noted', () => {
  const ran = (steps: number, strength: number, noise: number) =>
    stepsThatRan(steps, 20, strength, `with the picture under ${noise}% noise`)
  expect(stepsInOne([ran(6, 0.3, 21), 'Another note.', ran(20, 1, 94)])).toEqual([
    'Another note.',
    'Steps that ran at each strength, of 20 (in brackets: noise on the picture at the beginning): 6 at 0.3 (21%), 20 at 1 (94%).',
  ])
  expect(stepsInOne([ran(6, 0.3, 21), 'Another note.'])).toEqual([ran(6, 0.3, 21), 'Another note.'])
})

import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ExperimentVariable, ModelInfo } from '../../src/domain.ts'
import { fixedInWords } from '../../src/experimentWords.ts'
import { createExperiments, type Experiments } from '../../src/services/experiments.ts'
import { drawContactSheet } from '../../src/services/experiments/contactSheet.ts'
import { measure } from '../../src/services/experiments/facts.ts'
import { reallyDrawn } from '../../src/services/experiments/reallyDrawn.ts'
import { resultOf } from '../../src/services/experiments/result.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'
import { noLessonRuns, sampleRecipe } from '../support/samples.ts'
import { origin, useStudio } from '../support/studio.ts'

const remixModel: ModelInfo = { ...plainModel, supports: { ...plainModel.supports, img2img: true } }
const guild = origin.guildId

async function lab() {
  const machines = [
    createMemoryBackend({ model: remixModel }),
    createMemoryBackend({ model: paidModel, id: 'shop' }),
  ]
  const studio = await useStudio({ machines })
  return { ...studio, experiments: createExperiments({ ...studio, lessonRuns: noLessonRuns }) }
}

async function parse(
  variable: ExperimentVariable,
  values: string,
  options: Partial<Parameters<Experiments['parse']>[0]['options']> = {},
) {
  const plan = { options: { prompt: 'a red heart', model: 'plain', ...options }, variable, values }
  return (await lab()).experiments.parse(plan, guild)
}

describe('the cells of an experiment', () => {
  it('are equal in all but the variable, with one seed drawn for all', async () => {
    const { experiment, seed } = await parse('steps', '1, 4 10')
    expect(experiment.values).toEqual(['1', '4', '10'])
    expect(experiment.cells.map(({ steps }) => steps)).toEqual([1, 4, 10])
    const others = experiment.cells.map((cell) => ({ ...cell, steps: 0 }))
    expect(new Set(others.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(others[0]?.seed).toBe(seed)
  })

  it.each([
    ['sampler', 'euler A, Euler', ['Euler a', 'Euler']],
    ['prompt', 'a dog |  a   cat', ['a dog', 'a cat']],
    ['negative', '| yellow', ['', 'yellow']],
    ['seed', '7;8;9', ['7', '8', '9']],
    ['cfg', '1.50, 3', ['1.5', '3']],
  ] as const)('takes the values of %s as people write them: %s', async (variable, typed, values) => {
    expect((await parse(variable, typed)).experiment.values).toEqual(values)
  })

  it('changes how strongly a picture is drawn over', async () => {
    const { experiment } = await parse('strength', '0.2, 1', { initImage: 'a'.repeat(64) })
    expect(experiment.cells.map(({ denoisingStrength }) => denoisingStrength)).toEqual([0.2, 1])
  })

  it.each([
    ['steps', 'abc, 4', /^steps: “abc” is not a number/],
    ['steps', '4, 99', /^steps must be between 1 and 50; you asked for 99\.$/],
    ['steps', '4', /compares 2 to 9 values, but there is 1.*1, 4, 10, 20$/],
    ['seed', '1 2 3 4 5 6 7 8 9 10', /but there are 10/],
    ['cfg', '1, 1.0', /^cfg: “1” is there twice/],
    ['sampler', 'Euler, Neuler', /^sampler must be one of: Euler, Euler a; you asked for "Neuler"\.$/],
    [
      'prompt',
      `a dog | ${'long '.repeat(70)}`,
      /^prompt: with “long .*…”: The prompt may have 300 characters/,
    ],
    ['strength', '0.2, 1', /needs one to begin from.*picture/],
    ['seed', '-1, 4', /-1 cannot be one of them/],
  ] as const)('refuses %s %s with a sentence that names the value', async (variable, typed, sentence) => {
    await expect(parse(variable, typed)).rejects.toThrow(sentence)
  })

  it('cost what each of them costs', async () => {
    const { backends } = await lab()
    const request = await parse('seed', '1, 2, 3', { model: 'paid' })
    expect(backends.estimate(request)?.usd).toBeCloseTo(0.3)
    expect(backends.estimate(await parse('seed', '1, 2, 3'))).toBeUndefined()
  })
})

describe('nothing but the variable changes', () => {
  const automatic = {
    ...plainModel,
    schedulers: ['Automatic', 'Normal', 'Karras'].map((id) => ({ id, help: '' })),
  }

  it('so a schedule is chosen where "Automatic" would be another one for another sampler', async () => {
    const studio = await useStudio({ backend: createMemoryBackend({ model: automatic }) })
    const experiments = createExperiments({ ...studio, lessonRuns: noLessonRuns })
    const options = { prompt: 'a red heart' }
    const samplers = await experiments.parse(
      { options, variable: 'sampler', values: 'Euler, Euler a' },
      guild,
    )
    expect(samplers.experiment.cells.map(({ scheduler }) => scheduler)).toEqual(['Karras', 'Karras'])
    const steps = await experiments.parse({ options, variable: 'steps', values: '1, 4' }, guild)
    expect(steps.scheduler).toBe('Automatic')
  })

  it('and where the machine did something else it is said', () => {
    const cells = ['Euler', 'Heun', 'DDIM'].map((sampler) => sampleRecipe({ sampler }))
    const experiment = { variable: 'sampler' as const, values: ['Euler', 'Heun', 'DDIM'], cells }
    const pictures = cells.map((recipe, index) => ({ index, recipe }))
    expect(reallyDrawn(experiment, pictures).careful).toBeUndefined()
    const other = pictures.with(2, { index: 2, recipe: sampleRecipe({ scheduler: 'DDIM' }) })
    const { careful, recipe } = reallyDrawn(experiment, other)
    expect(careful).toBe(
      'not only the sampler changed: the schedule was karras for Euler and Heun; DDIM for DDIM.',
    )
    expect(fixedInWords({ variable: 'sampler', cells: [recipe] })).not.toContain('schedule')
  })
})

const square = (grey: number, width = 64, height = 64) =>
  sharp({ create: { width, height, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .png()
    .toBuffer()

describe('what is measured', () => {
  const greys = async (list: readonly [string, number][]) =>
    Promise.all(list.map(async ([value, grey]) => ({ value, png: await square(grey) })))

  it('compares neighbours where the values have an order, and finds from where on the layout stays', async () => {
    const pictures = await greys([
      ['20', 102],
      ['1', 0],
      ['4', 100],
      ['40', 103],
    ])
    const facts = await measure('steps', pictures)
    expect(facts?.nearest).toMatchObject({ a: '20', b: '40', distance: expect.closeTo(1 / 255, 4) as number })
    expect(facts?.farthest).toMatchObject({
      a: '1',
      b: '4',
      distance: expect.closeTo(100 / 255, 3) as number,
    })
    expect(facts?.layoutFrom).toEqual({ value: '4', last: '40', isFirst: false })
  })

  it('compares all pairs where they have none, and says nothing of a layout', async () => {
    const facts = await measure(
      'seed',
      await greys([
        ['1', 0],
        ['2', 255],
        ['3', 10],
      ]),
    )
    expect(facts?.nearest).toMatchObject({ a: '1', b: '3' })
    expect(facts?.farthest).toMatchObject({ a: '1', b: '2', distance: 1 })
    expect(facts?.layoutFrom).toBeUndefined()
  })

  it('says so when nothing differs, and says nothing of one picture alone', async () => {
    const same = await greys([
      ['Karras', 9],
      ['Normal', 9],
    ])
    expect((await measure('scheduler', same))?.areAllSame).toBe(true)
    expect(await measure('scheduler', same.slice(0, 1))).toBeUndefined()
  })
})

describe('the contact sheet', () => {
  const sizeOf = async (count: number, aspect: number, label = 'Euler') => {
    const png = await square(200, 64, Math.round(64 * aspect))
    const cells = Array.from({ length: count }, () => ({ label, png }))
    const words = { title: 'Only this changes: steps', fixed: 'The same in all: seed 7 '.repeat(30) }
    return sharp(await drawContactSheet(cells, aspect, words)).metadata()
  }

  it.each([
    [2, 1],
    [5, 1],
    [9, 1],
    [9, 1.6],
    [4, 2.5],
    [6, 0.5],
  ])('of %i pictures %f times as high as wide is at most 2048 px a side', async (count, aspect) => {
    const { width, height } = await sizeOf(
      count,
      aspect,
      'a very long label that has to be broken into lines',
    )
    expect(Math.max(width, height)).toBeLessThanOrEqual(2048)
    expect(Math.min(width, height)).toBeGreaterThan(400)
  })

  it('shows every picture in its place, and a dark field for one that is missing', async () => {
    const recipe = sampleRecipe()
    const experiment = { variable: 'cfg' as const, values: ['1', '5', '9'], cells: [recipe, recipe, recipe] }
    const pictures = [0, 2].map((index) => ({ index, width: 64, height: 64, recipe }))
    const result = await resultOf(experiment, pictures, [await square(250), await square(120)])
    const { data, info } = await sharp(result.sheet).raw().toBuffer({ resolveWithObject: true })
    const greyAt = (column: number) =>
      data[3 * (200 * info.width + Math.round(((column + 0.5) / 3) * info.width))]
    expect([greyAt(0), greyAt(2)]).toEqual([250, 120])
    expect(greyAt(1)).toBeLessThan(60)
    expect(result.missing).toEqual(['5'])
    expect(result.alt).toContain('1: cfg 1; 2: cfg 5 (could not be drawn); 3: cfg 9')
    const texts = readPngText(result.sheet)
    expect(texts['XML:com.adobe.xmp']).toContain('trainedAlgorithmicMedia')
    expect(texts['parameters']).toBeUndefined()
  })

  it('begins with the picture that all of them begin from', async () => {
    const recipe = sampleRecipe({ initImage: 'a'.repeat(64), denoisingStrength: 0.2 })
    const experiment = { variable: 'strength' as const, values: ['0.2', '1'], cells: [recipe, recipe] }
    const pictures = [0, 1].map((index) => ({ index, width: 64, height: 64, recipe }))
    const pngs = [await square(100), await square(50)]
    const { sheet, alt } = await resultOf(experiment, pictures, pngs, await square(240))
    const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true })
    const greys = [0, 1, 2].map((column) => data[3 * (200 * info.width + 236 + 424 * column)])
    expect(greys).toEqual([240, 100, 50])
    expect(alt).toContain('after the picture that they begin from')
  })

  it('draws labels in any script, as far as the font goes', async () => {
    expect((await sizeOf(2, 1, '红心')).width).toBeGreaterThan(0)
  })
})

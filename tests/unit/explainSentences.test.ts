import { describe, expect, it } from 'vitest'
import type { Drawing } from '../../src/domain.ts'
import { animationAlt, chartAlt, filmstripAlt } from '../../src/services/explain/altTexts.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { sentences } from '../../src/services/explain/sentences.ts'
import { percent, quoted, sigmaWord } from '../../src/services/explain/words.ts'
import { type GaussianOptions, gaussianRun } from '../support/gaussianRun.ts'

const same = { matches: true, sameSize: true, differing: 0, largest: 0 }

function textOf(options: GaussianOptions = {}, comparison = same): string[] {
  const run = gaussianRun(options)
  const picture: Drawing = {
    id: 'abc',
    jobId: 'job',
    index: 0,
    recipe: run.recipe,
    author: { id: '1', name: 'Mei' },
    guildId: '2',
    parents: [],
    width: 256,
    height: 256,
    notes: [],
    createdAt: 0,
  }
  return sentences(factsOf(run), picture, comparison)
}

describe('the explanation in words', () => {
  it('is a few short paragraphs that name seed, sampler, guidance and the size it was drawn at', () => {
    const text = textOf({ seed: 41, steps: 12, cfgScale: 5 })
    expect(text.length).toBeGreaterThanOrEqual(3)
    expect(text.length).toBeLessThanOrEqual(5)
    for (const paragraph of text) expect(paragraph.length).toBeLessThan(700)
    expect(text[0]).toContain('Seed 41 stands for one particular field of 32 × 32 random dots')
    expect(text[1]).toContain(
      'In each of 12 steps the model guessed the finished picture; the sampler Euler moved',
    )
    expect(text[2]).toContain('CFG 5 made the difference between the two 5 times as large')
    expect(text[3]).toContain('The model drew at 32 × 32; for viewing, the picture was scaled up 8 times')
  })

  it('has the step numbers and noise levels of the facts', () => {
    const options = { steps: 20, layout: 0.6, detail: 0.2 }
    const facts = factsOf(gaussianRun(options))
    const text = textOf(options).join('\n')
    const level = (step: number) => percent(facts.noise[step - 1] ?? 0)
    const { layoutStep = 0, detailStep = 0, guidancePeak = 0 } = facts
    expect(text).toContain(`From step ${layoutStep} on (${level(layoutStep)} noise) the layout was settled`)
    expect(text).toContain(`fine detail was done at step ${detailStep} (${level(detailStep)} noise)`)
    expect(text).toContain(
      `furthest at step ${guidancePeak} (${percent(facts.guidance[guidancePeak - 1] ?? 0)})`,
    )
    expect(text).toContain(
      `${facts.noise.filter((noise) => noise < 0.5).length} of the 20 steps below half noise`,
    )
  })

  it('differs in every paragraph that the recipe changes', () => {
    const one = textOf({ seed: 1, steps: 12, sampler: 'Euler', cfgScale: 3 })
    const other = textOf({ seed: 2, steps: 24, sampler: 'DPM++ 2M', cfgScale: 7, detail: 0.5 })
    expect(one[0]).not.toBe(other[0])
    expect(one[1]).not.toBe(other[1])
    expect(one[2]).not.toBe(other[2])
  })

  it.each([
    ['Euler', 'straight towards that guess'],
    ['Euler a', 'filled up with fresh noise'],
    ['Heun', 'moved by the average of both'],
    ['DPM++ 2M', 'how it had changed since the step before'],
    ['DDIM', 'as Euler does'],
    ['Unheard of', 'the sampler Unheard of moved the noisy state towards that guess'],
  ])('says what the sampler %s does', (sampler, words) => {
    expect(textOf({ sampler })[1]).toContain(words)
  })

  it('says that the seed also sets the fresh noise of an ancestral sampler, and of no other', () => {
    expect(textOf({ sampler: 'Euler a' })[0]).toContain('and the fresh noise')
    expect(textOf({ sampler: 'Heun' })[0]).not.toContain('fresh noise')
  })

  it('explains a variation, a negative prompt and CFG 1', () => {
    expect(textOf({ variationSeed: 9, variationStrength: 0.3 })[0]).toContain(
      'variation seed 9 (strength 0.3)',
    )
    expect(textOf({ variationSeed: 9, variationStrength: 0 })[0]).not.toContain('variation')
    expect(textOf({ negativePrompt: 'blue' })[2]).toContain('with the negative prompt in its place')
    expect(textOf({ cfgScale: 1 })[2]).toContain('CFG 1 took the guess with the prompt as it was')
  })

  it('names unknown words without letting them format or mention', () => {
    const text = textOf({ unknownWords: ['zorkian', '**@everyone**'] })[2]
    expect(text).toContain(
      'does not know “zorkian” and “\\*\\*\\@everyone\\*\\*”; those words played no part',
    )
    expect(textOf({ unknownWords: [] })[2]).not.toContain('does not know')
    expect(quoted('x'.repeat(50), 5)).toBe('“xxxx…”')
  })

  it('is honest about pixels that differ', () => {
    expect(textOf()[3]).toContain('every pixel came out as in the stored picture')
    const near = textOf({}, { matches: false, sameSize: true, differing: 0.124, largest: 3 })[3]
    expect(near).toContain('12% of the pixels came out differently (by at most 3 of 255)')
    expect(near).toContain('not exactly the ones')
    const other = textOf({}, { matches: false, sameSize: false, differing: 1, largest: 255 })[3]
    expect(other).toContain('another size')
  })

  it('makes sense of one step', () => {
    const text = textOf({ steps: 1 })
    expect(text[1]).toMatch(/^\*\*One step did it all\.\*\* In its one step/u)
    expect(text.join(' ')).not.toMatch(/settled|half of|furthest|undefined|NaN/iu)
  })
})

describe('alt texts', () => {
  it.each([1, 2, 12, 50])('describe a run of %i steps in at most 1000 characters', (steps) => {
    const run = gaussianRun({ steps, prompt: 'a very long prompt '.repeat(60) })
    const facts = factsOf(run)
    for (const alt of [filmstripAlt(facts, run.recipe), chartAlt(facts), animationAlt(facts, run.recipe)]) {
      expect(alt.length).toBeGreaterThan(80)
      expect(alt.length).toBeLessThanOrEqual(1000)
      expect(alt).not.toMatch(/undefined|NaN|Infinity/u)
      expect(alt).toMatch(/[.…]$/u)
    }
  })

  it('tell what is to be seen from the facts', () => {
    const run = gaussianRun({ steps: 20, layout: 0.3, detail: 0.1 })
    const facts = factsOf(run)
    const strip = filmstripAlt(facts, run.recipe)
    expect(strip).toContain('steps 1, 4, 6, 9, 12, 15, 17 and 20 of 20')
    expect(strip).toContain('falling from 94% to 2.8% noise')
    expect(strip).toContain(`layout settled from step ${facts.layoutStep}`)
    expect(strip).toMatch(/at the end \d+% white.*red.*white at the edges/u)
    expect(chartAlt(facts)).toContain(`largest at step ${facts.changePeak}`)
  })
})

describe('numbers in words', () => {
  it('have the digits that matter', () => {
    expect([0.936, 0.0284, 0.0998, 0.004, 0, 1].map(percent)).toEqual([
      '94%',
      '2.8%',
      '10%',
      '0.4%',
      '0%',
      '100%',
    ])
    expect([14.6146, 7.376, 0.02917].map(sigmaWord)).toEqual(['14.6', '7.38', '0.029'])
  })
})

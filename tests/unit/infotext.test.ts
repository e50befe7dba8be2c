import { expect, it } from 'vitest'
import type { Recipe } from '../../src/domain.ts'
import { infotext } from '../../src/services/infotext.ts'

const recipe: Recipe = {
  model: 'emoji',
  prompt: 'a red heart',
  negativePrompt: '',
  seed: 7,
  steps: 20,
  cfgScale: 4.5,
  sampler: 'DPM++ 2M',
  scheduler: 'Karras',
  width: 64,
  height: 64,
}

it('writes what AUTOMATIC1111 writes, in its order', () => {
  expect(infotext(recipe)).toBe(
    'a red heart\n' +
      'Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 4.5, Seed: 7, Size: 64x64, ' +
      'Model: emoji, Version: Darkroom',
  )
})

it('names the negative prompt and the variation when there are some', () => {
  const text = infotext({ ...recipe, negativePrompt: 'blue', variationSeed: 9, variationStrength: 0.25 })
  expect(text.split('\n')[1]).toBe('Negative prompt: blue')
  expect(text).toContain('Model: emoji, Variation seed: 9, Variation seed strength: 0.25, Version')
})

it('quotes values in which a comma, a colon or a line break would end the value', () => {
  expect(infotext({ ...recipe, model: 'my, "own": model' })).toContain('Model: "my, \\"own\\": model"')
})

it('keeps lines of a prompt, but not one that would be read as the negative prompt', () => {
  expect(infotext({ ...recipe, prompt: 'one\r\nSteps: two' })).toMatch(/^one\nSteps: two\nSteps: 20, /)
  const tricky = infotext({ ...recipe, prompt: 'one\nNegative prompt: two' })
  expect(tricky).toMatch(/^one Negative prompt: two\nSteps: 20, /)
})

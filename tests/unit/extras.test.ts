/** LoRA, VAE, style, hires fix and refiner: from what is typed to the recipe, the infotext and the words. */
import { describe, expect, it, test } from 'vitest'
import type { ModelInfo } from '../../src/domain.ts'
import { extraOptionsFor, readExtras } from '../../src/discord/extraOptions.ts'
import { choicesFor } from '../../src/discord/modelChoices.ts'
import { optionsOf } from '../../src/discord/pictureOptions.ts'
import { recipeInWords } from '../../src/discord/render/recipeInWords.ts'
import { extrasFor, withEmbeddings } from '../../src/services/extras.ts'
import { infotext } from '../../src/services/infotext.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { samplePicture, sampleRecipe } from '../support/samples.ts'
import { useStudio } from '../support/studio.ts'

const named = (...ids: string[]) => ids.map((id) => ({ id, help: '' }))
const rich: ModelInfo = {
  ...plainModel,
  id: 'rich',
  extras: {
    loras: named('paper-cut', 'Ink', ...Array.from({ length: 40 }, (_, i) => `lora ${i}`)),
    vaes: named('mse.safetensors'),
    styles: named('Poster', 'Sketch'),
    upscalers: named('Latent', 'ESRGAN'),
    refiners: named('sdxl_refiner'),
    embeddings: named('ink-wash'),
  },
}
const typed = (values: Record<string, string>) => readExtras({ getString: (name) => values[name] ?? null })

test('what is typed becomes the recipe, in the spelling of the model', () => {
  const options = typed({
    lora: 'PAPER-CUT:0.8, <lora:ink:-.5>, lora 3',
    vae: 'MSE.safetensors',
    style: 'sketch, poster',
    hires: '1.5x',
    refiner: 'sdxl_refiner',
  })
  expect(extrasFor(rich, options)).toEqual({
    loras: [
      { name: 'paper-cut', weight: 0.8 },
      { name: 'Ink', weight: -0.5 },
      { name: 'lora 3', weight: 1 },
    ],
    vae: 'mse.safetensors',
    styles: ['Sketch', 'Poster'],
    hires: { scale: 1.5, upscaler: 'Latent', denoisingStrength: 0.6 },
    refiner: 'sdxl_refiner',
  })
  expect(extrasFor(rich, typed({}))).toEqual({})
  expect(extrasFor(rich, { hires: { scale: 2, upscaler: 'esrgan' } }).hires?.denoisingStrength).toBe(0.4)
})

test('an embedding acts by standing in the prompt, once', () => {
  expect(withEmbeddings(rich, 'a fox', typed({ embedding: 'INK-wash' }).embeddings)).toBe('a fox, ink-wash')
  expect(withEmbeddings(rich, 'a fox, ink-wash', ['ink-wash'])).toBe('a fox, ink-wash')
  expect(() => withEmbeddings(rich, 'a fox', ['nope'])).toThrow('embedding must be one of: ink-wash')
  expect(() => withEmbeddings(plainModel, 'a fox', ['x'])).toThrow('has no embedding to choose')
})

describe('what cannot be is refused in a sentence', () => {
  it.each([
    [{ lora: 'x' }, 'The model "plain" has no lora to choose; please leave it out.'],
    [{ vae: 'x' }, 'The model "plain" has no vae to choose; please leave it out.'],
    [{ style: 'x' }, 'The model "plain" has no style to choose; please leave it out.'],
    [{ hires: '2x' }, 'The model "plain" has no hires fix; please leave hires out.'],
    [{ refiner: 'x' }, 'The model "plain" has no refiner to choose; please leave it out.'],
  ])('for a model without it: %j', (values, sentence) => {
    expect(() => extrasFor(plainModel, typed(values))).toThrow(sentence)
  })

  it.each([
    [{ lora: 'ink:3' }, 'The weight of a LoRA must be between -2 and 2; you asked for 3.'],
    [{ lora: 'a,b,c,d,e,f' }, 'A picture takes at most 5 LoRAs; you asked for 6.'],
    [{ style: 'Postre' }, 'style must be one of: Poster, Sketch; you asked for "Postre".'],
    [{ lora: 'inc' }, 'and 32 more (type to find them); you asked for "inc".'],
  ])('for %j', (values, sentence) => {
    expect(() => extrasFor(rich, typed(values))).toThrow(sentence)
  })
})

test('Again and Change keep them', async () => {
  const { backends, imagine } = await useStudio({ backend: createMemoryBackend({ model: rich }) })
  const extras = extrasFor(rich, {
    ...typed({ lora: 'ink:0.4', vae: 'mse.safetensors', style: 'Poster', refiner: 'sdxl_refiner' }),
    hires: { scale: 2, upscaler: 'esrgan', denoisingStrength: 0.3 },
  })
  const recipe = sampleRecipe({ ...extras, model: 'rich', sampler: 'Euler', scheduler: 'Normal' })
  const again = await imagine.parse(optionsOf({ ...samplePicture(), recipe }, { backends }), '100')
  expect(again).toMatchObject(extras)
  expect(extras.hires?.upscaler).toBe('ESRGAN')
})

test('the infotext names them as AUTOMATIC1111 does', () => {
  const text = infotext(
    sampleRecipe({
      loras: [
        { name: 'ink', weight: 0.4 },
        { name: 'paper', weight: 1 },
      ],
      negativePrompt: 'blue',
      vae: 'mse.safetensors',
      styles: ['Poster', 'Sketch'],
      hires: { scale: 1.5, upscaler: 'Latent', denoisingStrength: 0.5 },
      refiner: 'sdxl_refiner',
    }),
  )
  expect(text).toBe(
    'a red heart <lora:ink:0.4> <lora:paper:1>\nNegative prompt: blue\n' +
      'Steps: 20, Sampler: Euler a, Schedule type: karras, CFG scale: 5, Seed: 7, Size: 64x64, Model: emoji, ' +
      'VAE: mse.safetensors, Denoising strength: 0.5, Hires upscale: 1.5, Hires upscaler: Latent, ' +
      'Refiner: sdxl_refiner, Styles: "Poster, Sketch", Version: Darkroom',
  )
})

test('the recipe in words names them', () => {
  const words = recipeInWords(
    sampleRecipe({
      loras: [{ name: 'ink_wash', weight: 0.4 }],
      styles: ['Poster'],
      vae: 'mse',
      hires: { scale: 1.5, upscaler: 'Latent', denoisingStrength: 0.5 },
      refiner: 'sdxl',
    }),
  )
  for (const said of [
    '(weight 0.4)',
    '**Poster**',
    'VAE **mse**',
    '**1.5 times** by Latent',
    'refiner **sdxl**',
  ])
    expect(words).toContain(said)
  expect(recipeInWords(sampleRecipe())).not.toMatch(/LoRA|VAE|Hires|refiner|Style/)
})

test('the options are there only when some model has something to choose', () => {
  const names = (models: ModelInfo[]) => extraOptionsFor(models).map(({ name }) => name)
  expect(names([plainModel])).toEqual([])
  expect(names([plainModel, rich]).sort()).toEqual(['embedding', 'hires', 'lora', 'refiner', 'style', 'vae'])
  const empty = { loras: [], vaes: [], styles: [], upscalers: [], refiners: [], embeddings: [] }
  expect(names([{ ...rich, extras: { ...empty, vaes: named('x') } }])).toEqual(['vae'])
})

test('suggestions show 25, find the others by typing, and go on after a comma', () => {
  const values = (option: string, text: string) =>
    choicesFor(option, text, [plainModel, rich], 'rich').map(({ value }) => value)
  expect(values('lora', '')).toHaveLength(25)
  expect(values('lora', 'lora 39')).toEqual(['lora 39'])
  expect(values('lora', 'paper-cut:0.8, in')).toEqual(['paper-cut:0.8, Ink'])
  expect(values('style', 'sk')).toEqual(['Sketch'])
  expect(values('refiner', 'sdxl')).toEqual(['sdxl_refiner'])
  expect(choicesFor('lora', '', [plainModel], 'plain')).toEqual([])
})

test('suggested models say what they cost and whether they can be reached', () => {
  const paid = {
    ...plainModel,
    id: 'paid',
    title: 'Paid',
    price: { usdPerPicture: 0.003, checkedOn: '2026-11-01' },
  }
  const names = choicesFor('model', '', [plainModel, paid], undefined, (id) => id !== 'plain')
  expect(names.map(({ name }) => name.split(':')[0])).toEqual([
    'Plain colours (free, not reachable now)',
    'Paid (about $0.003 a picture, ready)',
  ])
})

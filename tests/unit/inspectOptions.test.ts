import { expect, it } from 'vitest'
import type { ModelInfo } from '../../src/domain.ts'
import { infotext } from '../../src/services/infotext.ts'
import { emptyRecipe, type Found, type FoundRecipe } from '../../src/services/inspect/found.ts'
import { inWords } from '../../src/services/inspect/inWords.ts'
import { optionsHere } from '../../src/services/inspect/optionsHere.ts'
import { readRecipe } from '../../src/services/inspect/readRecipe.ts'
import { pngWith } from '../support/recipeFiles.ts'
import { auto1111Text, civitaiText, comfyGraph } from '../support/recipeTexts.ts'
import { sampleModel, sampleRecipe } from '../support/samples.ts'

const emoji = sampleModel()
const choices = (...ids: string[]) => ids.map((id) => ({ id, help: '' }))
const lab = sampleModel({
  id: 'v1-5-pruned-emaonly',
  backend: 'auto1111-1',
  samplers: choices('Euler a', 'DPM++ 2M'),
  schedulers: choices('Automatic', 'Karras', 'SGM Uniform'),
  sizes: [
    { id: '512x512', width: 512, height: 512 },
    { id: '512x768', width: 512, height: 768 },
  ],
  maxPromptLength: 1500,
  extras: {
    loras: choices('etching_v2'),
    vaes: choices('vae-ft-mse.safetensors'),
    styles: [],
    upscalers: choices('Latent', '4x-UltraSharp'),
    refiners: [],
    embeddings: [],
  },
})
const paid = sampleModel({
  id: 'sdxl',
  backend: 'replicate',
  price: { usdPerPicture: 0.01, checkedOn: '2026-11' },
})

const found = (changes: Partial<FoundRecipe>, tool = 'Darkroom'): Found => ({
  format: 'PNG',
  tool,
  recipe: {
    ...emptyRecipe('a cat', ''),
    seed: '7',
    steps: 20,
    cfgScale: 5,
    sampler: 'Euler',
    width: 64,
    height: 64,
    model: 'emoji',
    ...changes,
  },
  why: [],
})
const missed = (changes: Partial<FoundRecipe>, model: ModelInfo = emoji, tool?: string) =>
  optionsHere(found({ model: model.id, ...changes }, tool), [model]).unmatched

it('matches everything of our own picture, and of a lab PC with the same files', async () => {
  const recipe = sampleRecipe({ variationSeed: 3, variationStrength: 0.2 })
  const ours = optionsHere(await readRecipe(await pngWith({ parameters: infotext(recipe) })), [emoji, lab])
  expect(ours).toEqual({
    unmatched: [],
    options: {
      model: 'emoji',
      prompt: 'a red heart',
      negative: undefined,
      seed: 7,
      steps: 20,
      cfg: 5,
      sampler: 'Euler a',
      scheduler: 'karras',
      size: '64x64',
      variationSeed: 3,
      variationStrength: 0.2,
    },
  })
  const theirs = optionsHere(await readRecipe(await pngWith({ parameters: auto1111Text })), [emoji, lab])
  expect(theirs.options).toMatchObject({
    model: 'v1-5-pruned-emaonly',
    prompt: 'a lighthouse at dusk, (storm:1.3), [calm:waves:0.5] second line',
    seed: 4_022_250_974,
    sampler: 'DPM++ 2M',
    scheduler: 'Karras',
    size: '512x768',
    loras: [{ name: 'etching_v2', weight: 0.7 }],
    vae: 'vae-ft-mse.safetensors',
    hires: { scale: 1.5, upscaler: '4x-UltraSharp', denoisingStrength: 0.45 },
  })
  expect(theirs.unmatched).toEqual([
    'Clip skip 2 cannot be set here.',
    'ControlNet guided it with another picture, which is not in the file.',
  ])
})

it('says in a sentence what differs: model, LoRA, seed, sampler, size, signs in the prompt', async () => {
  const { options, unmatched } = optionsHere(
    await readRecipe(await pngWith({ parameters: civitaiText })),
    [emoji],
    'emoji',
  )
  expect(options).toMatchObject({
    model: 'emoji',
    seed: undefined,
    cfg: 4,
    size: '64x64',
    sampler: undefined,
  })
  expect(unmatched).toEqual([
    'Its model, “SD XL”, is not here; “emoji” draws instead, so it will be another picture.',
    `Its seed, 12345678901234567890, is larger than seeds can be here (${2 ** 32 - 1}), so a new one is drawn.`,
    'The file tells no sampler; Euler is taken.',
    '“emoji” does not draw 832 × 1216; 64 × 64 is nearest.',
    'The LoRA “lace” is not here; it is left out.',
    'Clip skip 2 cannot be set here.',
  ])
  const comfy = optionsHere(await readRecipe(await pngWith({ prompt: JSON.stringify(comfyGraph()) })), [
    emoji,
  ])
  expect(comfy.options).toMatchObject({ prompt: 'a glass bottle', negative: 'text, watermark' })
  expect(comfy.unmatched.join('\n')).toMatch(
    /“emoji” does not understand weights such as \(house:1.3\), so only the words of the prompts are kept/,
  )
})

it('never leads to a model that costs money unless the recipe or the class names it', () => {
  expect(optionsHere(found({ model: 'other' }), [paid, emoji]).options.model).toBe('emoji')
  expect(optionsHere(found({ model: 'other' }), [paid, emoji], 'sdxl').options.model).toBe('sdxl')
  expect(optionsHere(found({ model: 'SDXL.safetensors [1234567890]' }), [emoji, paid]).options.model).toBe(
    'sdxl',
  )
})

it('names each other thing that cannot be had', () => {
  expect(missed({})).toEqual([])
  expect(missed({ steps: 90 })).toEqual(['90 for steps becomes 50: “emoji” takes 1 to 50.'])
  expect(missed({ cfgScale: 0 })).toEqual(['0 for guidance (CFG) becomes 1: “emoji” takes 1 to 15.'])
  expect(missed({ sampler: 'UniPC' })).toEqual(['“emoji” has no sampler “UniPC”; Euler is taken.'])
  expect(missed({ scheduler: 'Beta' }, lab)).toEqual(
    expect.arrayContaining(['“v1-5-pruned-emaonly” has no scheduler “Beta”; Automatic is taken.']),
  )
  expect(missed({ denoisingStrength: 0.5 })[0]).toMatch(/began from another picture.*\/remix/)
  expect(missed({ hires: { scale: 2, upscaler: 'Latent', denoisingStrength: 0.5 } })[0]).toMatch(
    /no hires fix/,
  )
  expect(missed({ vae: 'x.pt', refiner: 'y', styles: ['z'] })).toEqual([
    'The VAE “x” is not here; it is left out.',
    'The refiner “y” is not here; it is left out.',
    'The style “z” is not here; it is left out.',
  ])
  expect(
    missed({
      more: [
        ['ADetailer model', 'face'],
        ['RNG', 'CPU'],
      ],
    }),
  ).toHaveLength(2)
  expect(missed({ prompt: 'word '.repeat(100) })[0]).toMatch(/longer than “emoji” takes \(300 characters\)/)
  expect(
    missed(
      { negativePrompt: 'x' },
      sampleModel({ supports: { ...emoji.supports, negativePrompt: false } }),
    )[0],
  ).toMatch(/takes no negative prompt/)
  for (const [tool, model, isOther] of [
    ['ComfyUI', lab, true],
    ['AUTOMATIC1111', emoji, true],
    ['AUTOMATIC1111', lab, false],
    ['Darkroom', emoji, false],
  ] as const) {
    expect(missed({}, model, tool).some((sentence) => sentence.startsWith('Another program drew it'))).toBe(
      isOther,
    )
  }
  expect(optionsHere({ format: 'PNG', tool: undefined, recipe: undefined, why: [] }, [emoji])).toEqual({
    options: { prompt: '' },
    unmatched: [],
  })
})

it('chooses the size by its shape first', () => {
  expect(optionsHere(found({ model: lab.id, width: 832, height: 1216 }), [lab]).options.size).toBe('512x768')
  expect(optionsHere(found({ model: lab.id, width: 1024, height: 1024 }), [lab]).options.size).toBe('512x512')
})

it('puts every setting into plain words', async () => {
  const lines = inWords(await readRecipe(await pngWith({ parameters: auto1111Text })))
  expect(lines).toEqual([
    '**Model** v1-5-pruned-emaonly: the trained network that drew it.',
    '**Seed** 4022250974: the number from which the first noise is made; the same seed and settings give the same picture.',
    '**Steps** 28: how often a little of the noise was taken away.',
    '**Sampler** DPM++ 2M: the method that takes the steps.',
    '**Scheduler** Karras: how the noise is spread over the steps.',
    '**CFG** 6.5: how strongly the prompt guides it; this is usual.',
    '**Size** 512 × 768: width and height in pixels, as it was drawn.',
    '**LoRA** etching_v2, weight 0.7: a small addition to the model, for a style, a thing or a person.',
    '**VAE** vae-ft-mse.safetensors: the part that turns the finished latent into pixels.',
    '**Clip skip** 2: the last layer of the network that reads the prompt is left out.',
    '**Hires fix** by 4x-UltraSharp, 1.5 times: drawn small first, then enlarged and drawn over again to 45 %.',
    '**Hires steps** 12: a setting of the second, larger pass.',
    '**ControlNet 0** Module: canny, Model: control_v11p [d14c016b], Weight: 1: a second picture that guided pose, edges or depth; it is not in this file.',
  ])
  const shouted = inWords(found({ model: '**x**', more: [['a**b', '@everyone']] }), (words) =>
    words.replaceAll(/[*@]/g, '_'),
  )
  expect(shouted.filter((line) => /\*\*x|@|a\*\*b/.test(line))).toEqual([])
})

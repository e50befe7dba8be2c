import { expect, it } from 'vitest'
import { recipeOfGraph } from '../../src/services/inspect/comfyRecipe.ts'
import { readRecipe } from '../../src/services/inspect/readRecipe.ts'
import { pngWith } from '../support/recipeFiles.ts'
import { comfyGraph, comfyWorkflow } from '../support/recipeTexts.ts'

const read = (changes?: Record<string, unknown>) => recipeOfGraph(JSON.stringify(comfyGraph(changes)))
const node = (class_type: string, inputs: object) => ({ class_type, inputs })
const sampler = (inputs: object) =>
  node('KSampler', { ...(comfyGraph()['3'] as { inputs: object }).inputs, ...inputs })

it('walks back from the saved picture to the sampler, its prompts, model, LoRA and size', () => {
  expect(read()).toMatchObject({
    prompt: 'a glass (bottle:1.2)',
    negativePrompt: 'text, watermark',
    seed: '156680208700286',
    steps: 25,
    cfgScale: 7.5,
    sampler: 'DPM++ 2M',
    scheduler: 'Karras',
    width: 1024,
    height: 768,
    model: 'sd_xl_base_1.0',
    loras: [{ name: 'charcoal', weight: 0.6 }],
    denoisingStrength: undefined,
    hires: undefined,
    notes: [],
  })
})

it('reads the format of the editor: values in lists, reroutes, bypassed and primitive nodes', () => {
  expect(recipeOfGraph(JSON.stringify(comfyWorkflow()))).toMatchObject({
    prompt: 'a glass bottle',
    negativePrompt: 'text',
    seed: '99',
    steps: 25,
    sampler: 'Euler a',
    scheduler: 'Normal',
    width: 1024,
    height: 768,
    model: 'sd_xl_base_1.0',
    loras: [],
  })
})

it('keeps a seed of 20 digits, and stands the NaN that Python writes', () => {
  const json = JSON.stringify(comfyGraph({ '9': node('SaveImage', { images: ['8', 0], is_changed: 'NOT' }) }))
  const text = json.replace('156680208700286', '18446744073709551615').replace('"NOT"', '[NaN]')
  expect(recipeOfGraph(text)?.seed).toBe('18446744073709551615')
})

it('follows values through nodes that only hold them or hand them on', () => {
  const recipe = read({
    '3': sampler({ seed: ['20', 0], steps: ['22', 0] }),
    '20': node('Reroute', { '': ['21', 0] }),
    '21': node('PrimitiveInt', { value: 5 }),
    '22': node('Something Int', { int: 12 }),
    '6': node('CLIPTextEncode', { text: ['23', 0], clip: ['4', 1] }),
    '23': node('PrimitiveStringMultiline', { value: 'from afar' }),
  })
  expect(recipe).toMatchObject({ seed: '5', steps: 12, prompt: 'from afar' })
})

it('joins prompts, goes through ControlNet on the right side, and knows an emptied negative prompt', () => {
  const recipe = read({
    '3': sampler({ positive: ['30', 0], negative: ['30', 1] }),
    '30': node('ControlNetApplyAdvanced', {
      positive: ['31', 0],
      negative: ['33', 0],
      control_net: ['34', 0],
    }),
    '31': node('ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['32', 0] }),
    '32': node('CLIPTextEncodeSDXL', { text_g: 'wide', text_l: 'near', width: 64, height: 64 }),
    '33': node('ConditioningZeroOut', { conditioning: ['7', 0] }),
    '34': node('ControlNetLoader', { control_net_name: 'canny.safetensors' }),
  })
  expect(recipe).toMatchObject({
    prompt: 'a glass (bottle:1.2)\nwide\nnear',
    negativePrompt: '',
    width: 1024,
    more: [['ControlNet 0', 'canny']],
  })
  expect(recipe?.notes.join(' ')).toMatch(/joins several prompts/)
})

it('reads SamplerCustomAdvanced with its noise, guider and sigmas', () => {
  const recipe = read({
    '3': node('SamplerCustomAdvanced', {
      noise: ['40', 0],
      guider: ['41', 0],
      sampler: ['42', 0],
      sigmas: ['43', 0],
      latent_image: ['5', 0],
    }),
    '40': node('RandomNoise', { noise_seed: 77 }),
    '41': node('BasicGuider', { model: ['4', 0], conditioning: ['44', 0] }),
    '42': node('KSamplerSelect', { sampler_name: 'euler' }),
    '43': node('BasicScheduler', { scheduler: 'sgm_uniform', steps: 8, denoise: 1, model: ['4', 0] }),
    '44': node('FluxGuidance', { guidance: 3.5, conditioning: ['6', 0] }),
  })
  expect(recipe).toMatchObject({
    prompt: 'a glass (bottle:1.2)',
    seed: '77',
    steps: 8,
    sampler: 'Euler',
    scheduler: 'SGM Uniform',
    model: 'sd_xl_base_1.0',
    more: [['Distilled CFG Scale', '3.5']],
  })
})

it('takes the first of several samplers, and calls the second pass by its name', () => {
  const larger = { '8': node('VAEDecode', { samples: ['51', 0], vae: ['4', 2] }) }
  const hires = read({
    ...larger,
    '50': node('LatentUpscaleBy', { samples: ['3', 0], upscale_method: 'nearest-exact', scale_by: 1.5 }),
    '51': sampler({ latent_image: ['50', 0], denoise: 0.5, seed: 2 }),
  })
  expect(hires).toMatchObject({
    seed: '156680208700286',
    hires: { scale: 1.5, upscaler: 'Latent', denoisingStrength: 0.5 },
  })
  expect(hires?.notes.join(' ')).toMatch(/2 samplers/)
  const refined = read({
    ...larger,
    '51': sampler({ latent_image: ['3', 0], model: ['52', 0] }),
    '52': node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_refiner_1.0.safetensors' }),
  })
  expect(refined).toMatchObject({ model: 'sd_xl_base_1.0', refiner: 'sd_xl_refiner_1.0', hires: undefined })
})

it('says that it began from a picture', () => {
  const recipe = read({
    '3': sampler({ latent_image: ['60', 0], denoise: 0.4 }),
    '60': node('VAEEncode', { pixels: ['61', 0], vae: ['4', 2] }),
    '61': node('ImageScale', { image: ['62', 0], width: 640, height: 512, upscale_method: 'area' }),
    '62': node('LoadImage', { image: 'me.png' }),
  })
  expect(recipe).toMatchObject({ denoisingStrength: 0.4, width: 640, height: 512 })
})

const found = async (graph: unknown) =>
  readRecipe(await pngWith({ prompt: typeof graph === 'string' ? graph : JSON.stringify(graph) }))

it('refuses 5 MB, circles, depth and numbers of nodes quickly, each with a sentence', async () => {
  const begin = performance.now()
  const large = await found(comfyGraph({ '99': node('Note', { text: 'x'.repeat(5_000_000) }) }))
  expect(large).toMatchObject({ tool: 'ComfyUI', recipe: undefined })
  expect(large.why).toEqual([
    'The workflow inside is 5.0 MB large, more than I read; please open it in ComfyUI itself.',
  ])

  const circle = await found(comfyGraph({ '4': node('LoraLoader', { lora_name: 'a', model: ['10', 0] }) }))
  expect(circle.why[0]).toMatch(/goes in a circle/)

  const chain = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`c${index}`, node('Reroute', { '': [`c${index + 1}`, 0] })]),
  )
  expect((await found(comfyGraph(chain))).why[0]).toMatch(/too deeply/)
  const many = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`n${index}`, node('Note', {})]))
  expect((await found(comfyGraph(many))).why[0]).toMatch(/4011 nodes|4010 nodes|4008 nodes/)
  expect((await found(`{"class_type": ${'['.repeat(500_000)}`)).why[0]).toMatch(/broken/)
  expect(
    (await found(`{"1": {"class_type": "x", "inputs": {"a": ${'['.repeat(300_000)}${']'.repeat(300_000)}}}}`))
      .recipe,
  ).toBeUndefined()
  expect(performance.now() - begin).toBeLessThan(3000)
})

it('walks shared paths once: sixty forks in a row are not two to the power of sixty', async () => {
  const forks = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => {
      const next = [index === 59 ? '6' : `f${index + 1}`, 0]
      return [`f${index}`, node('ConditioningCombine', { conditioning_1: next, conditioning_2: next })]
    }),
  )
  const begin = performance.now()
  expect((await found(comfyGraph({ ...forks, '3': sampler({ positive: ['f0', 0] }) }))).recipe?.prompt).toBe(
    'a glass (bottle:1.2)',
  )
  expect(performance.now() - begin).toBeLessThan(1000)
})

it('says so when nothing in the graph draws', async () => {
  expect(await found({ '1': node('LoadImage', { image: 'a.png' }) })).toMatchObject({
    tool: 'ComfyUI',
    recipe: undefined,
    why: [expect.stringMatching(/no sampler that I know/)],
  })
})

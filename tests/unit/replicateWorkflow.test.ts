/** The graph that draws a true filmstrip, and what comes back of it. */
import { describe, expect, it } from 'vitest'
import type { Recipe } from '../../src/domain.ts'
import { inCents, infoOf } from '../../src/services/backends/replicate/modelInfo.ts'
import { notesOn, orderOf } from '../../src/services/backends/replicate/input.ts'
import { readLogs, stepFrom } from '../../src/services/backends/replicate/logs.ts'
import { readModels } from '../../src/services/backends/replicate/registry.ts'
import { endsOf, readOutput, workflowOf } from '../../src/services/backends/replicate/workflow.ts'
import { logOfWorkflow, problemOf } from '../support/fakeReplicate/comfyui.ts'

const recipe: Recipe = {
  model: 'sdxl-filmstrip',
  prompt: 'a lighthouse',
  negativePrompt: 'people',
  seed: 2 ** 32 - 1,
  steps: 25,
  cfgScale: 7,
  sampler: 'Euler',
  scheduler: 'Automatic',
  width: 1216,
  height: 832,
}
const ends = [1, 4, 8, 11, 15, 18, 22, 25]
const graphOf = (steps = recipe.steps) =>
  workflowOf({ ...recipe, steps }, 'sd_xl_base_1.0.safetensors', 'euler')
const nodesOf = (type: string, steps?: number) =>
  Object.entries(graphOf(steps)).filter(([, { class_type: each }]) => each === type)
const [model] = (await readModels('data/models')).filter(({ id }) => id === 'sdxl-filmstrip')
if (!model) throw new Error('no model')

describe('a run in parts', () => {
  it('has at most eight, evenly over the steps, and ends with the last', () => {
    expect(endsOf(25)).toEqual(ends)
    expect(endsOf(60)).toHaveLength(8)
    expect(endsOf(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(endsOf(3)).toEqual([1, 2, 3])
    expect(endsOf(1)).toEqual([1])
  })

  it.each([1, 2, 7, 8, 9, 25, 60])('of %i steps does each step once, in one chain on one noise', (steps) => {
    const parts = nodesOf('KSamplerAdvanced', steps)
    expect(parts).toHaveLength(Math.min(8, steps))
    const last = parts.length - 1
    let before = ['empty', 0]
    let done = 0
    for (const [index, [id, { inputs }]] of parts.entries()) {
      expect(inputs).toMatchObject({
        start_at_step: done,
        latent_image: before,
        add_noise: index === 0 ? 'enable' : 'disable',
        return_with_leftover_noise: index === last ? 'disable' : 'enable',
        noise_seed: recipe.seed,
        steps,
        cfg: 7,
        sampler_name: 'euler',
        scheduler: 'normal',
      })
      before = [id, 0]
      done = Number(inputs['end_at_step'])
    }
    expect(done).toBe(steps)
    expect(problemOf(JSON.stringify(graphOf(steps)))).toBeUndefined()
  })

  it('saves each part under a name that sorts and says its step', () => {
    const names = nodesOf('SaveImage').map(([, { inputs }]) => inputs['filename_prefix'])
    expect(names).toEqual(['f01_', 'f04_', 'f08_', 'f11_', 'f15_', 'f18_', 'f22_', 'f25_'])
    expect(names.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(names)
  })

  it('brings noisy states into range by the noise that is left, and leaves the picture alone', () => {
    const factors = nodesOf('LatentMultiply').map(([, { inputs }]) => Number(inputs['multiplier']))
    expect(factors).toHaveLength(7)
    expect(factors).toEqual(factors.toSorted((a, b) => a - b))
    // After 1 of 25 steps the noise is about 11 times the picture, after 22 about 0.3 times.
    expect([factors[0], factors.at(-1)].map((factor) => factor?.toFixed(2))).toEqual(['0.09', '0.96'])
    expect(graphOf()['decode-f25']?.inputs['samples']).toEqual(['draw-f25', 0])
  })

  it('is sent as one graph, with seeds that nobody changes', () => {
    const { place, input } = orderOf(model, recipe)
    expect(place).toEqual({ model: 'comfyui/any-comfyui-workflow', version: 'latest' })
    expect(input).toEqual({
      randomise_seeds: false,
      output_format: 'png',
      workflow_json: JSON.stringify(graphOf()),
    })
  })

  it.each(['https://example.org/cat', 'my cat.PNG', 'cat.safetensors'])(
    'has %s read as words, not fetched',
    (words) => {
      const prompts = { ...recipe, prompt: words, negativePrompt: words }
      const graph = workflowOf(prompts, 'sd_xl_base_1.0.safetensors', 'euler')
      expect(String(graph['positive']?.inputs['text']).trim()).toBe(words)
      expect(problemOf(JSON.stringify(graph))).toBeUndefined()
      const bare = {
        ...graph,
        negative: { class_type: 'CLIPTextEncode', inputs: { text: words, clip: ['checkpoint', 1] } },
      }
      expect(problemOf(JSON.stringify(bare))).toContain('negative.text')
    },
  )

  it('takes Euler alone, one picture at a time, and says why', () => {
    const info = infoOf(model)
    expect(info.samplers.map(({ id }) => id)).toEqual(['Euler'])
    expect(info).toMatchObject({
      maxCount: 1,
      supports: { states: true, negativePrompt: true, img2img: false },
    })
    for (const words of [
      'multistep and ancestral',
      'not the pixels',
      inCents(info.price?.usdPerPicture ?? 0),
    ])
      expect(info.description).toContain(words)
    expect(() => orderOf(model, { ...recipe, sampler: 'Euler a' })).toThrow(
      expect.objectContaining({ sentence: expect.stringContaining('it has: Euler.') as string }) as Error,
    )
  })

  it('has weights read, but no LoRA', () => {
    expect(notesOn(model, { ...recipe, prompt: 'a (red:1.3) fox' })).toEqual([])
    expect(notesOn(model, { ...recipe, prompt: 'a fox <lora:x:1>' }).join()).toContain(
      'LoRA tags have no effect',
    )
  })
})

describe('the files of a run in parts', () => {
  const address = (step: number) =>
    `https://a.replicate.delivery/x/f${String(step).padStart(2, '0')}__00001_.png`

  it('are told apart by their names, in whatever order', () => {
    const { picture, frames } = readOutput(ends.toReversed().map(address), 25)
    expect(picture).toBe(address(25))
    expect(frames).toEqual(ends.slice(0, -1).map((step) => ({ step, address: address(step) })))
  })

  it('may be fewer, and are still of the right steps', () => {
    const { picture, frames } = readOutput([address(4), address(25)], 25)
    expect(picture).toBe(address(25))
    expect(frames.map(({ step }) => step)).toEqual([4])
  })

  it('are told apart by their order when their names were lost, but only if none is missing', () => {
    const nameless = ends.map((step) => `https://a/out-${step}.png`)
    const { picture, frames } = readOutput(nameless, 25)
    expect(picture).toBe('https://a/out-25.png')
    expect(frames.map(({ step }) => step)).toEqual(ends.slice(0, -1))
    expect(readOutput(nameless.slice(1), 25)).toEqual({ picture: undefined, frames: [] })
  })

  it('without the last one are no picture', () => {
    expect(readOutput(ends.slice(0, -1).map(address), 25).picture).toBeUndefined()
    expect(readOutput(null, 25)).toEqual({ picture: undefined, frames: [] })
  })
})

describe('the log of a run in parts', () => {
  it('rises from nothing to the end with the parts', () => {
    const log = (fraction: number) => readLogs(logOfWorkflow(JSON.stringify(graphOf()), fraction))
    const steps = [0, 0.3, 0.6, 1].map((fraction) => stepFrom(log(fraction), 25, 8))
    expect(steps[0]).toBe(0)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(new Set(steps).size).toBe(4)
    expect(steps.at(-1)).toBe(25)
  })

  it('counts a part of one step, of which only the end is written', () => {
    const part = (id: number) =>
      `Executing node ${id}, title: KSampler (Advanced), class type: KSamplerAdvanced\n[ComfyUI] 100%|##########| 1/1 [00:00<00:00]`
    expect(readLogs([part(1), part(2), part(3)].join('\n'))).toMatchObject({ bars: 3, finished: 3 })
  })
})

describe('the stand-in for ComfyUI', () => {
  const graph = graphOf()
  it.each([
    ['the format of the editor', { nodes: [], links: [], version: 0.4 }, 'API JSON'],
    ['an unknown node', { ...graph, extra: { class_type: 'Magic', inputs: {} } }, 'missing_node_type'],
    ['nothing to save', { empty: graph['empty'] }, 'prompt_no_outputs'],
    [
      'a link to nothing',
      {
        ...graph,
        'decode-f25': { class_type: 'VAEDecode', inputs: { samples: ['no', 0], vae: ['checkpoint', 2] } },
      },
      'return_type_mismatch',
    ],
    [
      'a link to the wrong output',
      { ...graph, positive: { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['checkpoint', 0] } } },
      'return_type_mismatch',
    ],
    [
      'an unknown checkpoint',
      { ...graph, checkpoint: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'my.ckpt' } } },
      'value_not_in_list',
    ],
  ])('refuses %s', (_, wrong, words) => {
    expect(problemOf(JSON.stringify(wrong))).toContain(words)
  })
})

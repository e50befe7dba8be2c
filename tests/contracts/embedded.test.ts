import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImageBackend } from '../../src/domain.ts'
import { createEmbedded } from '../../src/services/backends/embedded/embedded.ts'
import { behavesLikeABackend, expectNoSecrets, pixelsOf, requestFor } from './backend.ts'

const folder = fileURLToPath(new URL('../../data/models/emoji', import.meta.url))
const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined })

behavesLikeABackend('the embedded model', () => createEmbedded(folder))

describe('the embedded model', () => {
  let backend: ImageBackend
  beforeAll(async () => void (backend = await createEmbedded(folder)))
  afterAll(async () => await backend.close())

  it('draws something else with another prompt, negative prompt, cfgScale, sampler, scheduler and number of steps', async () => {
    const pictures = [
      await pixelsOf(backend, requestFor(backend)),
      await pixelsOf(backend, requestFor(backend, { prompt: 'a cat' })),
      await pixelsOf(backend, requestFor(backend, { negativePrompt: 'red' })),
      await pixelsOf(backend, requestFor(backend, { cfgScale: 1 })),
      await pixelsOf(backend, requestFor(backend, { sampler: 'Euler' })),
      await pixelsOf(backend, requestFor(backend, { scheduler: 'Normal' })),
      await pixelsOf(backend, requestFor(backend, { steps: 7 })),
    ]
    expect(new Set(pictures.map((pixels) => pixels.toString('base64'))).size).toBe(pictures.length)
  })

  it('draws with every sampler on every scheduler, and names in the recipe the schedule it used', async () => {
    const [model] = backend.models()
    for (const { id: sampler } of model?.samplers ?? []) {
      for (const { id: scheduler } of model?.schedulers ?? []) {
        const request = requestFor(backend, { sampler, scheduler, steps: 2 })
        const [image] = await backend.generate(request, never())
        const automatic = sampler === 'DPM++ 2M' ? 'Karras' : 'Normal'
        const named = scheduler === 'Automatic' ? automatic : scheduler
        expect(image?.recipe.scheduler).toBe(sampler === 'DDIM' ? 'DDIM' : named)
      }
    }
  })

  it('mixes in another seed by the variation strength, from not at all to altogether', async () => {
    const varied = (variationStrength: number) =>
      pixelsOf(backend, requestFor(backend, { variationSeed: 99, variationStrength }))
    const own = await pixelsOf(backend, requestFor(backend))
    expect((await varied(0)).equals(own)).toBe(true)
    expect((await varied(1)).equals(await pixelsOf(backend, requestFor(backend, { seed: 99 })))).toBe(true)
    expect(distance(await varied(0.001), own)).toBeLessThan(0.2 * distance(await varied(1), own))
  })

  it('counts up the variation seed where there is a variation, as AUTOMATIC1111 does, and the seed past its end', async () => {
    const seeds = async (changes: object) =>
      (await backend.generate(requestFor(backend, { count: 2, steps: 1, ...changes }), never())).map(
        ({ recipe }) => [recipe.seed, recipe.variationSeed],
      )
    expect(await seeds({ variationSeed: 5, variationStrength: 0.3 })).toEqual([
      [7, 5],
      [7, 6],
    ])
    expect(await seeds({ seed: 2 ** 32 - 1 })).toEqual([
      [2 ** 32 - 1, undefined],
      [0, undefined],
    ])
  })

  it('names the words it does not know, and says at what size it drew', async () => {
    const notes = async (changes: object) => {
      const [image] = await backend.generate(requestFor(backend, { steps: 1, ...changes }), never())
      return image?.notes
    }
    const size = 'Drawn at 64 x 64 and scaled up 8 times for viewing.'
    expect(await notes({})).toEqual([size])
    expect(await notes({ prompt: 'a zebroid heart, flumph' })).toEqual([
      'Words this model does not know: "zebroid", "flumph".',
      size,
    ])
    expect(
      await notes({ prompt: 'zebroid', negativePrompt: 'flumph', sampler: 'DDIM', scheduler: 'Karras' }),
    ).toEqual([
      'A word this model does not know: "zebroid".',
      'No word of the prompt is known to it, so it drew as if there were none.',
      'A word this model does not know in the negative prompt: "flumph".',
      'DDIM has its own noise schedule, so the scheduler Karras was not used.',
      size,
    ])
    expect(await notes({ prompt: 'an elefant', negativePrompt: 'a pengiun' })).toEqual([
      'Read "elefant" as "elephant", "pengiun" as "penguin".',
      size,
    ])
    const run = await backend.replay?.(requestFor(backend, { prompt: 'zebroid cat', steps: 1 }), never())
    expect(run?.unknownWords).toEqual(['zebroid'])
  })

  it('measures what the prompt changes: nothing without a prompt, something with one', async () => {
    const guidance = async (prompt: string) => {
      const run = await backend.replay?.(requestFor(backend, { prompt }), never())
      return run?.steps.map((step) => step.guidance) ?? []
    }
    expect(Math.max(...(await guidance('')))).toBe(0)
    expect(Math.min(...(await guidance('a red heart')))).toBeGreaterThan(0)
  })

  it("leaves the bot's own thread free while it draws", async () => {
    const before = performance.eventLoopUtilization()
    await backend.generate(requestFor(backend, { steps: 40 }), never())
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
  })
})

describe('the embedded model when something is broken', () => {
  let broken: string
  beforeAll(async () => {
    broken = await mkdtemp(join(tmpdir(), 'darkroom-model-'))
    await copyFile(join(folder, 'model.json'), join(broken, 'model.json'))
    const vocab = JSON.parse(await readFile(join(folder, 'vocab.json'), 'utf8')) as {
      words: Record<string, number>
    }
    vocab.words['flumph'] = 1_000_000
    await writeFile(join(broken, 'vocab.json'), JSON.stringify(vocab))
  })
  afterAll(async () => await rm(broken, { recursive: true }))

  it('says that it is not there when its file cannot be opened, and nothing of where that file is', async () => {
    const backend = await createEmbedded(broken)
    const error: unknown = await backend
      .generate(requestFor(backend), never())
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'unavailable' })
    expectNoSecrets(error)
    await backend.close()
  })

  it('lives on when the drawing thread dies', async () => {
    await copyFile(join(folder, 'model.onnx'), join(broken, 'model.onnx'))
    const backend = await createEmbedded(broken)
    const error: unknown = await backend
      .generate(requestFor(backend, { prompt: 'flumph' }), never())
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'unavailable' })
    expectNoSecrets(error)
    expect(await backend.generate(requestFor(backend), never())).toHaveLength(1)
    await backend.close()
  })
})

function distance(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0)
}

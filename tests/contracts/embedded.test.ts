import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImageBackend, InputImages } from '../../src/domain.ts'
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

describe('the embedded model that begins from a picture', () => {
  let backend: ImageBackend
  let photo: Buffer
  beforeAll(async () => {
    backend = await createEmbedded(folder)
    photo = await svgPicture(
      '<rect width="512" height="512" fill="#4682b4"/><circle cx="190" cy="300" r="140" fill="#ffd24a"/>',
    )
  })
  afterAll(async () => await backend.close())

  const remix = async (changes: object = {}, input: Partial<InputImages> = {}) => {
    const request = requestFor(backend, { steps: 20, denoisingStrength: 0.6, ...changes })
    const [image] = await backend.generate(request, { ...never(), input: { image: photo, ...input } })
    if (image === undefined) throw new Error('no picture')
    return { ...image, pixels: await sharp(image.png).raw().toBuffer() }
  }

  it('moves further from the picture with every rise of the strength, from a blurred copy to nothing of it', async () => {
    const original = await sharp(photo).raw().toBuffer()
    const distances: number[] = []
    for (const denoisingStrength of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
      distances.push(distance((await remix({ denoisingStrength })).pixels, original) / original.length)
    }
    for (const [index, value] of distances.entries()) expect(value).toBeGreaterThan(distances[index - 1] ?? 0)
    expect(distances[0]).toBeLessThan(3)
    // as far as a picture that never saw the photo
    const alone =
      distance(await pixelsOf(backend, requestFor(backend, { steps: 20 })), original) / original.length
    expect(distances.at(-1)).toBeGreaterThan(0.8 * alone)
  })

  it('gives its own pictures back to the bit at strength 0, and says that no step ran', async () => {
    const [own] = await backend.generate(requestFor(backend), never())
    const { pixels, notes } = await remix({ denoisingStrength: 0 }, { image: Buffer.from(own?.png ?? []) })
    expect(pixels.equals(await sharp(own?.png).raw().toBuffer())).toBe(true)
    expect(notes[0]).toBe(
      'No step ran: strength 0 gives the picture back, as far as 64 x 64 pixels can show it.',
    )
  })

  it('runs the last part of the steps and says how many', async () => {
    const notes = async (steps: number, denoisingStrength: number) =>
      (await remix({ steps, denoisingStrength, scheduler: 'Normal' })).notes[0]
    expect(await notes(20, 0.4)).toMatch(
      /^8 of 20 steps ran: strength 0.4 begins with the picture under \d+% noise\.$/,
    )
    expect(await notes(100, 0.29)).toMatch(/^29 of 100 steps ran/)
    expect(await notes(20, 0.01)).toMatch(/^1 of 20 steps ran/)
    expect(await notes(20, 1)).toBe('All 20 steps ran: strength 1 begins with the picture under 94% noise.')
    const steps: [number, number][] = []
    const request = requestFor(backend, { steps: 20, denoisingStrength: 0.4 })
    const onProgress = ({ step, steps: all }: { step: number; steps: number }) => void steps.push([step, all])
    await backend.generate(request, { ...never(), onProgress, input: { image: photo } })
    expect(steps).toEqual(Array.from({ length: 8 }, (_, index) => [index + 1, 8]))
  })

  it('draws only what is white in the mask anew, with every sampler', async () => {
    const mask = await svgPicture('<rect width="256" height="512" fill="white"/>')
    const original = await sharp(photo).raw().toBuffer()
    const [model] = backend.models()
    for (const { id: sampler } of model?.samplers ?? []) {
      const { pixels, notes } = await remix({ sampler, denoisingStrength: 1 }, { mask })
      expect(halves(pixels)[1]?.equals(halves(original)[1] as Buffer)).toBe(true)
      expect(
        distance(halves(pixels)[0] as Buffer, halves(original)[0] as Buffer) / original.length,
      ).toBeGreaterThan(5)
      expect(notes).toContain('Only what is white in the mask was drawn anew; the rest is as it was.')
    }
  })

  it('keeps what is black in its own size, too: no step moves it', async () => {
    const mask = await svgPicture('<rect width="256" height="512" fill="white"/>')
    const recipe = requestFor(backend, { steps: 10, denoisingStrength: 0.8 })
    const run = await backend.replay?.(recipe, { ...never(), input: { image: photo, mask } })
    const plain = await backend.replay?.(
      { ...recipe, denoisingStrength: 0 },
      { ...never(), input: { image: photo } },
    )
    const right = (planes?: Float32Array) => planes?.filter((_, index) => index % 64 >= 40)
    expect(right(run?.final)).toEqual(right(plain?.final))
  })

  it('replays a remix to the very pixels, masked or not, beginning with the picture under noise', async () => {
    const mask = await svgPicture('<circle cx="256" cy="256" r="200" fill="white"/>')
    for (const input of [{ image: photo }, { image: photo, mask }]) {
      const { png, recipe } = await remix({ sampler: 'Euler a' }, input)
      const run = await backend.replay?.(recipe, { ...never(), input })
      expect(Buffer.from(run?.png ?? []).equals(Buffer.from(png))).toBe(true)
      expect(run?.steps.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, index) => index))
      expect(run?.steps.at(-1)?.sigmaNext).toBe(0)
      expect(run?.steps[0]?.sigma).toBeLessThan(14)
    }
  })

  it('draws the same again for the same seed, another one for another, and counts the seeds up', async () => {
    const first = await remix({ count: 2 })
    expect((await remix()).pixels.equals(first.pixels)).toBe(true)
    expect((await remix({ seed: 8 })).pixels.equals(first.pixels)).toBe(false)
  })

  it('refuses a recipe that names a picture which is not there', async () => {
    const request = requestFor(backend, { initImage: 'a'.repeat(64), denoisingStrength: 0.5 })
    await expect(backend.generate(request, never())).rejects.toMatchObject({ kind: 'rejected' })
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

/** 512 x 512, black where nothing is drawn. */
function svgPicture(shapes: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">${shapes}</svg>`
  return sharp(Buffer.from(svg)).flatten({ background: 'black' }).png().toBuffer()
}

/** The left and the right half of 512 x 512 pixels. */
function halves(pixels: Buffer): Buffer[] {
  const rows = Array.from({ length: 512 }, (_, row) => pixels.subarray(row * 1536, (row + 1) * 1536))
  return [rows.map((row) => row.subarray(0, 768)), rows.map((row) => row.subarray(768))].map((half) =>
    Buffer.concat(half),
  )
}

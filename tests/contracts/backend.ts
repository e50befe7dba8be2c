/** What every image backend must do; each backend's test calls `behavesLikeABackend`. */
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImageBackend, ImageRequest, Progress } from '../../src/domain.ts'
import { BackendError } from '../../src/errors.ts'

const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined })

/** A short request with the model's own defaults. */
export function requestFor(backend: ImageBackend, changes: Partial<ImageRequest> = {}): ImageRequest {
  const model = backend.models()[0]
  if (model === undefined) throw new Error('the backend offers no model')
  return {
    model: model.id,
    prompt: 'a red heart',
    negativePrompt: '',
    seed: 7,
    steps: Math.max(model.steps.min, 6),
    cfgScale: model.cfgScale.default,
    sampler: model.samplers[0]?.id ?? '',
    scheduler: model.schedulers[0]?.id ?? '',
    width: model.sizes[0]?.width ?? 0,
    height: model.sizes[0]?.height ?? 0,
    count: 1,
    ...changes,
  }
}

/** The pixels of the first picture of a request. */
export async function pixelsOf(backend: ImageBackend, request: ImageRequest): Promise<Buffer> {
  const [image] = await backend.generate(request, never())
  return await sharp(image?.png).raw().toBuffer()
}

export function behavesLikeABackend(name: string, create: () => Promise<ImageBackend>): void {
  describe(`${name} as a backend`, () => {
    let backend: ImageBackend
    beforeAll(async () => void (backend = await create()))
    afterAll(async () => await backend.close())

    it('offers models whose defaults lie within their limits and whose names are unique', () => {
      expect(backend.models().length).toBeGreaterThan(0)
      for (const model of backend.models()) {
        for (const { min, max, default: usual } of [model.steps, model.cfgScale]) {
          expect(min).toBeLessThanOrEqual(usual)
          expect(usual).toBeLessThanOrEqual(max)
        }
        for (const list of [model.samplers, model.schedulers, model.sizes]) {
          expect(list.length).toBeGreaterThan(0)
          expect(new Set(list.map(({ id }) => id)).size).toBe(list.length)
        }
      }
    })

    it('draws as many PNGs of the asked size as asked, each with its own recipe', async () => {
      const request = requestFor(backend, { count: 2 })
      const images = await backend.generate(request, never())
      expect(images.map(({ recipe }) => recipe.seed)).toEqual([7, 8])
      for (const { png, width, height, recipe } of images) {
        const { format, ...size } = await sharp(png).metadata()
        expect(format).toBe('png')
        expect([size.width, size.height]).toEqual([request.width, request.height])
        expect([width, height]).toEqual([request.width, request.height])
        expect(recipe).not.toHaveProperty('count')
      }
    })

    it('draws the second picture of a request from its recipe alone, to the pixel', async () => {
      const [, second] = await backend.generate(requestFor(backend, { count: 2 }), never())
      const alone = await pixelsOf(backend, { ...requestFor(backend), ...second?.recipe })
      expect(alone.equals(await sharp(second?.png).raw().toBuffer())).toBe(true)
    })

    it('draws the same pixels for the same seed and others for another', async () => {
      const first = await pixelsOf(backend, requestFor(backend))
      expect((await pixelsOf(backend, requestFor(backend))).equals(first)).toBe(true)
      expect((await pixelsOf(backend, requestFor(backend, { seed: 8 }))).equals(first)).toBe(false)
    })

    it('tells its progress, always rising and within range, with a preview that is a picture', async () => {
      const seen: Progress[] = []
      const request = requestFor(backend, { count: 2 })
      await backend.generate(request, { ...never(), onProgress: (progress) => seen.push(progress) })
      const places = seen.map(({ pictureIndex, step, steps }) => pictureIndex + step / steps)
      expect(places.length).toBeGreaterThan(1)
      for (const [index, place] of places.entries()) {
        expect(place).toBeGreaterThan(index === 0 ? 0 : (places[index - 1] ?? Number.NaN))
        expect(place).toBeLessThanOrEqual(2)
      }
      for (const { pictureCount } of seen) expect(pictureCount).toBe(2)
      for (const { preview } of seen) {
        const picture = await preview?.()
        expect(picture === undefined || (await sharp(picture).metadata()).width > 0).toBe(true)
      }
    })

    it('draws several requests at a time without mixing them up', async () => {
      const seeds = [21, 22, 23]
      const alone: Buffer[] = []
      for (const seed of seeds) alone.push(await pixelsOf(backend, requestFor(backend, { seed })))
      const together = await Promise.all(
        seeds.map((seed) => pixelsOf(backend, requestFor(backend, { seed }))),
      )
      together.forEach((pixels, index) => expect(pixels.equals(alone[index] as Buffer)).toBe(true))
    })

    it('does not begin what is already aborted', async () => {
      const reason = new Error('not now')
      const context = { ...never(), signal: AbortSignal.abort(reason) }
      await expect(backend.generate(requestFor(backend), context)).rejects.toBe(reason)
    })

    it('stops soon when aborted, with the reason of the signal, and goes on with the next request', async () => {
      const timeOfOne = async () => {
        const start = performance.now()
        await pixelsOf(backend, requestFor(backend))
        return performance.now() - start
      }
      const usual = await timeOfOne()
      const abort = new AbortController()
      const reason = new Error('enough')
      let seen = 0
      let abortedAt = 0
      const model = backend.models()[0]
      const long = requestFor(backend, { steps: model?.steps.max ?? 1, count: model?.maxCount ?? 1 })
      const drawing = backend.generate(long, {
        signal: abort.signal,
        onProgress: () => {
          seen++
          if (seen > 1) return
          abortedAt = performance.now()
          abort.abort(reason)
        },
      })
      await expect(drawing).rejects.toBe(reason)
      expect(performance.now() - abortedAt).toBeLessThan(500)
      // the machine itself must have stopped: the next request does not wait for the long one
      expect(await timeOfOne()).toBeLessThan(4 * usual + 200)
      expect(seen).toBe(1)
    })

    it('replays a recipe to the very pixels, step by step, where it says it can', async () => {
      if (backend.models()[0]?.supports.replay !== true || !backend.replay) return
      const request = requestFor(backend, { count: 1 })
      const [image] = await backend.generate(request, never())
      if (image === undefined) throw new Error('no picture')
      const run = await backend.replay(image.recipe, never())
      expect(Buffer.from(run.png).equals(Buffer.from(image.png))).toBe(true)
      expect(run.steps).toHaveLength(request.steps)
      expect(run.recipe).toEqual(image.recipe)
      for (const [index, step] of run.steps.entries()) {
        expect(step.index).toBe(index)
        expect(step.sigmaNext).toBeLessThan(step.sigma)
        expect(step.sigmaNext).toBe(run.steps[index + 1]?.sigma ?? 0)
        expect(step.guess).toHaveLength(3 * run.width * run.height)
        expect(step.noisy).toHaveLength(3 * run.width * run.height)
      }
      expect(run.final).toHaveLength(3 * run.width * run.height)
    })

    it('says what is wrong as a BackendError, with no path and no address in it', async () => {
      const wrong = backend.generate(requestFor(backend, { sampler: 'Bob Ross' }), never())
      const error: unknown = await wrong.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(error).toBeInstanceOf(BackendError)
      expect(error).toMatchObject({ kind: 'rejected', backend: backend.id })
      expectNoSecrets(error)
    })

    it('refuses to draw once it is closed', async () => {
      const other = await create()
      const request = requestFor(other)
      await other.close()
      await expect(other.generate(request, never())).rejects.toMatchObject({ kind: 'unavailable' })
    })
  })
}

/** The text of an error may reach a log that others read. */
export function expectNoSecrets(error: unknown): void {
  const text = String(error)
  expect(text).not.toContain(process.cwd())
  expect(text).not.toMatch(/[\\/][\w.-]+[\\/]|https?:|\.onnx|\.ts\b|token/i)
}

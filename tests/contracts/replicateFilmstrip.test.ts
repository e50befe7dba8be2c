/** A true filmstrip from Replicate: one purchase, with the states of that very run beside the picture. */
import { pino } from 'pino'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ImageBackend, ImageRequest, Progress } from '../../src/domain.ts'
import { Closing } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { priceInWords } from '../../src/money.ts'
import { createBackends } from '../../src/services/backends.ts'
import { readModels } from '../../src/services/backends/replicate/registry.ts'
import { createReplicate, type ReplicateOptions } from '../../src/services/backends/replicate/replicate.ts'
import { createExplain } from '../../src/services/explain/index.ts'
import { createFakeKit } from '../support/fakeFaces.ts'
import { startFakeReplicate, type FakeReplicate } from '../support/fakeReplicate/index.ts'
import { mei, openStudio, origin, temporaryFolder } from '../support/studio.ts'
import { requestFor } from './backend.ts'

const models = await readModels('data/models')
const film = models.filter(({ id }) => id === 'sdxl-filmstrip')
const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined })
const STEPS = [1, 4, 8, 11, 15, 18, 22]

let fake: FakeReplicate
beforeEach(async () => void (fake = await startFakeReplicate({ predictMs: 60 })))
afterEach(() => fake.close())

async function create(options: Partial<ReplicateOptions> = {}): Promise<ImageBackend> {
  const backend = await createReplicate({
    token: fake.token,
    apiUrl: fake.apiUrl,
    fileHosts: [fake.fileHost],
    models: film,
    jobTimeoutSeconds: 60,
    log: createLog({ logLevel: 'silent' }),
    ...options,
    timing: { pollMs: 10, maxPollMs: 10, settleMs: 10, jitterMs: 1 },
  })
  onTestFinished(() => backend.close())
  return backend
}

const small = { width: 768, height: 768 }
const filmRequest = (backend: ImageBackend, changes: Partial<ImageRequest> = {}) =>
  requestFor(backend, { steps: 25, ...small, ...changes })

describe('a true filmstrip', () => {
  it('is bought once, with the newest version, and gives the picture and its states in order', async () => {
    const backend = await create()
    const images = await backend.generate(filmRequest(backend), never())
    expect(images).toHaveLength(1)
    expect(fake.predictions.map(({ version }) => version)).toEqual([expect.stringMatching(/^c0ffee11/)])
    const [image] = images
    expect(image).toMatchObject({ ...small, notes: [], costUsd: expect.closeTo(0.06 * 0.000975) as number })
    expect(image?.seen).toMatchObject({ kind: 'noisy', steps: 25 })
    const frames = image?.seen?.frames ?? []
    expect(frames.map(({ step }) => step)).toEqual(STEPS)
    for (const frame of frames) {
      const { format, width, height } = await sharp(frame.image).metadata()
      expect([format, width, height]).toEqual(['webp', 256, 256])
    }
    // Each state has less noise than the one before, and the picture has none.
    const noise = await Promise.all(
      [...frames.map(({ image: bytes }) => bytes), image?.png ?? Buffer.of()].map(sharpness),
    )
    for (const [index, level] of noise.slice(1).entries()) expect(level).toBeLessThan(noise[index] ?? 0)
  })

  it('is the same for the same seed, and another for another', async () => {
    const backend = await create()
    const draw = async (changes: Partial<ImageRequest>) =>
      (await backend.generate(filmRequest(backend, changes), never()))[0]
    const [one, two, other] = [await draw({}), await draw({}), await draw({ seed: 8 })]
    expect(Buffer.from(one?.png ?? []).equals(Buffer.from(two?.png ?? []))).toBe(true)
    expect(Buffer.from(one?.png ?? []).equals(Buffer.from(other?.png ?? []))).toBe(false)
  })

  it('tells its progress through all parts', async () => {
    fake.settings.predictMs = 600
    const backend = await create()
    const seen: Progress[] = []
    await backend.generate(filmRequest(backend), {
      ...never(),
      onProgress: (progress) => seen.push(progress),
    })
    expect(seen.length).toBeGreaterThan(3)
    // The first part is an eighth of the way, not all of it.
    expect(seen[0]?.step).toBeLessThan(10)
    expect(seen.at(-1)).toMatchObject({ step: 25, steps: 25 })
  })

  it('is picked up after a crash with all its states, and not bought again', async () => {
    fake.settings.predictMs = 300
    const first = await create()
    let remembered = ''
    const crash = new AbortController()
    const drawing = first.generate(filmRequest(first), {
      signal: crash.signal,
      onProgress: () => crash.abort(new Closing('the bot closes')),
      remember: (reference) => void (remembered = reference),
    })
    await expect(drawing).rejects.toBeInstanceOf(Closing)
    const second = await create()
    const [image] = await second.generate(filmRequest(second), { ...never(), resume: remembered })
    expect(image?.seen?.frames.map(({ step }) => step)).toEqual(STEPS)
    expect(fake.predictions).toHaveLength(1)
  })

  it('gives the picture also when one of its states cannot be fetched', async () => {
    const backend = await create()
    fake.faults.output = (address) => (address.includes('/f08_') ? 'https://example.org/f08_1.png' : address)
    const [image] = await backend.generate(filmRequest(backend), never())
    expect(image?.png.length).toBeGreaterThan(0)
    expect(image?.seen?.frames.map(({ step }) => step)).toEqual(STEPS.filter((step) => step !== 8))
  })

  it('is no picture when the last state is missing', async () => {
    const backend = await create()
    fake.faults.output = (address) => (address.includes('/f25_') ? null : address)
    await expect(backend.generate(filmRequest(backend), never())).rejects.toMatchObject({
      kind: 'bad-response',
    })
  })

  it('costs what was estimated before, for more steps more', async () => {
    const backend = await create()
    const usd = (steps: number) => backend.estimate?.({ ...filmRequest(backend), steps }).usd ?? 0
    expect(usd(25)).toBeCloseTo((8 + 25 * 0.589_824 * 0.27) * 0.000975)
    expect(usd(50)).toBeGreaterThan(usd(25))
  })

  it('is set aside with a sentence when Replicate has it no more', async () => {
    fake.faults.gone = (name) => name === 'comfyui/any-comfyui-workflow'
    const backend = await create({ models })
    expect(backend.models().map(({ id }) => id)).not.toContain('sdxl-filmstrip')
    const request = { ...filmRequest(backend), model: 'sdxl-filmstrip', sampler: 'Euler' }
    await expect(backend.generate(request, never())).rejects.toMatchObject({
      sentence: 'SDXL with a true filmstrip is not at Replicate any more; please choose another model.',
    })
    expect(fake.purchases()).toEqual([])
  })

  it('would be of other seeds if Replicate were left to change them', async () => {
    const [model] = film
    if (!model) throw new Error('no model')
    const backend = await create({ models: [{ ...model, fixed: {} }] })
    const draw = async () => (await backend.generate(filmRequest(backend), never()))[0]?.png ?? Buffer.of()
    expect(Buffer.from(await draw()).equals(Buffer.from(await draw()))).toBe(false)
  })
})

describe('its explanation', () => {
  /** A picture as the queue would keep it, and what "How was this made?" says of it. */
  async function explained(backend: ImageBackend, request: ImageRequest) {
    const dataDir = await temporaryFolder()
    const studio = await openStudio(dataDir)
    onTestFinished(() => studio.close())
    const [image] = await backend.generate(request, never())
    if (!image) throw new Error('no picture')
    const job = { id: 'j1', asker: mei, origin, parents: [] }
    const picture = await studio.gallery.keep(job, 0, image)
    const explain = createExplain({
      dataDir,
      gallery: studio.gallery,
      inputs: studio.inputs,
      backends: createBackends([backend]),
      faces: createFakeKit().faces,
      log: pino({ level: 'silent' }),
    })
    return (await explain.of(picture, never().signal)).text.join('\n')
  }

  it('tells noisy states of that very run, and of which steps', async () => {
    const backend = await create()
    const text = await explained(backend, filmRequest(backend))
    expect(text).toContain('7 of 25 steps were seen (shown: steps 1, 4, 8, 11, 15, 18 and 22)')
    expect(text).toContain('Each frame is the noisy state after that step')
    expect(text).toContain('states of that very run')
    expect(text).not.toMatch(/preview|rougher|can be had/)
  })

  it('of a picture without states says where there are some, and what that costs', async () => {
    const backend = await create({ models })
    const text = await explained(backend, requestFor(backend, small))
    const price = backend.models().find(({ id }) => id === 'sdxl-filmstrip')?.price
    expect(text).toContain('Nothing of the making was recorded')
    expect(text).toContain(`Draw with the model sdxl-filmstrip (${priceInWords(price)})`)
  })

  it('does not promise them while the model is gone', async () => {
    fake.faults.gone = (name) => name === 'comfyui/any-comfyui-workflow'
    const backend = await create({ models })
    expect(await explained(backend, requestFor(backend, small))).not.toContain('filmstrip can be had')
  })
})

/** How much a pixel differs from its neighbour, on average: high in noise, low in a soft picture. */
async function sharpness(bytes: Uint8Array): Promise<number> {
  const size = { width: 256, height: 256, fit: 'fill' } as const
  const { data } = await sharp(bytes).resize(size).greyscale().raw().toBuffer({ resolveWithObject: true })
  let sum = 0
  for (let i = 1; i < data.length; i += 1) sum += Math.abs((data[i] ?? 0) - (data[i - 1] ?? 0))
  return sum / data.length
}

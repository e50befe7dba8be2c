/** Face swaps with ReActor and Roop: what they do not say, they are asked in other ways. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { ImageBackend, SwapContext, SwapRequest } from '../../src/domain.ts'
import { useMachine } from '../support/useAuto1111.ts'

const reactor = { scripts: { reactor: ['inswapper_128.onnx'] } }
const roop = { scripts: { roop: ['C:\\webui\\models\\roop\\inswapper_128.onnx'] } }

const picture = (background: string, width = 200, height = 150) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()

const request = (changes: Partial<SwapRequest> = {}): SwapRequest => ({
  kind: 'swap',
  model: 'reactor',
  source: 'a'.repeat(64),
  target: 'b'.repeat(64),
  sourceFace: 0,
  targetFace: 0,
  consents: [],
  ...changes,
})

async function swap(backend: ImageBackend, asked = request(), context: Partial<SwapContext> = {}) {
  const swapped = backend.swapFaces?.(asked, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    source: await picture('brown'),
    target: await picture('teal'),
    ...context,
  })
  if (!swapped) throw new Error('it swaps no faces')
  return swapped
}

describe('face swaps on AUTOMATIC1111', () => {
  it('offers the extensions that are there and have a model', async () => {
    const engines = async (faces: object) => {
      const { backend } = await useMachine({ faces })
      return backend.faceEngines?.().map(({ id }) => id)
    }
    expect(await engines({})).toEqual([])
    expect(await engines({ scripts: { ...reactor.scripts, ...roop.scripts } })).toEqual(['reactor', 'roop'])
    expect(await engines({ scripts: { reactor: [] } })).toEqual([])
  })

  it.each([
    ['ReActor', reactor, 'reactor'],
    ['Roop', roop, 'roop'],
  ])('%s swaps, and the picture has the shape of the target', async (_, faces, model) => {
    const { backend, fake } = await useMachine({ faces })
    const { png, width, height, recipe } = await swap(backend, request({ model }))
    expect([width, height]).toEqual([200, 144])
    expect(recipe.model).toBe(model)
    const { data } = await sharp(png)
      .extract({ left: 100, top: 72, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([...data]).toEqual([0xc0, 0x80, 0x60])
    for (const body of fake.jobs()) expect(body).toMatchObject({ denoising_strength: 0, save_images: false })
  })

  it('sends thirty of the 31 arguments of ReActor: a picture as source, nothing saved, no path', async () => {
    const { backend, fake } = await useMachine({ faces: { ...reactor, source: 3, target: 2 } })
    await swap(backend, request({ sourceFace: 2, targetFace: 1 }))
    const scripts = fake.jobs()[0]?.['alwayson_scripts'] as { reactor: { args: unknown[] } }
    const { args } = scripts.reactor
    expect(args).toHaveLength(30)
    expect([args[1], args[2], args[3], args[4]]).toEqual([true, '2', '1', 'inswapper_128.onnx'])
    // Not saving the original; source is a picture; no folder.
    expect([args[16], args[22], args[24]]).toEqual([false, 0, ''])
  })

  it.each([
    ['no face in the source', { source: 0 }],
    ['no face in the target', { target: 0 }],
  ])('says that nothing was swapped: %s', async (_, counts) => {
    const { backend } = await useMachine({ faces: { ...reactor, ...counts } })
    await expect(swap(backend)).rejects.toMatchObject({
      kind: 'rejected',
      sentence: expect.stringContaining('swapped no face'),
    })
  })

  it('says so too when its model has gone since, which ReActor ignores', async () => {
    const { backend, fake } = await useMachine({ faces: { scripts: { reactor: ['inswapper_128.onnx'] } } })
    fake.faces.scripts.reactor = ['another.onnx']
    await expect(swap(backend)).rejects.toMatchObject({
      sentence: expect.stringContaining('swapped no face'),
    })
  })

  it('refuses another source face with Roop, which cannot choose', async () => {
    const { backend } = await useMachine({ faces: roop })
    await expect(swap(backend, request({ model: 'roop', sourceFace: 1 }))).rejects.toMatchObject({
      code: 'invalid-options',
    })
  })

  it('makes large targets smaller, and both sides a multiple of eight', async () => {
    const { backend } = await useMachine({ faces: reactor })
    const { width, height } = await swap(backend, request(), { target: await picture('teal', 3000, 1999) })
    expect([width, height]).toEqual([1024, 680])
  })

  it('stops when it is no longer wanted', async () => {
    const { backend } = await useMachine({ faces: reactor, msPerStep: 2000 })
    const stop = new AbortController()
    const swapped = swap(backend, request(), { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('cancelled')), 50)
    await expect(swapped).rejects.toThrow('cancelled')
  })

  it('tells the instructor that an extension has no model', async () => {
    const { backend } = await useMachine({ faces: { scripts: { reactor: [], roop: ['x.onnx'] } } })
    const findings = (await backend.diagnose?.(new AbortController().signal)) ?? []
    const about = findings.filter(({ sentence }) => /reactor|roop/.test(sentence))
    expect(about.map(({ ok }) => ok)).toEqual([false, true])
    expect(about[0]?.mend).toContain('inswapper_128.onnx')
  })
})

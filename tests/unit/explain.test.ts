import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageBackend, ModelInfo, Picture, Run } from '../../src/domain.ts'
import { createBackends } from '../../src/services/backends.ts'
import { createExplain } from '../../src/services/explain/index.ts'
import { createFakeKit } from '../support/fakeFaces.ts'
import { gaussianRunWithPng } from '../support/gaussianRun.ts'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'darkroom-explain-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const never = new AbortController().signal

/** A backend whose model is one Gaussian: it really denoises, and counts how often it was asked to. */
function gaussianBackend(replaySupported = true) {
  const state = { replays: 0, aborted: 0, gate: Promise.resolve() }
  const range = { min: 1, max: 50, default: 6 }
  const model: ModelInfo = {
    id: 'gaussian',
    backend: 'gaussian',
    title: 'Gaussian dots',
    description: 'One red dot.',
    steps: range,
    cfgScale: range,
    samplers: [],
    schedulers: [],
    sizes: [],
    maxCount: 1,
    maxPromptLength: 100,
    supports: { negativePrompt: true, variation: true, replay: replaySupported, img2img: false, mask: false },
  }
  const backend: ImageBackend = {
    id: 'gaussian',
    lanes: 1,
    models: () => [model],
    generate: () => Promise.reject(new Error('not in this test')),
    async replay(recipe, { signal }): Promise<Run> {
      state.replays++
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          state.aborted++
          reject(signal.reason as Error)
        })
      })
      await Promise.race([state.gate, aborted])
      return gaussianRunWithPng(recipe)
    },
    close: () => Promise.resolve(),
  }
  return { state, backends: createBackends([backend]) }
}

async function setUp(
  options: { replaySupported?: boolean; stored?: (png: Uint8Array) => Promise<Buffer> } = {},
) {
  const run = await gaussianRunWithPng({ steps: 3 })
  const withText = (png: Uint8Array) =>
    sharp(png)
      .withExif({ IFD0: { Copyright: 'Mei' } })
      .png()
      .toBuffer()
  const file = await (options.stored ?? withText)(run.png)
  const picture: Picture = {
    id: '0123456789ab',
    jobId: 'job',
    index: 0,
    recipe: run.recipe,
    author: { id: '1', name: 'Mei' },
    guildId: '2',
    parents: [],
    width: 64,
    height: 64,
    notes: [],
    createdAt: 0,
  }
  const kept = new Map([[picture.id, picture]])
  const gallery = {
    get: (id: string) => kept.get(id),
    png: () => Promise.resolve(file),
    seen: () => Promise.resolve(undefined),
    hasSwap: () => false,
  }
  const inputs = { png: () => Promise.reject(new Error('it began from noise')) }
  const { state, backends } = gaussianBackend(options.replaySupported)
  const { faces } = createFakeKit()
  const create = () =>
    createExplain({ dataDir, gallery, inputs, backends, faces, log: pino({ level: 'silent' }) })
  return { picture, kept, state, create, explain: create() }
}

describe('the explanation of a picture', () => {
  it('has text, animation, filmstrip and chart, in this order, and compares pixels and not metadata', async () => {
    const { explain, picture } = await setUp()
    const { text, matches, images } = await explain.of(picture, never)
    expect(matches).toBe(true)
    expect(text.length).toBeGreaterThanOrEqual(3)
    expect(text.join(' ')).toContain('In each of 3 steps')
    expect(images.map(({ name }) => name)).toEqual([
      `development-${picture.id}.gif`,
      `filmstrip-${picture.id}.png`,
      `chart-${picture.id}.png`,
    ])
    const formats = await Promise.all(images.map(async ({ data }) => (await sharp(data).metadata()).format))
    expect(formats).toEqual(['gif', 'png', 'png'])
    for (const { alt } of images) {
      expect(alt.length).toBeGreaterThan(80)
      expect(alt.length).toBeLessThanOrEqual(1000)
    }
  })

  it('says so when one pixel of the stored picture is another', async () => {
    const dot = { create: { width: 1, height: 1, channels: 3 as const, background: '#00f' } }
    const stored = (png: Uint8Array) =>
      sharp(png)
        .composite([{ input: dot, left: 5, top: 5 }])
        .png()
        .toBuffer()
    const { explain, picture } = await setUp({ stored })
    const { matches, text } = await explain.of(picture, never)
    expect(matches).toBe(false)
    expect(text.at(-1)).toContain('not exactly the ones')
  })

  it('is kept: the second call, also after a restart, gives the same without another run', async () => {
    const { explain, create, picture, state } = await setUp()
    const first = await explain.of(picture, never)
    expect(await explain.of(picture, never)).toEqual(first)
    expect(await create().of(picture, never)).toEqual(first)
    expect(state.replays).toBe(1)
    expect((await readdir(path.join(dataDir, 'explanations', picture.id))).sort()).toEqual([
      `chart-${picture.id}.png`,
      `development-${picture.id}.gif`,
      'explanation.json',
      `filmstrip-${picture.id}.png`,
    ])
  })

  it('is made anew when what was kept is damaged', async () => {
    const { explain, picture, state } = await setUp()
    const first = await explain.of(picture, never)
    await writeFile(path.join(dataDir, 'explanations', picture.id, 'explanation.json'), '{"version":')
    expect(await explain.of(picture, never)).toEqual(first)
    expect(state.replays).toBe(2)
    expect(await readdir(path.join(dataDir, 'explanations'))).toEqual([picture.id])
  })

  it('is made once for all who ask at the same time', async () => {
    const { explain, picture, state } = await setUp()
    const all = await Promise.all([1, 2, 3].map(() => explain.of(picture, never)))
    expect(state.replays).toBe(1)
    expect(all[1]).toBe(all[0])
    expect(all[2]).toBe(all[0])
  })

  it('goes on for the others when one gives up, and stops when all have', async () => {
    const { explain, picture, state } = await setUp()
    const open = Promise.withResolvers<void>()
    state.gate = open.promise
    const [one, other] = [new AbortController(), new AbortController()]
    const first = explain.of(picture, one.signal)
    const second = explain.of(picture, other.signal)
    await expect.poll(() => state.replays).toBe(1)
    one.abort(new Error('first gave up'))
    await expect(first).rejects.toThrow('first gave up')
    expect(state.aborted).toBe(0)
    other.abort(new Error('second gave up'))
    await expect(second).rejects.toThrow('second gave up')
    expect(state.aborted).toBe(1)
    open.resolve()
    expect((await explain.of(picture, never)).matches).toBe(true)
    expect(state.replays).toBe(2)
  })

  it('leaves nothing behind for a picture deleted in the meantime', async () => {
    const { explain, picture, kept } = await setUp()
    kept.clear()
    await expect(explain.of(picture, never)).rejects.toMatchObject({ name: 'UserError', code: 'not-found' })
    expect(await readdir(path.join(dataDir, 'explanations'))).toEqual([])
  })

  it('never runs the recipe of a model that cannot show its steps', async () => {
    const { explain, picture, state } = await setUp({ replaySupported: false })
    const { text, matches } = await explain.of(picture, never)
    expect(text[0]).toContain('Nothing of the making was recorded')
    expect(matches).toBeUndefined()
    expect(state.replays).toBe(0)
  })

  it('of a picture whose model is gone is not kept, because the model may come back', async () => {
    const { explain, picture, state } = await setUp()
    const gone = { ...picture, recipe: { ...picture.recipe, model: 'gone' } }
    expect((await explain.of(gone, never)).text[0]).toContain('Nothing of the making was recorded')
    expect((await explain.of(picture, never)).matches).toBe(true)
    expect(state.replays).toBe(1)
  })

  it('gives up what is being made when it is closed', async () => {
    const { explain, picture, state } = await setUp()
    state.gate = new Promise(() => {})
    const waiting = explain.of(picture, never).catch((error: unknown) => error)
    await expect.poll(() => state.replays).toBe(1)
    await explain.close()
    expect(await waiting).toEqual(new Error('closing'))
  })
})

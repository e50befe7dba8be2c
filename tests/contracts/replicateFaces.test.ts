/** Face swaps at Replicate: bought once, and told when nothing was swapped. */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ImageBackend, SwapContext, SwapRequest } from '../../src/domain.ts'
import { Closing } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { readFaceModels } from '../../src/services/backends/replicate/faces.ts'
import { createReplicate } from '../../src/services/backends/replicate/replicate.ts'
import { startFakeReplicate, type FakeReplicate } from '../support/fakeReplicate/index.ts'

const faceModels = await readFaceModels('data/models/replicate-faces')
const source = await picture('source')
const target = await picture('target')

let fake: FakeReplicate
beforeEach(async () => void (fake = await startFakeReplicate({ predictMs: 60 })))
afterEach(() => fake.close())

/** Colourful, so that encoding it anew changes it a little, as with a photo. */
function picture(seed: string): Promise<Buffer> {
  const digest = createHash('sha512').update(seed).digest()
  const pixels = Uint8Array.from({ length: 16 * 12 * 3 }, (_, i) => digest[i % 64] ?? 0)
  return sharp(pixels, { raw: { width: 16, height: 12, channels: 3 } })
    .resize(640, 480)
    .png()
    .toBuffer()
}

async function create(): Promise<ImageBackend> {
  const backend = await createReplicate({
    token: fake.token,
    apiUrl: fake.apiUrl,
    fileHosts: [fake.fileHost],
    models: [],
    faceModels,
    jobTimeoutSeconds: 60,
    log: createLog({ logLevel: 'silent' }),
    timing: { pollMs: 20, maxPollMs: 20, settleMs: 10, jitterMs: 1 },
  })
  onTestFinished(() => backend.close())
  return backend
}

const request = (changes: Partial<SwapRequest> = {}): SwapRequest => ({
  kind: 'swap',
  model: 'face-swap',
  source: 'a'.repeat(64),
  target: 'b'.repeat(64),
  sourceFace: 0,
  targetFace: 0,
  consents: [],
  ...changes,
})

async function swap(
  backend: ImageBackend,
  context: Partial<SwapContext> = {},
  changes: Partial<SwapRequest> = {},
) {
  const swapped = await backend.swapFaces?.(request(changes), {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    source,
    target,
    ...context,
  })
  if (!swapped) throw new Error('it swaps no faces')
  return swapped
}
const bought = () =>
  fake.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/predictions'))

describe('a face swap at Replicate', () => {
  it('is offered with its price and what its weights may be used for', async () => {
    const [engine] = (await create()).faceEngines?.() ?? []
    expect(engine?.price?.usdPerPicture).toBeCloseTo(0.0117)
    expect(engine?.description).toContain('non-commercial')
  })

  it('gives a picture of the shape of the target, and says what it cost', async () => {
    const { width, height, costUsd, recipe } = await swap(await create())
    expect([width, height, recipe.model]).toEqual([640, 480, 'face-swap'])
    expect(costUsd).toBeGreaterThan(0)
    const [{ body } = { body: '' }] = bought()
    expect(Object.keys((JSON.parse(body) as { input: object }).input)).toEqual(['swap_image', 'input_image'])
  })

  it('says that nothing was swapped when the target came back, encoded anew', async () => {
    fake.faults.noFace = true
    await expect(swap(await create())).rejects.toMatchObject({
      kind: 'rejected',
      sentence: expect.stringContaining('swapped no face'),
    })
  })

  it('refuses a choice of faces, which the model does not take, before anything is bought', async () => {
    await expect(swap(await create(), {}, { targetFace: 1 })).rejects.toMatchObject({
      code: 'invalid-options',
    })
    expect(bought()).toHaveLength(0)
  })

  it('is picked up after a restart instead of being bought again', async () => {
    const first = await create()
    const stop = new AbortController()
    let reference = ''
    const waiting = swap(first, {
      signal: stop.signal,
      remember: (said) => {
        reference = said
        if (/"predictions":\{"0"/.test(said)) stop.abort(new Closing('the bot closes'))
      },
    })
    await expect(waiting).rejects.toThrow('the bot closes')
    await swap(await create(), { resume: reference })
    expect(bought()).toHaveLength(1)
  })
})

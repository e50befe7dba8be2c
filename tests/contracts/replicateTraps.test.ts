/** The traps of Replicate and of its package, each as a test that costs money when it fails. */
import { setTimeout as wait } from 'node:timers/promises'
import { inspect } from 'node:util'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ImageBackend, ImageRequest, Progress } from '../../src/domain.ts'
import { BackendError, Closing } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { createApi } from '../../src/services/backends/replicate/api.ts'
import { readModels } from '../../src/services/backends/replicate/registry.ts'
import { COLD_START } from '../../src/services/backends/replicate/progress.ts'
import { createReplicate, type ReplicateOptions } from '../../src/services/backends/replicate/replicate.ts'
import { startFakeReplicate, TOKEN, type FakeReplicate } from '../support/fakeReplicate/index.ts'
import { useStudio } from '../support/studio.ts'
import { expectNoSecrets, requestFor } from './backend.ts'

const models = await readModels('data/models')
const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined })

let fake: FakeReplicate
let logs: string[]
beforeEach(async () => {
  fake = await startFakeReplicate({ predictMs: 60 })
  logs = []
})
afterEach(() => fake.close())

/** A backend against the fake, closed after the test. */
async function create(options: Partial<ReplicateOptions> = {}): Promise<ImageBackend> {
  const backend = await createReplicate({
    token: fake.token,
    apiUrl: fake.apiUrl,
    fileHosts: [fake.fileHost],
    models,
    jobTimeoutSeconds: 60,
    log: createLog({ logLevel: 'trace' }, { write: (line) => void logs.push(line) }),
    ...options,
    timing: { pollMs: 20, maxPollMs: 20, settleMs: 10, jitterMs: 1, ...options.timing },
  })
  onTestFinished(() => backend.close())
  return backend
}

/** What `generate` throws. */
async function errorOf(
  backend: ImageBackend,
  changes: Parameters<typeof requestFor>[1] = {},
): Promise<BackendError> {
  const error: unknown = await backend
    .generate(requestFor(backend, changes), never())
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(BackendError)
  return error as BackendError
}

describe('a purchase', () => {
  it('is sent once and found again when its answer is lost', async () => {
    const backend = await create()
    let drops = 1
    fake.faults.dropCreate = () => drops-- > 0
    expect(await backend.generate(requestFor(backend), never())).toHaveLength(1)
    expect(fake.purchases()).toHaveLength(1)
    expect(fake.predictions).toHaveLength(1)
  })

  it('is sent again when it never arrived, once', async () => {
    const backend = await create()
    let drops = 1
    fake.faults.dropBefore = ({ method }) => method === 'POST' && drops-- > 0
    expect(await backend.generate(requestFor(backend), never())).toHaveLength(1)
    expect(fake.purchases()).toHaveLength(2)
    expect(fake.predictions).toHaveLength(1)
  })

  it('is not sent again while nobody can tell whether it arrived, and found at the next try', async () => {
    const backend = await create()
    let isDown = false
    fake.faults.dropCreate = () => (isDown = true)
    fake.faults.dropBefore = () => isDown
    let remembered: string | undefined
    const context = { ...never(), remember: (reference: string) => void (remembered = reference) }
    await expect(backend.generate(requestFor(backend), context)).rejects.toMatchObject({
      kind: 'unavailable',
    })
    expect(fake.purchases()).toHaveLength(1)
    isDown = false
    fake.faults.dropCreate = () => false
    // Another process: it knows only what was remembered.
    const after = await create()
    const images = await after.generate(requestFor(after), { ...never(), resume: remembered ?? '' })
    expect(images).toHaveLength(1)
    expect(fake.predictions).toHaveLength(1)
  })

  it.each([500, 502, 503])('leaves once when the answer is %i', async (status) => {
    const backend = await create()
    let faults = 1
    fake.faults.status = ({ method }) => (method === 'POST' && faults-- > 0 ? status : undefined)
    await backend.generate(requestFor(backend), never())
    expect(fake.purchases()).toHaveLength(2)
  })

  it('carries the deadline of the job and neither the key nor a switch for the safety checker', async () => {
    const backend = await create()
    await backend.generate(requestFor(backend), never())
    const [purchase] = fake.purchases()
    expect(purchase?.headers['cancel-after']).toBe('60s')
    expect(purchase?.body).not.toContain(TOKEN)
    expect(JSON.parse(purchase?.body ?? '')).toEqual({
      version: models[0]?.txt2img.version,
      input: {
        prompt: 'a red heart',
        seed: 7,
        num_inference_steps: 6,
        guidance_scale: 7,
        scheduler: 'K_EULER',
        width: 1024,
        height: 1024,
        num_outputs: 1,
        apply_watermark: true,
      },
    })
  })

  it('is picked up after a crash, also of the second of two pictures', async () => {
    fake.settings.predictMs = 300
    const first = await create()
    let remembered: string[] = []
    const crash = new AbortController()
    const request = requestFor(first, { count: 2 })
    const drawing = first.generate(request, {
      signal: crash.signal,
      onProgress: ({ pictureIndex }) => pictureIndex === 1 && crash.abort(new Closing('the bot closes')),
      remember: (reference) => void remembered.push(reference),
    })
    await expect(drawing).rejects.toBeInstanceOf(Closing)
    expect(fake.predictions).toHaveLength(2)
    const second = await create()
    const images = await second.generate(request, { ...never(), resume: remembered.at(-1) ?? '' })
    expect(images.map(({ recipe }) => recipe.seed)).toEqual([7, 8])
    expect(fake.predictions).toHaveLength(2)
    expect(fake.predictions.map(({ canceledAt }) => canceledAt)).toEqual([undefined, undefined])
  })

  /** What a process remembers that dies in the moment when it buys this picture. */
  async function diedBuying(picture: number, request: ImageRequest, resume?: string): Promise<string> {
    const backend = await create()
    const crash = new AbortController()
    const { promise, resolve } = Promise.withResolvers<string>()
    const drawing = backend.generate(request, {
      signal: crash.signal,
      onProgress: () => undefined,
      ...(resume === undefined ? {} : { resume }),
      remember(reference) {
        const { buying } = JSON.parse(reference) as { buying?: { index: number } }
        if (buying?.index !== picture) return
        resolve(reference)
        crash.abort(new Closing('the bot closes'))
      },
    })
    await expect(drawing).rejects.toBeInstanceOf(Closing)
    return promise
  }

  it('is found after a crash in the very moment of buying the second of two pictures', async () => {
    const request = requestFor(await create(), { count: 2 })
    const remembered = await diedBuying(1, request)
    await eventually(() => fake.predictions.length === 2)
    const after = await create()
    expect(await after.generate(request, { ...never(), resume: remembered })).toHaveLength(2)
    expect(fake.predictions).toHaveLength(2)
  })

  it.each(['arrived', 'was lost'])(
    'is bought once in place of one that was cancelled, when the bot died and its order %s',
    async (what) => {
      fake.settings.predictMs = 5000
      const request = requestFor(await create())
      let bought = ''
      const abort = new AbortController()
      const drawing = (await create()).generate(request, {
        signal: abort.signal,
        onProgress: () => abort.abort(new Closing('the bot closes')),
        remember: (reference) => void (bought = reference),
      })
      await expect(drawing).rejects.toBeInstanceOf(Closing)
      for (const prediction of fake.predictions) prediction.canceledAt = Date.now()
      fake.settings.predictMs = 60
      let isAway = what === 'was lost'
      fake.faults.dropBefore = ({ method }) => isAway && method === 'POST'
      const orders = fake.purchases().length
      const remembered = await diedBuying(0, request, bought)
      await eventually(() => fake.purchases().length > orders)
      isAway = false
      const after = await create()
      expect(await after.generate(request, { ...never(), resume: remembered })).toHaveLength(1)
      expect(fake.predictions).toHaveLength(2)
    },
  )

  it('is made again when the files of the old one are gone after an hour', async () => {
    const first = await create()
    let remembered = ''
    await first.generate(requestFor(first), {
      ...never(),
      remember: (reference) => void (remembered = reference),
    })
    fake.settings.retentionMs = 0
    const drawing = first.generate(requestFor(first), { ...never(), resume: remembered })
    await eventually(() => fake.predictions.length === 2)
    fake.settings.retentionMs = 3_600_000
    expect(await drawing).toHaveLength(1)
  })

  it('is made again when somebody cancelled it at Replicate while the bot was down', async () => {
    fake.settings.predictMs = 5000
    const backend = await create()
    let remembered = ''
    const abort = new AbortController()
    const drawing = backend.generate(requestFor(backend), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Closing('the bot closes')),
      remember: (reference) => void (remembered = reference),
    })
    await expect(drawing).rejects.toBeInstanceOf(Closing)
    const [prediction] = fake.predictions
    if (prediction) prediction.canceledAt = Date.now()
    fake.settings.predictMs = 60
    expect(await backend.generate(requestFor(backend), { ...never(), resume: remembered })).toHaveLength(1)
    expect(fake.predictions).toHaveLength(2)
  })

  it('is made again by the queue when its prediction ended without a picture', async () => {
    let bad = 1
    fake.faults.ending = () => (bad-- > 0 ? 'canceled' : 'succeeded')
    const studio = await useStudio({ backend: await create() })
    studio.queue.start()
    const job = await studio.ask({ id: '300', name: 'Ben' }, 'a cat')
    await studio.queue.idle()
    expect(studio.queue.get(job.id)?.state).toBe('done')
    expect(fake.predictions).toHaveLength(2)
  })

  it('is not mistaken for one of a classmate who asked for the very same', async () => {
    const backend = await create()
    await backend.generate(requestFor(backend), never())
    let drops = 1
    fake.faults.dropBefore = ({ method }) => method === 'POST' && drops-- > 0
    await backend.generate(requestFor(backend), never())
    expect(fake.predictions).toHaveLength(2)
  })

  it('is cancelled when nobody wants the picture any more', async () => {
    fake.settings.predictMs = 5000
    const backend = await create()
    const abort = new AbortController()
    const reason = new Error('enough')
    const drawing = backend.generate(requestFor(backend), {
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    })
    await expect(drawing).rejects.toBe(reason)
    await eventually(() => fake.predictions[0]?.canceledAt !== undefined)
  })

  it('is cancelled also when Replicate does not hear it the first time', async () => {
    fake.settings.predictMs = 5000
    const backend = await create()
    let faults = 1
    fake.faults.status = ({ path }) => (path.endsWith('/cancel') && faults-- > 0 ? 503 : undefined)
    const abort = new AbortController()
    const drawing = backend.generate(requestFor(backend), {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    })
    await expect(drawing).rejects.toThrow('enough')
    await eventually(() => fake.predictions[0]?.canceledAt !== undefined)
  })

  it('is cancelled also when it is given up in the very moment of buying', async () => {
    fake.settings.predictMs = 5000
    const backend = await create()
    const abort = new AbortController()
    const reason = new Error('enough')
    const drawing = backend.generate(requestFor(backend), {
      signal: abort.signal,
      onProgress: () => undefined,
      remember: () => abort.abort(reason),
    })
    await expect(drawing).rejects.toBe(reason)
    await eventually(() => fake.predictions[0]?.canceledAt !== undefined)
  })
})

describe('a class that presses a button together', () => {
  it('is served to the last of 25 when Replicate allows six purchases in a while', async () => {
    fake.settings.limit = { count: 6, windowMs: 400 }
    const backend = await create()
    const studio = await useStudio({ backend })
    studio.queue.start()
    const people = Array.from({ length: 25 }, (_, index) => ({
      id: String(300 + index),
      name: `Student ${index}`,
    }))
    const jobs = await Promise.all(
      people.map((person, index) => studio.ask(person, `picture ${index}`, { seed: index })),
    )
    await studio.queue.idle()
    expect(jobs.map(({ id }) => studio.queue.get(id)?.state)).toEqual(jobs.map(() => 'done'))
    expect(fake.predictions).toHaveLength(25)
    // They wait in one line: without it each of the lanes would knock again and again.
    expect(fake.purchases().length).toBeLessThan(25 + 30)
    expect(studio.database.prepare('SELECT max(retries) AS retries FROM jobs').get()).toEqual({ retries: 0 })
  })

  it('is told when the wait is too long', async () => {
    fake.settings.limit = { count: 0, windowMs: 90_000 }
    const backend = await create({ timing: { maxWaitMs: 1000 } })
    expect(await errorOf(backend)).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: expect.any(Number) as number,
    })
    expect(fake.purchases()).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  it.each([
    [401, 'rejected', 'key of this class'],
    [402, 'rejected', 'credit'],
    [404, 'rejected', 'not offer this model any more'],
    [413, 'rejected', 'too large'],
    [422, 'rejected', 'did not accept these settings'],
    [429, 'rate-limited', 'slow down'],
    [500, 'unavailable', 'cannot be reached'],
  ] as const)(
    'is said in words when the status is %i, and never prints the key',
    async (status, kind, words) => {
      const backend = await create({ timing: { maxWaitMs: 0 } })
      fake.faults.status = ({ method }) => (method === 'POST' ? status : undefined)
      const error = await errorOf(backend)
      expect(error).toMatchObject({ kind, backend: 'replicate' })
      expect(error.sentence).toContain(words)
      expectNoSecrets(error)
      for (const text of [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack])
        expect(text).not.toContain(TOKEN)
      createLog({ logLevel: 'trace' }, { write: (line) => void logs.push(line) }).error(
        { err: error },
        'failed',
      )
      expect(logs.join('')).not.toContain(TOKEN)
    },
  )

  it('leaves no key in the stored rows', async () => {
    const backend = await create()
    fake.faults.status = ({ method }) => (method === 'POST' ? 401 : undefined)
    const studio = await useStudio({ backend })
    studio.queue.start()
    const job = await studio.ask({ id: '300', name: 'Ben' }, 'a cat')
    await studio.queue.idle()
    expect(studio.queue.get(job.id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('instructor') as string,
    })
    const rows = studio.database.prepare('SELECT * FROM jobs').all()
    expect(inspect(rows, { depth: 9 })).not.toContain(TOKEN)
    expect(backend.isUp?.()).toBe(false)
  })

  it('names the fields that a model does not accept', async () => {
    const [sdxl, ...others] = models
    if (!sdxl) throw new Error('no model')
    const backend = await create({
      models: [{ ...sdxl, fixed: { ...sdxl.fixed, num_outputs: 9 } }, ...others],
    })
    expect((await errorOf(backend)).sentence).toBe(
      'The model did not accept these settings: num_outputs; please change them.',
    )
  })

  it.each([
    ['nsfw', 'rejected', 'safety filter'],
    ['dropped', 'rejected', 'safety filter'],
    ['memory', 'out-of-memory', 'smaller size'],
    ['failed', 'bad-response', 'broke while it drew'],
    ['canceled', 'unavailable', 'cannot be reached'],
  ] as const)('is told from the end "%s" of a prediction', async (ending, kind, words) => {
    fake.faults.ending = () => ending
    const backend = await create()
    const error = await errorOf(backend)
    expect([error.kind, error.sentence]).toEqual([kind, expect.stringContaining(words)])
    expectNoSecrets(error)
  })

  it('ends too when a prediction is aborted before it began', async () => {
    fake.settings.coldMs = 60_000
    // The shortest deadline that Replicate takes is five seconds.
    const backend = await create({ jobTimeoutSeconds: 6 })
    const error = await errorOf(backend)
    expect(error.kind).toBe('timeout')
    expect(error.sentence).toContain('wake up')
  })

  it('keeps the pictures that the filter let through, and says that one is missing', async () => {
    fake.faults.ending = (input) => (input['seed'] === 8 ? 'dropped' : 'succeeded')
    const backend = await create()
    const images = await backend.generate(requestFor(backend, { count: 3 }), never())
    expect(images.map(({ recipe }) => recipe.seed)).toEqual([7, 9])
    expect(images[0]?.notes.join()).toContain('held back 1 of 3')
  })

  it('waits when it is asked to look less often, without buying again', async () => {
    const backend = await create()
    let faults = 2
    fake.faults.status = ({ path }) => (/predictions\/\w+$/.test(path) && faults-- > 0 ? 429 : undefined)
    fake.faults.retryAfter = '0.05'
    expect(await backend.generate(requestFor(backend), never())).toHaveLength(1)
    expect(fake.purchases()).toHaveLength(1)
  })

  it('outlasts an API that is away while it draws, without buying again', async () => {
    fake.settings.predictMs = 300
    const backend = await create()
    let faults = 8
    fake.faults.status = ({ path }) => (/predictions\/\w+$/.test(path) && faults-- > 0 ? 503 : undefined)
    expect(await backend.generate(requestFor(backend), never())).toHaveLength(1)
    expect(fake.purchases()).toHaveLength(1)
  })
})

describe('the package', () => {
  it('sends nothing twice, whatever the answer', async () => {
    const api = createApi(fake)
    for (const status of [429, 500, 503]) {
      fake.faults.status = () => status
      const before = fake.requests.length
      await expect(api.account()).rejects.toMatchObject({ status })
      await expect(api.create({ model: 'a/b' }, {}, 60)).rejects.toMatchObject({ status })
      expect(fake.requests.length - before).toBe(2)
    }
  })

  it('waits as long as the server says, in a header or in a sentence', async () => {
    const api = createApi(fake)
    fake.settings.limit = { count: 0, windowMs: 30_000 }
    const version = models[0]?.txt2img.version
    await expect(api.create({ model: 'a/b', version }, {}, 60)).rejects.toMatchObject({
      status: 429,
      retryAfterMs: 30_000,
    })
  })
})

describe('a finished picture', () => {
  it.each([
    ['another host', () => 'https://example.org/out.png'],
    ['a host that ends alike', () => 'https://evilreplicate.delivery/out.png'],
    ['a host behind a name', () => 'https://replicate.delivery@example.org/out.png'],
    ['plain http elsewhere', () => 'http://a.replicate.delivery/out.png'],
    ['another port of this machine', () => 'http://127.0.0.1:1/out.png'],
    ['a file', () => 'file:///etc/passwd'],
  ])('is not fetched from %s', async (_, output) => {
    fake.faults.output = output
    const backend = await create({ fileHosts: ['replicate.delivery', fake.fileHost] })
    const error = await errorOf(backend)
    expect(error.kind).toBe('bad-response')
    expect(error.message).toMatch(/host|address/)
  })

  it('is not followed to another host', async () => {
    fake.faults.file = (response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/out.png' }).end()
      return true
    }
    expect((await errorOf(await create())).message).toContain('REPLICATE_FILE_HOSTS')
  })

  it.each([
    ['words', Buffer.from('<html>no picture</html>'), 'not a picture'],
    ['a broken picture', Buffer.from('\x89PNG\r\n\x1a\nbroken', 'latin1'), 'damaged'],
    ['too much', Buffer.alloc(30_000_001), 'too large'],
  ])('is refused when it is %s', async (_, bytes, words) => {
    fake.faults.file = (response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(bytes)
      return true
    }
    expect((await errorOf(await create())).message).toContain(words)
  })

  it('is fetched without the key, and a WebP becomes a PNG', async () => {
    const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .webp()
      .toBuffer()
    fake.faults.file = (response) => {
      response.writeHead(200, { 'content-type': 'image/webp' }).end(webp)
      return true
    }
    const backend = await create()
    const [image] = await backend.generate(requestFor(backend), never())
    expect((await sharp(image?.png).metadata()).format).toBe('png')
    expect(image?.notes).toContain('Drawn at 64 x 64.')
    const downloads = fake.requests.filter(({ path }) => path.startsWith('/files/'))
    expect(downloads.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  it('costs what the time of its drawing costs', async () => {
    const backend = await create()
    const request = requestFor(backend)
    const [image] = await backend.generate(request, never())
    expect(image?.costUsd).toBeCloseTo(0.06 * 0.000975)
    const { usd } = backend.estimate?.({ ...request, count: 2 }) ?? { usd: 0 }
    expect(usd).toBeCloseTo(2 * (1 + 6 * 1.048_576 * 0.27) * 0.000975)
  })
})

describe('a picture to begin from', () => {
  const picture = (background: string) =>
    sharp({ create: { width: 300, height: 200, channels: 3, background } })
      .png()
      .toBuffer()

  it('is uploaded once, in the size of the request, and changes what is drawn', async () => {
    const backend = await create()
    const request = requestFor(backend, { denoisingStrength: 0.5, count: 2 })
    const from = async (background: string) =>
      await backend.generate(request, { ...never(), input: { image: await picture(background) } })
    const [red, blue] = [await from('red'), await from('blue')]
    expect(Buffer.from(red[0]?.png ?? []).equals(Buffer.from(blue[0]?.png ?? []))).toBe(false)
    expect(fake.files.size).toBe(2)
    const { width, height } = await sharp([...fake.files.values()][0]).metadata()
    expect([width, height]).toEqual([request.width, request.height])
    expect(fake.predictions[0]?.input).toMatchObject({
      prompt_strength: 0.5,
      image: expect.stringContaining('/files/') as string,
    })
  })

  it('goes to the relative of the model that can use it', async () => {
    const backend = await create()
    const request = requestFor(backend, {
      model: 'sd21',
      sampler: 'DDIM',
      width: 768,
      height: 768,
      cfgScale: 7.5,
    })
    const input = { image: await picture('red') }
    await backend.generate(request, { ...never(), input })
    await backend.generate(request, { ...never(), input: { ...input, mask: await picture('white') } })
    expect(fake.predictions.map(({ model }) => model.name)).toEqual([
      'stability-ai/stable-diffusion-img2img',
      'stability-ai/stable-diffusion-inpainting',
    ])
  })

  it('is refused by a model that cannot use it, before anything is paid', async () => {
    const backend = await create()
    const request = requestFor(backend, { model: 'flux-schnell', steps: 4, cfgScale: 1 })
    const drawing = backend.generate(request, { ...never(), input: { image: await picture('red') } })
    await expect(drawing).rejects.toMatchObject({
      kind: 'rejected',
      sentence: expect.stringContaining('cannot begin from a picture') as string,
    })
    expect(fake.requests.filter(({ method }) => method === 'POST')).toEqual([])
  })
})

describe('what is told', () => {
  it('is the cold start, after a while', async () => {
    fake.settings.coldMs = 200
    const backend = await create({ timing: { coldAfterMs: 50 } })
    const seen: Progress[] = []
    await backend.generate(requestFor(backend), { ...never(), onProgress: (progress) => seen.push(progress) })
    expect(seen.map(({ note }) => note).filter(Boolean)).toEqual([COLD_START])
    expect(seen.at(-1)).toMatchObject({ step: 6, steps: 6 })
  })

  it('is what the instructor has to mend', async () => {
    const backend = await create()
    await backend.generate(requestFor(backend), never())
    fake.faults.gone = (name) => name === 'bytedance/sdxl-lightning-4step'
    const findings = (await backend.diagnose?.(AbortSignal.timeout(5000))) ?? []
    expect(findings.map(({ ok }) => ok)).toEqual([true, true, true, false, true, true])
    expect(findings[1]?.sentence).toMatch(/^Stable Diffusion XL is there; a picture took 0\.1 s/)
    expect(findings[3]?.mend).toContain('sdxl-lightning.json')
    fake.settings.token = 'another'
    const [refused] = (await backend.diagnose?.(AbortSignal.timeout(5000))) ?? []
    expect(refused).toMatchObject({
      ok: false,
      mend: expect.stringContaining('REPLICATE_API_TOKEN') as string,
    })
    for (const { sentence } of [...findings, refused ?? { sentence: '' }])
      expect(sentence).not.toMatch(/r8_|https?:/)
    expect(backend.isUp?.()).toBe(false)
  })

  it('leaves out a model that was withdrawn', async () => {
    fake.faults.gone = (name) => name.startsWith('stability-ai/stable-diffusion')
    const backend = await create()
    expect(backend.models().map(({ id }) => id)).toEqual([
      'sdxl',
      'sdxl-lightning',
      'flux-schnell',
      'sdxl-filmstrip',
    ])
    expect((await errorOf(backend, { model: 'sd21' })).sentence).toBe(
      'Stable Diffusion 2.1 is not at Replicate any more; please choose another model.',
    )
    expect(logs.join('')).toContain('set aside')
  })

  it('finds the version of which only the first digits are known', async () => {
    const [sdxl] = models
    if (!sdxl) throw new Error('no model')
    const backend = await create({ models: [{ ...sdxl, txt2img: { ...sdxl.txt2img, version: '39ed52f2' } }] })
    await backend.generate(requestFor(backend), never())
    expect(fake.predictions[0]?.version).toMatch(/^39ed52f2\w{56}$/)
  })
})

async function eventually(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !isDone(); i += 1) await wait(10)
  expect(isDone()).toBe(true)
}

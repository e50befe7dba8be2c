/** What AUTOMATIC1111 and Forge do without a word; each test names one trap of the contract. */
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import type { GenerateContext, ImageBackend, ImageRequest, Progress } from '../../src/domain.ts'
import { diagnose } from '../../src/services/backends/auto1111/diagnose.ts'
import { createHttp } from '../../src/services/backends/auto1111/http.ts'
import { useBackend, useFake, useMachine } from '../support/useAuto1111.ts'
import { expectNoSecrets, pixelsOf, requestFor } from './backend.ts'

const never = () => ({ signal: new AbortController().signal, onProgress: () => undefined })
const draw = (
  backend: ImageBackend,
  changes: Partial<ImageRequest> = {},
  context: Partial<GenerateContext> = {},
) => backend.generate(requestFor(backend, changes), { ...never(), ...context })
const one = async (...args: Parameters<typeof draw>) => {
  const [image] = await draw(...args)
  if (image === undefined) throw new Error('no picture')
  return image
}
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const solid = (red: number) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .png()
    .toBuffer()

describe('what is replaced or ignored silently', () => {
  it('names the model that really drew when the one asked for is gone', async () => {
    const { fake, backend } = await useMachine()
    fake.models.splice(2)
    const { recipe, notes } = await one(backend, { model: 'class_watercolour' })
    expect(recipe.model).toBe('v1-5-pruned-emaonly')
    expect(notes.join()).toContain('model v1-5-pruned-emaonly: it does not have class_watercolour')
  })

  it('knows a model in a sub-folder again, which is reported by another name', async () => {
    const { backend } = await useMachine()
    const { recipe, notes } = await one(backend, { model: 'class_watercolour' })
    expect([recipe.model, notes]).toEqual(['class_watercolour', []])
  })

  it('names the sampler that was really used, and asks for none that is not listed', async () => {
    const { fake, backend } = await useMachine()
    fake.engine.forgotten.add('Heun')
    const { recipe, notes } = await one(backend, { sampler: 'Heun' })
    expect(recipe.sampler).toBe('DPM++ 2M')
    expect(notes).toContain('The machine used the sampler DPM++ 2M instead of Heun.')
    const jobs = fake.jobs().length
    await expect(draw(backend, { sampler: 'Bob Ross' })).rejects.toMatchObject({ kind: 'rejected' })
    expect(fake.jobs()).toHaveLength(jobs)
  })

  it('says when a scheduler was not used, and which one "Automatic" meant', async () => {
    const { backend } = await useMachine()
    const ddim = await one(backend, { sampler: 'DDIM', scheduler: 'Karras' })
    expect(ddim.recipe.scheduler).toBe('Automatic')
    expect(ddim.notes).toEqual(['The scheduler Karras was not used: the machine took what suits DDIM.'])
    const automatic = await one(backend, { sampler: 'DPM++ 2M', scheduler: 'Automatic' })
    expect([automatic.recipe.scheduler, automatic.notes]).toEqual(['Karras', []])
  })

  it('writes down the VAE that the machine takes for everybody', async () => {
    const { fake, backend } = await useMachine()
    fake.engine.opts['sd_vae'] = 'kl-f8-anime2.ckpt'
    const { recipe } = await one(backend)
    expect(recipe.vae).toBe('kl-f8-anime2.ckpt')
  })

  it('leaves out LoRAs, styles and VAEs that are not there, and says so', async () => {
    const { fake, backend } = await useMachine()
    const { recipe, notes } = await one(backend, {
      prompt: 'a cat <lora:typed:1>',
      loras: [
        { name: 'pixel-art', weight: 0.7 },
        { name: 'nowhere', weight: 1 },
      ],
      styles: ['poster', 'lost'],
      vae: 'gone.pt',
    })
    expect(recipe).toMatchObject({ loras: [{ name: 'pixel-art', weight: 0.7 }], styles: ['poster'] })
    expect(recipe).not.toHaveProperty('vae')
    expect(notes.map((note) => /"(.*)"/.exec(note)?.[1])).toEqual(['nowhere', 'lost', 'gone.pt', 'typed'])
    expect(fake.jobs()[0]).toMatchObject({
      prompt: 'a cat <lora:typed:1> <lora:pixel-art:0.7>',
      styles: ['poster'],
    })
  })

  it('leaves out the grid before the pictures and the maps after them', async () => {
    const { fake, backend } = await useMachine()
    const plain = await draw(backend, { count: 2 })
    fake.fail({ kind: 'grid' })
    const withGrid = await draw(backend, { count: 2 })
    expect(withGrid.map(({ png }) => Buffer.from(png).toString('base64'))).toEqual(
      plain.map(({ png }) => Buffer.from(png).toString('base64')),
    )
  })

  it('says that a picture came out all black', async () => {
    const { fake, backend } = await useMachine()
    fake.fail({ kind: 'black' })
    expect((await one(backend)).notes.join()).toContain('all black')
  })

  it('says that somebody on the web page stopped it, when the answer is 200 as ever', async () => {
    const { fake, backend } = await useMachine({ msPerStep: 20 })
    const drawing = draw(backend, { count: 3, steps: 20 })
    await vi.waitFor(() => expect(fake.engine.state.job_no).toBe(1))
    await fetch(`${fake.url}/sdapi/v1/interrupt`, { method: 'POST' })
    const images = await drawing
    expect(images).toHaveLength(2)
    expect(images[0]?.notes).toEqual(['Only 2 of 3 pictures came back from the machine.'])
    expect(images[1]?.notes.join()).toContain('Somebody stopped the drawing')
    expect((await one(backend)).notes).toEqual([])
  })
})

describe('the request', () => {
  it('says everything that has another default on the machine', async () => {
    const { fake, backend } = await useMachine()
    await draw(backend, { steps: 7, vae: 'kl-f8-anime2.ckpt', refiner: 'sd_xl_base_1.0', count: 2 })
    expect(fake.jobs()[0]).toMatchObject({
      steps: 7,
      n_iter: 2,
      batch_size: 1,
      save_images: false,
      refiner_checkpoint: 'sd_xl_base_1.0',
      override_settings: {
        sd_model_checkpoint: 'v1-5-pruned-emaonly',
        sd_vae: 'kl-f8-anime2.ckpt',
        show_progress_every_n_steps: 1,
        live_previews_image_format: 'webp',
      },
    })
  })

  it('names a VAE to Forge by its file', async () => {
    const { fake, backend } = await useMachine({ program: 'forge' })
    await draw(backend, { vae: 'kl-f8-anime2.ckpt' })
    const { override_settings: settings } = fake.jobs()[0] as { override_settings: object }
    expect(settings).toMatchObject({
      forge_additional_modules: ['C:\\webui\\models\\VAE\\kl-f8-anime2.ckpt'],
    })
    expect(settings).not.toHaveProperty('sd_vae')
  })

  it('counts the variation seed up, and each picture can be drawn again alone', async () => {
    const { backend } = await useMachine()
    const images = await draw(backend, { count: 2, variationSeed: 5, variationStrength: 0.3 })
    expect(images.map(({ recipe }) => [recipe.seed, recipe.variationSeed])).toEqual([
      [7, 5],
      [7, 6],
    ])
    const alone = await pixelsOf(backend, { ...requestFor(backend), ...images[1]?.recipe })
    expect(alone.equals(await sharp(images[1]?.png).raw().toBuffer())).toBe(true)
  })

  it('goes on at seed 0 after the largest, where the machine would count on', async () => {
    const { fake, backend } = await useMachine({}, { timing: { pollMs: 5, patienceMs: 0 } })
    const seen: Progress[] = []
    const images = await draw(backend, { seed: 2 ** 32 - 1, count: 3 }, { onProgress: (p) => seen.push(p) })
    expect(images.map(({ recipe }) => recipe.seed)).toEqual([2 ** 32 - 1, 0, 1])
    expect(fake.jobs().map(({ seed, n_iter: count }) => [seed, count])).toEqual([
      [2 ** 32 - 1, 1],
      [0, 2],
    ])
    expect(seen.at(-1)?.pictureIndex).toBe(2)
    const places = seen.map(({ pictureIndex, step, steps }) => pictureIndex + step / steps)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  it('begins from a picture and a mask, and keeps to the strength that was used', async () => {
    const { fake, backend } = await useMachine()
    const input = { image: await solid(200), mask: await solid(255) }
    const image = await one(backend, {}, { input })
    expect(image.recipe.denoisingStrength).toBe(0.75)
    expect(fake.requests.some(({ path }) => path === '/sdapi/v1/img2img')).toBe(true)
    expect(fake.jobs()[0]).toMatchObject({
      init_images: [input.image.toString('base64')],
      mask: input.mask.toString('base64'),
      inpainting_fill: 1,
      inpaint_full_res: false,
    })
    const other = await one(backend, {}, { input: { image: await solid(10) } })
    expect(Buffer.from(other.png).equals(Buffer.from(image.png))).toBe(false)
  })

  it('scales up with hires fix, and the recipe keeps the size it began with', async () => {
    const { backend } = await useMachine()
    const hires = { scale: 1.5, upscaler: 'R-ESRGAN 4x+', denoisingStrength: 0.4 }
    const image = await one(backend, { hires })
    expect([image.width, image.recipe.width, image.recipe.hires, image.notes]).toEqual([768, 512, hires, []])
  })
})

describe('progress', () => {
  for (const noWebUi of [false, true]) {
    const how = noWebUi ? 'without task ids (--nowebui)' : 'by its task id'
    it(`keeps at most twelve small previews a picture, ${how}`, async () => {
      const { backend } = await useMachine({ msPerStep: 12, noWebUi })
      const images = await draw(backend, { steps: 30, count: 2 })
      for (const { seen } of images) {
        expect(seen).toMatchObject({ kind: 'guess', steps: 30 })
        expect(seen?.frames.length).toBeGreaterThan(4)
        expect(seen?.frames.length).toBeLessThanOrEqual(12)
        const steps = seen?.frames.map(({ step }) => step) ?? []
        expect(steps.at(-1)).toBeGreaterThan(24)
        expect(steps).toEqual([...new Set(steps)].toSorted((a, b) => a - b))
        for (const { image } of seen?.frames ?? []) {
          const { format, width } = await sharp(image).metadata()
          expect([format, width <= 256]).toEqual(['webp', true])
        }
      }
    })

    it(`takes the progress of another's job for nobody's, and stops only its own, ${how}`, async () => {
      const { fake, backend } = await useMachine({ msPerStep: 10, noWebUi })
      const release = fake.engine.holdLock()
      const abort = new AbortController()
      const seen: Progress[] = []
      const reason = new Error('enough')
      const drawing = failure(
        draw(backend, { steps: 100 }, { signal: abort.signal, onProgress: (p) => seen.push(p) }),
      )
      await vi.waitFor(() => expect(fake.engine.tasks.pending.size).toBe(1))
      await wait(50)
      const start = performance.now()
      abort.abort(reason)
      expect(await drawing).toBe(reason)
      expect(performance.now() - start).toBeLessThan(500)
      const next = draw(backend, { seed: 99 })
      await wait(50)
      expect(seen).toEqual([])
      expect(fake.engine.state.interrupted).toBe(false)
      // The next one waits in the bot, not on the machine.
      expect(fake.jobs()).toHaveLength(1)
      release()
      expect((await next)[0]?.notes).toEqual([])
      expect(fake.requests.filter(({ path }) => path === '/sdapi/v1/interrupt').length).toBeGreaterThan(0)
      expect(fake.engine.waitingAtMost()).toBe(1)
    })
  }

  it('stops what a bot that died left running, and nothing else', async () => {
    const { fake, backend } = await useMachine({ msPerStep: 20 })
    let reference: string | undefined
    await draw(backend, { steps: 1 }, { remember: (given) => void (reference = given) })
    const leftOver = { prompt: 'left over', steps: 150, force_task_id: reference }
    const body = JSON.stringify(leftOver)
    const headers = { 'content-type': 'application/json' }
    const orphan = fetch(`${fake.url}/sdapi/v1/txt2img`, { method: 'POST', headers, body })
    await vi.waitFor(() => expect(fake.engine.tasks.current).toBe(reference))
    await draw(backend, { steps: 1 }, { resume: 'task(another)' }).catch(() => undefined)
    await orphan
    const interrupts = () => fake.requests.filter(({ path }) => path === '/sdapi/v1/interrupt').length
    expect(interrupts()).toBe(0)
    const second = fetch(`${fake.url}/sdapi/v1/txt2img`, { method: 'POST', headers, body })
    await vi.waitFor(() => expect(fake.engine.tasks.current).toBe(reference))
    await draw(backend, { steps: 1 }, { resume: String(reference) })
    expect(interrupts()).toBe(1)
    await second
  })

  it('says why nothing happens: somebody else draws there, or a model is loaded', async () => {
    const timing = { pollMs: 5, patienceMs: 30 }
    const { fake, backend } = await useMachine({ msPerStep: 150 }, { timing })
    const release = fake.engine.holdLock()
    const seen: Progress[] = []
    const drawing = draw(backend, {}, { onProgress: (progress) => seen.push(progress) })
    await vi.waitFor(() => expect(seen).toHaveLength(1))
    release()
    await drawing
    const notes = seen.filter(({ note }) => note !== undefined)
    expect(notes.map(({ step, note }) => [step, note])).toEqual([
      [0, expect.stringContaining('busy with somebody else')],
      [0, expect.stringContaining('getting ready')],
    ])
    expect(seen.at(-1)?.step).toBeGreaterThan(1)
  })

  it('sends one job at a time, however many are asked for', async () => {
    const { fake, backend } = await useMachine()
    await Promise.all([1, 2, 3, 4].map((seed) => draw(backend, { seed })))
    expect(fake.engine.waitingAtMost()).toBe(1)
  })
})

const message = 'C:\\webui\\models\\x.py of a student: a red heart http://10.0.0.7/ CUDA'
const faults: [string, string, string, RegExp][] = [
  [
    'OutOfMemoryError',
    `${message} out of memory. Tried to allocate 2.00 GiB`,
    'out-of-memory',
    /smaller size/,
  ],
  ['OutOfMemoryError', 'Allocation on device', 'out-of-memory', /smaller size/],
  ['NansException', 'A tensor with all NaNs was produced in Unet.', 'bad-response', /another model or size/],
  [
    'AttributeError',
    "'NoneType' object has no attribute 'lowvram'",
    'bad-response',
    /could not load this model/,
  ],
  ['RuntimeError', message, 'bad-response', /tell your instructor/],
]

describe('errors', () => {
  for (const program of ['a1111', 'forge'] as const) {
    it(`puts what ${program} raises into words, without paths and prompts`, async () => {
      const { fake, backend } = await useMachine({ program })
      for (const [error, text, kind, words] of faults) {
        fake.fail({ kind: 'raise', error, message: text, step: 2 })
        const thrown = await failure(draw(backend))
        expect(thrown).toMatchObject({ kind, sentence: expect.stringMatching(words) as string })
        expectNoSecrets(thrown)
        expect(String(thrown)).not.toMatch(/student|red heart|10\.0\.0\.7/)
      }
      // /internal/progress calls the job that raised active until the next one; the answer counts.
      expect(fake.engine.tasks.current).toBeDefined()
      expect(await draw(backend)).toHaveLength(1)
      expect(backend.isUp?.()).toBe(true)
    })
  }

  const answers: [string, { body: string; status?: number; headers?: Record<string, string> }, object][] = [
    ['not JSON', { body: '<html>' }, { kind: 'bad-response' }],
    ['without pictures', { body: '{"images":[],"info":"{}"}' }, { kind: 'bad-response' }],
    ['without info', { body: '{"images":["aGk="]}' }, { kind: 'bad-response' }],
    ['not a picture', { body: '{"images":["aGk="],"info":"{}"}' }, { kind: 'bad-response' }],
    [
      '422',
      { status: 422, body: '{"detail":[{"loc":["body","steps"],"msg":"a red heart"}]}' },
      { kind: 'rejected', message: 'it does not accept these fields: steps' },
    ],
    [
      '429',
      { status: 429, body: '', headers: { 'retry-after': '3' } },
      { kind: 'rate-limited', retryAfterMs: 3000 },
    ],
    ['401', { status: 401, body: '{"detail":"Incorrect username or password"}' }, { kind: 'unavailable' }],
    ['502', { status: 502, body: 'Bad gateway' }, { kind: 'unavailable' }],
    [
      'a fork that checks the model',
      { status: 404, body: '{"detail":"Model not found"}' },
      { kind: 'rejected' },
    ],
    [
      'a broken graphics card',
      { status: 500, body: '{"error":"RuntimeError","errors":"CUDA error: device-side assert triggered"}' },
      { kind: 'unavailable' },
    ],
    [
      'a redirect',
      { status: 301, body: '', headers: { location: 'https://elsewhere/' } },
      { kind: 'bad-response' },
    ],
    [
      'that of a machine without --api',
      { status: 404, body: '{"detail":"Not Found"}' },
      { kind: 'unavailable' },
    ],
  ]
  for (const [name, answer, expected] of answers) {
    it(`knows an answer that is ${name}`, async () => {
      const { fake, backend } = await useMachine()
      fake.fail({ kind: 'answer', ...answer })
      const thrown = await failure(draw(backend))
      expect(thrown).toMatchObject(expected)
      expectNoSecrets(thrown)
    })
  }

  it('knows half a picture, and one that would fill the memory when it is unpacked', async () => {
    const { fake, backend } = await useMachine()
    const whole = await sharp({ create: { width: 5000, height: 4000, channels: 3, background: 'black' } })
      .png()
      .toBuffer()
    for (const picture of [(await solid(9)).subarray(0, -40), whole]) {
      fake.fail({
        kind: 'answer',
        body: JSON.stringify({ images: [picture.toString('base64')], info: '{}' }),
      })
      expect(await failure(draw(backend))).toMatchObject({ kind: 'bad-response' })
    }
  })

  it('notices a machine that falls silent in the middle of a picture', async () => {
    const timing = { pollMs: 5, lookMs: 50, silenceMs: 200 }
    const { fake, backend } = await useMachine({}, { timing })
    fake.fail({ kind: 'hang', step: 3 })
    await expect(draw(backend)).rejects.toMatchObject({ kind: 'timeout' })
  })

  it('notices a crash at once, offers its models still, and draws again when the machine is back', async () => {
    const { fake, backend } = await useMachine()
    fake.fail({ kind: 'crash', step: 3 })
    const thrown = await failure(draw(backend))
    expect(thrown).toMatchObject({ kind: 'unavailable' })
    expectNoSecrets(thrown)
    expect(backend.isUp?.()).toBe(false)
    expect(backend.models()).toHaveLength(3)
    await useFake({ port: Number(new URL(fake.url).port) })
    await vi.waitFor(() => expect(backend.isUp?.()).toBe(true), 3000)
    expect(await draw(backend)).toHaveLength(1)
  })
})

describe('setting it up', () => {
  it('starts without a machine that is off, and finds it when it comes', async () => {
    const gone = await useFake()
    await gone.close()
    const start = performance.now()
    const backend = await useBackend(gone.url)
    expect(performance.now() - start).toBeLessThan(3000)
    expect([backend.models(), backend.isUp?.()]).toEqual([[], false])
    expect(await backend.diagnose?.(new AbortController().signal)).toMatchObject([
      { ok: false, mend: expect.stringContaining('--listen') as string },
    ])
    await useFake({ port: Number(new URL(gone.url).port) })
    await vi.waitFor(() => expect(backend.isUp?.()).toBe(true), 3000)
    expect(backend.models()[0]?.id).toBe('v1-5-pruned-emaonly')
  })

  it('waits a short time only for a machine that accepts and never answers', async () => {
    const fake = await useFake()
    fake.hang()
    const start = performance.now()
    const backend = await useBackend(fake.url, { firstLookMs: 100 })
    expect(performance.now() - start).toBeLessThan(1000)
    expect(backend.isUp?.()).toBe(false)
  })

  const wrong: [string, Parameters<typeof useFake>[0], RegExp][] = [
    ['no --api', { api: false }, /Add --api/],
    ['SD.Next', { program: 'sdnext' }, /AUTOMATIC1111 or Forge/],
    ['stable-diffusion.cpp', { program: 'sdcpp' }, /AUTOMATIC1111 or Forge/],
    ['a wrong password', { auth: 'bot:right' }, /user and password/],
  ]
  for (const [name, options, mend] of wrong) {
    it(`says how to mend it when there is ${name}, with no address and no password`, async () => {
      const fake = await useFake(options)
      const backend = await useBackend(fake.url.replace('//', '//bot:sesame@'))
      expect([backend.isUp?.(), backend.models()]).toEqual([false, []])
      const findings = (await backend.diagnose?.(new AbortController().signal)) ?? []
      const bad = findings.filter(({ ok }) => !ok)
      expect(bad).toMatchObject([{ mend: expect.stringMatching(mend) as string }])
      const thrown = await failure(backend.generate({ ...asked, count: 1 }, never()))
      expect(thrown).toMatchObject({ kind: 'unavailable' })
      expect(JSON.stringify(findings) + String(thrown)).not.toMatch(/sesame|127\.0\.0\.1/)
    })
  }

  it('tells an address with https that speaks http from a machine that is off', async () => {
    const fake = await useFake()
    const backend = await useBackend(fake.url.replace('http:', 'https:'))
    const findings = (await backend.diagnose?.(new AbortController().signal)) ?? []
    expect(findings).toMatchObject([{ ok: false, mend: expect.stringContaining('http://') as string }])
  })

  it('finds nothing wrong with a good machine, and says how fast it is once it has drawn', async () => {
    const { backend } = await useMachine({ program: 'forge', auth: 'bot:sesame', subpath: '/sd' })
    await draw(backend)
    const findings = (await backend.diagnose?.(new AbortController().signal)) ?? []
    const text = findings.map(({ sentence }) => sentence).join('\n')
    expect(findings.every(({ ok }) => ok)).toBe(true)
    for (const words of ['Forge f2.0.1v1.10.1', '3 models', '2 LoRAs', 'of 20 steps'])
      expect(text).toContain(words)
    expect(text).not.toMatch(/sesame|127\.0\.0\.1/)
  })

  it('warns of a machine in the network that asks for no password', async () => {
    const { url } = await useFake()
    const look = (address: string) =>
      diagnose(
        {
          id: 'auto1111-1',
          address,
          call: createHttp(url),
          memory: { version: undefined, msPerStep: undefined },
          known: () => undefined,
        },
        new AbortController().signal,
      )
    const bad = async (address: string) => (await look(address)).filter(({ ok }) => !ok)
    expect(await bad('http://lab-pc:7860')).toMatchObject([
      { mend: expect.stringContaining('--api-auth') as string },
    ])
    expect(await bad('http://bot:sesame@lab-pc:7860')).toEqual([])
    expect(await bad('http://127.0.0.1:7860')).toEqual([])
  })

  it('finds new models by itself, but leaves a machine alone that draws', async () => {
    const pauses = { refreshMs: 20, firstRetryMs: 20, longestRetryMs: 50 }
    const { fake, backend } = await useMachine({ msPerStep: 20 }, { pauses })
    const [first] = fake.models
    if (first === undefined) throw new Error('no model')
    fake.models.push({ ...first, title: 'new', model_name: 'new', hash: null })
    await vi.waitFor(() => expect(backend.models().map(({ id }) => id)).toContain('new'))
    const drawing = draw(backend, { steps: 20 })
    await vi.waitFor(() => expect(fake.engine.state.sampling_step).toBeGreaterThan(2))
    const looks = () => fake.requests.filter(({ path }) => path === '/sdapi/v1/sd-models').length
    const before = looks()
    await vi.waitFor(() => expect(fake.engine.state.sampling_step).toBeGreaterThan(15))
    expect(looks()).toBe(before)
    await drawing
    await vi.waitFor(() => expect(looks()).toBeGreaterThan(before))
  })

  it('draws on versions before 1.9, which have no schedulers', async () => {
    const { backend } = await useMachine({ isOld: true })
    expect(backend.models()[0]?.schedulers.map(({ id }) => id)).toEqual(['Automatic'])
    expect(await draw(backend)).toHaveLength(1)
  })
})

const asked = {
  model: 'm',
  prompt: 'p',
  negativePrompt: '',
  seed: 1,
  steps: 1,
  cfgScale: 7,
  sampler: 'Euler',
  scheduler: 'Automatic',
  width: 512,
  height: 512,
}

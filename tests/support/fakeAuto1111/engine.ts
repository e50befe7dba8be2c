/**
 * The drawing part of the fake: one global lock in order of arrival, tasks, silent replacements and the global interrupt,
 * as in auto1111 contract, sections 4 to 9.
 */
import { setTimeout as wait } from 'node:timers/promises'
import sharp, { type Sharp } from 'sharp'
import { faceRun, type FakeFaces } from './faces.ts'
import { draw, hashOf } from './pictures.ts'
import { loras, options, samplers, schedulers, upscalers, latentModes, type FakeModel } from './lists.ts'

type Fields = Record<string, unknown>

/** What goes wrong with the next job. */
export type Fault =
  | { kind: 'raise'; error: string; message: string; step?: number }
  | { kind: 'crash'; step: number }
  | { kind: 'hang'; step: number }
  | { kind: 'grid' }
  | { kind: 'black' }
  | { kind: 'answer'; body: string; status?: number; headers?: Record<string, string> }

export class Raised extends Error {
  readonly python: string
  readonly status: number
  constructor(python: string, message: string, status = 500) {
    super(message)
    this.python = python
    this.status = status
  }
}

export type EngineOptions = { models: FakeModel[]; msPerStep: number; isForge: boolean; faces: FakeFaces }

export function createEngine(settings: EngineOptions) {
  const state = {
    job: '',
    job_count: 0,
    job_no: 0,
    sampling_step: 0,
    sampling_steps: 0,
    interrupted: false,
    job_timestamp: '0',
  }
  const tasks = {
    current: undefined as string | undefined,
    pending: new Set<string>(),
    finished: [] as string[],
  }
  const opts = options(settings.models[0]?.title ?? '')
  const preview = { id: 0, step: -1, image: undefined as Buffer | undefined }
  const faults: Fault[] = []
  /** Samplers and schedulers that it still lists but does not have any more. */
  const forgotten = new Set<string>()
  const { promise: never } = Promise.withResolvers<never>()
  let loaded = settings.models[0]
  let turn: Promise<unknown> = Promise.resolve()
  let working: object = {}
  let crash: () => void = () => undefined
  let hang: () => void = () => undefined
  /** Jobs that were in work at the same time, at most: 1 for a client that queues itself. */
  let waitingAtMost = 0

  function generate(body: Fields, isImg2img: boolean): Promise<string> {
    const id =
      typeof body['force_task_id'] === 'string'
        ? body['force_task_id']
        : `task(${hashOf(String(Math.random()))})`
    tasks.pending.add(id)
    waitingAtMost = Math.max(waitingAtMost, tasks.pending.size)
    const mine = turn.then(() => run(id, body, isImg2img))
    turn = mine.catch(() => undefined)
    return mine
  }

  async function run(id: string, body: Fields, isImg2img: boolean): Promise<string> {
    Object.assign(state, {
      interrupted: false,
      job: 'scripts_txt2img',
      job_count: -1,
      job_no: 0,
      sampling_step: 0,
    })
    state.job_timestamp = String(Date.now())
    tasks.current = id
    tasks.pending.delete(id)
    const before = { ...opts }
    try {
      const answer = await process(body, isImg2img)
      // Not in `finally`: a job that raises is "active" until the next one (section 7).
      tasks.current = undefined
      tasks.finished = [...tasks.finished, id].slice(-16)
      return answer
    } finally {
      Object.assign(opts, before)
      Object.assign(state, { job: '', job_count: 0 })
    }
  }

  async function process(body: Fields, isImg2img: boolean): Promise<string> {
    const fault = faults.shift()
    if (isImg2img && !Array.isArray(body['init_images']))
      throw new Raised('HTTPException', 'Init image not found', 404)
    override((body['override_settings'] ?? {}) as Fields)
    const asked = read(body, isImg2img)
    const per = asked.enableHr ? 2 : 1
    Object.assign(state, { job_count: asked.count * per, sampling_steps: asked.samplingSteps })
    const pictures: Buffer[] = []
    for (let i = 0; i < asked.count && !state.interrupted; i += 1) {
      working = asked.parameters(i)
      const parameters = working
      const size = { width: asked.width * asked.scale, height: asked.height * asked.scale }
      const encode = (image: Sharp) => (fault?.kind === 'black' ? image.linear(0, 0) : image).png().toBuffer()
      // Encoded meanwhile, so that a picture takes its steps and nothing more.
      const whole = encode(draw({ parameters, done: 1, ...size }))
      for (let pass = 0; pass < per; pass += 1) {
        state.job_no = i * per + pass
        await sample(fault)
      }
      const done = state.interrupted ? state.sampling_step / Math.max(1, state.sampling_steps) : 1
      const faces = isImg2img ? await faceRun(body, settings.faces, state.interrupted) : undefined
      if (faces) pictures.push(await encode(sharp(faces)))
      else pictures.push(done === 1 ? await whole : await encode(draw({ parameters, done, ...size })))
    }
    if (fault?.kind === 'grid') {
      const grid = await draw({ parameters: { grid: true }, done: 1, width: 64, height: 64 })
        .png()
        .toBuffer()
      pictures.unshift(grid)
      pictures.push(grid)
    }
    return JSON.stringify({
      images: pictures.map((picture) => picture.toString('base64')),
      parameters: body,
      info: JSON.stringify({
        ...asked.info(pictures.length),
        index_of_first_image: fault?.kind === 'grid' ? 1 : 0,
      }),
    })
  }

  async function sample(fault: Fault | undefined): Promise<void> {
    Object.assign(preview, { step: -1 })
    const begun = performance.now()
    for (let step = 0; step < state.sampling_steps; step += 1) {
      if (state.interrupted) return
      state.sampling_step = step
      if (fault && 'step' in fault && (fault.step ?? 0) === step) await happen(fault)
      // By the clock: every timer is a little late, and twenty steps of 50 ms would take longer than a second.
      const dueAt = begun + (step + 1) * settings.msPerStep
      if (settings.msPerStep > 0) await wait(Math.max(0, Math.ceil(dueAt - performance.now())))
    }
    state.sampling_step = state.sampling_steps
  }

  async function happen(fault: Fault): Promise<void> {
    if (fault.kind === 'raise') throw new Raised(fault.error, fault.message)
    if (fault.kind === 'crash') crash()
    if (fault.kind === 'hang') hang()
    await never
  }

  function override(changes: Fields): void {
    for (const key of Object.keys(changes)) if (!(key in opts)) throw new Raised('KeyError', `'${key}'`)
    const wanted = changes['sd_model_checkpoint']
    const found = settings.models.find((one) =>
      [one.title, one.model_name, one.hash, one.title.split(' [')[0]].includes(wanted as string),
    )
    // An unknown checkpoint is dropped without a word (section 6).
    if (found) loaded = found
    Object.assign(opts, changes, { sd_model_checkpoint: loaded?.title })
  }

  function read(body: Fields, isImg2img: boolean) {
    const number = (key: string, usual: number) => (typeof body[key] === 'number' ? body[key] : usual)
    const text = (key: string, usual: string) => (typeof body[key] === 'string' ? body[key] : usual)
    const known = samplers.find(({ name }) => name === body['sampler_name'] && !forgotten.has(name))
    const sampler = known?.name ?? 'DPM++ 2M'
    const asked = schedulers.find(
      ({ label, name }) => label === body['scheduler'] || name === body['scheduler'],
    )
    const label =
      asked === undefined || asked.label === 'Automatic'
        ? sampler === 'DPM++ 2M'
          ? 'Karras'
          : undefined
        : asked.label
    // DDIM has steps of its own and takes no schedule.
    const scheduler = sampler === 'DDIM' ? undefined : label
    const steps = number('steps', 50)
    const random = () => Math.floor(Math.random() * 4294967294)
    const seed = number('seed', -1) === -1 ? random() : number('seed', -1)
    const subseed = number('subseed', -1) === -1 ? random() : number('subseed', -1)
    const strength = number('subseed_strength', 0)
    const count = number('n_iter', 1) * number('batch_size', 1)
    const enableHr = body['enable_hr'] === true
    const upscaler = text('hr_upscaler', 'Latent')
    if (enableHr && ![...upscalers, ...latentModes].some(({ name }) => name === upscaler))
      throw new Raised('Exception', `could not find upscaler named ${upscaler}`)
    const denoising = number('denoising_strength', 0.75)
    const prompt = text('prompt', '')
    const tags = [...prompt.matchAll(/<lora:([^:>]+):([^>]+)>/g)]
    const usedLoras = tags
      .filter(([, name]) => loras.some((one) => one.name === name || one.alias === name))
      .map(([tag]) => tag)
    const all = (first: number, rises: boolean) =>
      Array.from({ length: count }, (_, i) => first + (rises ? i : 0))
    const seeds = all(seed, strength === 0)
    const subseeds = all(subseed, true)
    const stem = loaded?.filename.split('\\').at(-1)?.replace('.safetensors', '')
    const floor = (key: string) => Math.floor(number(key, 512) / 8) * 8
    return {
      count,
      width: floor('width'),
      height: floor('height'),
      scale: enableHr ? number('hr_scale', 2) : 1,
      enableHr,
      samplingSteps: isImg2img ? Math.floor(Math.min(denoising, 0.999) * steps) + 1 : steps,
      parameters: (i: number) => ({
        prompt: prompt.replaceAll(/<lora:[^>]+>/g, '').trim(),
        negative: body['negative_prompt'] ?? '',
        styles: body['styles'] ?? [],
        usedLoras,
        seed: seeds[i],
        variation: strength > 0 ? [subseeds[i], strength] : [],
        steps,
        cfg: number('cfg_scale', 7),
        sampler,
        scheduler,
        model: loaded?.model_name,
        vae: settings.isForge ? opts['forge_additional_modules'] : opts['sd_vae'],
        refiner: body['refiner_checkpoint'],
        hires: enableHr ? [upscaler, denoising] : [],
        input: isImg2img
          ? [hashOf(String(body['init_images'])), hashOf(String(body['mask'])), denoising]
          : [],
      }),
      info: (images: number) => ({
        prompt,
        seed: seeds[0],
        all_seeds: seeds,
        subseed: subseeds[0],
        all_subseeds: subseeds,
        subseed_strength: strength,
        width: number('width', 512),
        height: number('height', 512),
        sampler_name: sampler,
        cfg_scale: number('cfg_scale', 7),
        steps,
        batch_size: 1,
        sd_model_name: stem,
        sd_model_hash: loaded?.hash ?? null,
        sd_vae_name: opts['sd_vae'] === 'Automatic' ? null : opts['sd_vae'],
        sd_vae_hash: null,
        denoising_strength: isImg2img || enableHr ? denoising : null,
        extra_generation_params: scheduler === undefined ? {} : { 'Schedule type': scheduler },
        infotexts: Array.from({ length: images }, () => prompt),
        job_timestamp: state.job_timestamp,
        version: settings.isForge ? 'f2.0.1v1.10.1' : 'v1.10.1',
      }),
    }
  }

  const progress = () => {
    if (state.job_count <= 0) return 0
    const part = state.sampling_steps > 0 ? state.sampling_step / state.sampling_steps : 0
    return Math.min(1, (state.job_no + part) / state.job_count)
  }

  /** Decoded by whoever polls, when enough steps have passed (section 7). */
  async function currentImage(format: string): Promise<{ id: number; image: Buffer | undefined }> {
    if (opts['live_previews_enable'] !== true || state.job_count <= 0)
      return { id: preview.id, image: undefined }
    const every = opts['show_progress_every_n_steps'] as number
    if (preview.step === -1 || state.sampling_step - preview.step >= every) {
      Object.assign(preview, { step: state.sampling_step, id: preview.id + 1 })
      const done = (state.sampling_step + 1) / (state.sampling_steps + 1)
      const picture = draw({ parameters: working, done, width: 64, height: 64 })
      preview.image = await picture.toFormat(format === 'webp' ? 'webp' : 'png').toBuffer()
    }
    return { id: preview.id, image: preview.image }
  }

  return {
    state,
    tasks,
    opts,
    faults,
    forgotten,
    generate,
    progress,
    currentImage,
    waitingAtMost: () => waitingAtMost,
    loaded: () => loaded,
    /** A worker of the web page holds the lock until the returned function is called. */
    holdLock(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      const hold = async (before: Promise<unknown>) => {
        await before
        Object.assign(state, { interrupted: false, job: 'scripts_txt2img', job_count: 1, job_no: 0 })
        Object.assign(state, { sampling_step: 3, sampling_steps: 20 })
        tasks.current = 'task(somebody-on-the-web-page)'
        await promise
        tasks.current = undefined
        Object.assign(state, { job: '', job_count: 0 })
      }
      turn = hold(turn)
      return resolve
    },
    onCrash: (does: () => void) => void (crash = does),
    onHang: (does: () => void) => void (hang = does),
  }
}

export type Engine = ReturnType<typeof createEngine>

/** Replicate as a backend: many models for money, on machines of other people. */
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import type { GeneratedImage, GenerateContext, ImageBackend, ImageRequest } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import { createApi, type Api } from './api.ts'
import { diagnose } from './diagnose.ts'
import { drawOne } from './drawOne.ts'
import { backendErrorOf, heldBack } from './errors.ts'
import { faceEngineOf, swapOne, type FaceModel } from './faces.ts'
import { createGate } from './gate.ts'
import { createHealth } from './health.ts'
import { orderOf, recipeOf, type InputFiles, relativeRun } from './input.ts'
import { estimateOf, infoOf } from './modelInfo.ts'
import type { Studio } from './paidFor.ts'
import { createProbe } from './probe.ts'
import { createReporter } from './progress.ts'
import { readReference } from './reference.ts'
import type { ReplicateModel } from './registry.ts'
import { endsOf } from './workflow.ts'

const ID = 'replicate'
const LANES = 4
const CLOSE_MS = 3000
const CANCEL_ATTEMPTS = 4

export type Timing = {
  pollMs: number
  maxPollMs: number
  patienceMs: number
  coldAfterMs: number
  settleMs: number
  jitterMs: number
  maxWaitMs: number
  /** How long the start waits to learn which models are still there. */
  probeMs: number
}

const usualTiming: Timing = {
  pollMs: 1000,
  maxPollMs: 5000,
  patienceMs: 120_000,
  coldAfterMs: 8000,
  settleMs: 1000,
  jitterMs: 1000,
  maxWaitMs: 300_000,
  probeMs: 4000,
}

export type ReplicateOptions = {
  token: string
  apiUrl: string
  fileHosts: readonly string[]
  models: readonly ReplicateModel[]
  faceModels?: readonly FaceModel[]
  jobTimeoutSeconds: number
  log: Log
  timing?: Partial<Timing>
}

/** The backend; it resolves when it is known which models are there, or soon after when Replicate does not answer. */
export async function createReplicate(options: ReplicateOptions): Promise<ImageBackend> {
  const { models, faceModels = [], log, jobTimeoutSeconds } = options
  const timing = { ...usualTiming, ...options.timing }
  const api = createApi(options)
  const probe = createProbe(api)
  const health = createHealth()
  const closing = new AbortController()
  const background = new Set<Promise<unknown>>()
  /** Models that were withdrawn, with the sentence that says so. */
  const gone = new Map<string, string>()

  function inBackground(work: Promise<unknown>): void {
    const done = work.catch(() => log.warn('a prediction that nobody waits for may go on at Replicate'))
    background.add(done)
    void done.finally(() => background.delete(done))
  }

  const studio: Studio = {
    shop: {
      api,
      gate: createGate({ width: LANES, jitterMs: timing.jitterMs }),
      claimed: new Set(),
      // Replicate stops what we have given up, also when nobody is there to cancel it.
      cancelAfterSeconds: jobTimeoutSeconds,
      maxWaitMs: timing.maxWaitMs,
      settleMs: timing.settleMs,
    },
    probe,
    polling: {
      firstMs: timing.pollMs,
      maxMs: timing.maxPollMs,
      patienceMs: timing.patienceMs,
      // A little after Replicate's own, which says more.
      deadlineMs: (jobTimeoutSeconds + 15) * 1000,
    },
    fileHosts: options.fileHosts,
    cancel: (id) => inBackground(cancelForSure(api, id)),
    measured: (model, prediction) => health.measured(model, prediction),
  }

  async function lookAtModels(): Promise<void> {
    const signal = AbortSignal.timeout(timing.probeMs)
    await Promise.all(
      models.map(async (model) => {
        const state = await probe.stateOf(model, signal)
        if (state.kind === 'gone') {
          gone.set(model.id, state.sentence)
          log.warn({ model: model.id }, 'the model is not at Replicate any more; it is set aside')
        } else if (state.kind === 'unknown' && state.fault) {
          health.failed(state.fault)
          log.warn({ model: model.id, err: state.fault }, 'the model could not be looked up')
        } else if (state.kind === 'there' && state.unknownInputs.length > 0) {
          log.warn({ model: model.id, inputs: state.unknownInputs }, 'the model does not know these inputs')
        }
      }),
    )
  }

  async function draw(request: ImageRequest, context: GenerateContext): Promise<GeneratedImage[]> {
    const { signal } = context
    const model = modelOf(request.model)
    const recipes = Array.from({ length: request.count }, (_, index) => recipeOf(request, index))
    // Everything is checked before the first cent is spent.
    for (const recipe of recipes)
      orderOf(model, recipe, context.input && { image: '', mask: context.input.mask && '' })
    const reference = readReference(context.resume)
    for (const id of Object.values(reference.predictions)) studio.shop.claimed.add(id)
    const save = () => context.remember?.(JSON.stringify(reference))
    let uploads: Promise<InputFiles | undefined> | undefined
    const files = () => (uploads ??= upload(request, context.input))

    const images: GeneratedImage[] = []
    // One prediction for each picture: of several pictures of one prediction only the first could be drawn again.
    for (const [index, recipe] of recipes.entries()) {
      const reporter = createReporter(context, {
        pictureIndex: index,
        pictureCount: request.count,
        steps: relativeRun(model, request, context.input).steps,
        bars: barsOf(model, request),
        coldAfterMs: timing.coldAfterMs,
      })
      const image = await drawOne(studio, { model, recipe, index, files, reference, save, reporter, signal })
      if (image) {
        image.notes.unshift(...relativeRun(model, recipe, context.input).notes)
        images.push(image)
      }
    }
    const [first] = images
    if (!first) throw heldBack()
    const missing = request.count - images.length
    if (missing > 0)
      first.notes.push(
        `The model's safety filter held back ${missing} of ${request.count} pictures; another seed usually helps.`,
      )
    return images
  }

  function modelOf(id: string): ReplicateModel {
    const model = models.find((each) => each.id === id)
    const sentence =
      gone.get(id) ?? (model ? undefined : `There is no model "${id.slice(0, 60)}" at Replicate.`)
    if (model && sentence === undefined) return model
    throw new BackendError(ID, 'rejected', 'The model is not there.', { sentence: sentence ?? '' })
  }

  async function upload(
    { width, height }: ImageRequest,
    input: GenerateContext['input'],
  ): Promise<InputFiles | undefined> {
    if (!input) return undefined
    const send = async (picture: Uint8Array) =>
      await api.upload(await sharp(picture).resize(width, height, { fit: 'fill' }).png().toBuffer())
    return { image: await send(input.image), ...(input.mask && { mask: await send(input.mask) }) }
  }

  /** Begins to work, and gives up waiting for it when it is not wanted any more. */
  async function atWork<T>(wanted: AbortSignal, begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    wanted.throwIfAborted()
    if (closing.signal.aborted) throw closing.signal.reason as BackendError
    const signal = AbortSignal.any([wanted, closing.signal])
    const work = begin(signal)
    // What is being bought is seen to its end, but nobody waits for that.
    inBackground(work.catch(() => undefined))
    try {
      return await untilAborted(work, signal)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      health.failed(error)
      throw error instanceof Error && error.name === 'Fault' ? backendErrorOf(error) : error
    }
  }

  await lookAtModels()

  return {
    id: ID,
    lanes: LANES,
    models: () => models.filter(({ id }) => !gone.has(id)).map(infoOf),

    isUp: () => !health.isRefused(),

    async generate(request, context) {
      return await atWork(context.signal, (signal) => draw(request, { ...context, signal }))
    },

    faceEngines: () => faceModels.map(faceEngineOf),

    async swapFaces(request, context) {
      const model = faceModels.find(({ id }) => id === request.model)
      if (!model) throw new BackendError(ID, 'rejected', 'There is no such face engine.')
      const shop = { ...studio, api, coldAfterMs: timing.coldAfterMs }
      return await atWork(context.signal, (signal) => swapOne(shop, model, request, { ...context, signal }))
    },

    estimate(request) {
      const model = models.find(({ id }) => id === request.model)
      if (!model) return { usd: 0, seconds: 0 }
      const input = request.initImage === undefined ? undefined : { mask: request.mask }
      return estimateOf(model, { ...request, steps: relativeRun(model, request, input).steps })
    },

    diagnose: (signal) => diagnose({ api, probe, health, models }, signal),

    async close() {
      closing.abort(new BackendError(ID, 'unavailable', 'the backend is closed'))
      // A purchase in flight is remembered as such, so it need not be waited for.
      await Promise.race([Promise.allSettled(background), sleep(CLOSE_MS, undefined, { ref: false })])
    },
  }
}

function barsOf({ workflow }: ReplicateModel, { steps, refiner }: ImageRequest): number {
  if (workflow) return endsOf(steps).length
  return refiner === undefined ? 1 : 2
}

/** The promise, or at once the reason of the signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** What runs on at Replicate costs money; when this does not get through, Cancel-After ends it. */
async function cancelForSure(api: Api, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return void (await api.cancel(id))
    } catch (error) {
      if (attempt >= CANCEL_ATTEMPTS) throw error
      await sleep(200 * 2 ** attempt, undefined, { ref: false })
    }
  }
}

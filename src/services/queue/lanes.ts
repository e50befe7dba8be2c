/** Lanes: each slot of each backend takes the next job it can draw, and stores what it drew. */
import {
  isSwap,
  type GeneratedImage,
  type ImageBackend,
  type Job,
  type ModelInfo,
  type PictureRecipe,
  type Progress,
} from '../../domain.ts'
import { diskFullSentence, isDiskFull, untilRoom } from '../../diskRoom.ts'
import { BackendError, Closing, UserError } from '../../errors.ts'
import type { QueueOptions } from '../queue.ts'
import { createFailures } from './failures.ts'
import type { FairOrder, InLine } from './fairOrder.ts'
import type { JobTable } from './jobTable.ts'
import { partsOf, type Part } from './parts.ts'

const MAX_RETRIES = 2
/** A backend that was down may be up again after this. */
const LOOK_AGAIN_MS = 1000
/** The longest that a backend may ask us to wait before a retry. */
const MAX_PAUSE_MS = 60_000

/** How often a drawn picture is offered to a full disk before its job fails, and how many first pauses lie between. */
const DISK_ATTEMPTS = 10
const DISK_PAUSES = 15

const FULL_NOTE =
  'The disk of the bot is full; your picture waits for room on it. Please tell your instructor.'

type LaneOptions = QueueOptions & {
  jobs: JobTable
  order: FairOrder
  /** Tells those who follow that a job, and perhaps the line, is different now. */
  changed: (id: string) => void
  /** Tells those who follow a job that its progress is. */
  progressed: (id: string) => void
}

type Work = {
  backend: ImageBackend
  controller: AbortController
  progress: Progress | undefined
}

/** All lanes of all backends. Nothing is drawn before `start()`. */
export function createLanes(options: LaneOptions) {
  const { jobs, order, backends, gallery, inputs, config, log, changed, progressed } = options
  const { now = Date.now, retryPauseMs = 2000 } = options
  const works = new Map<string, Work>()
  /** Backends on which a job has failed: others with the same model come first. */
  const failedOn = new Map<string, Set<ImageBackend>>()
  const failures = createFailures(now)
  const idleWaits = new Set<() => void>()
  const closing = new AbortController()
  /** Stopping: nothing more is begun. Closing: what was begun is given back. */
  let state: 'new' | 'started' | 'stopping' | 'closing' = 'new'
  let isWoken = false
  let pauseTimer: NodeJS.Timeout | undefined

  /** Fills the free lanes soon: not at once, so that the acknowledgement of a command goes first. */
  function wake(): void {
    if (isWoken) return
    isWoken = true
    setImmediate(() => {
      isWoken = false
      try {
        fill()
      } catch (error) {
        // The disk is full, for instance: what waits is safe, so look again later.
        log.error({ err: error }, 'the queue cannot go on')
        pauseTimer = setTimeout(wake, MAX_PAUSE_MS).unref()
      }
    })
  }

  function fill(): void {
    // One moment for the whole look: a pause that ended between two looks at the clock would be missed for ever.
    const at = now()
    if (state === 'started') {
      for (const backend of backends.all()) {
        if (!isUp(backend)) continue
        const models = modelsOf(backend)
        while (busy(backend) < backend.lanes) {
          const id = order.next(models, at, (waiting) => isBestFor(backend, waiting))
          const job = id === undefined ? undefined : jobs.claim(id)
          if (!job) break
          draw(backend, job).catch((error: unknown) =>
            log.error({ job: id, err: error }, 'the end was not stored'),
          )
        }
      }
      const pauseEnd = order.nextPauseEnd(at)
      const isDown = !order.isEmpty() && !backends.all().every(isUp)
      const lookAt = Math.min(pauseEnd ?? Infinity, isDown ? at + LOOK_AGAIN_MS : Infinity)
      clearTimeout(pauseTimer)
      if (lookAt !== Infinity) pauseTimer = setTimeout(wake, lookAt - at)
    }
    if (isIdle()) for (const resolve of idleWaits) resolve()
  }

  /** Not the machine on which it failed before, while another one that is up can draw it. */
  function isBestFor(backend: ImageBackend, job: InLine): boolean {
    if (!mayDraw(backend, job)) return false
    const failed = failedOn.get(job.id)
    if (!failed?.has(backend)) return true
    return !backends
      .all()
      .some((other) => other !== backend && !failed.has(other) && isUp(other) && mayDraw(other, job))
  }

  function busy(backend: ImageBackend): number {
    return [...works.values()].filter((work) => work.backend === backend).length
  }

  const isStopping = (): boolean => state === 'stopping' || state === 'closing'

  function isIdle(): boolean {
    return works.size === 0 && (isStopping() || order.isEmpty())
  }

  /** Draws one job to its end, whatever that is. */
  async function draw(backend: ImageBackend, job: Job): Promise<void> {
    const controller = new AbortController()
    const work: Work = { backend, controller, progress: undefined }
    works.set(job.id, work)
    changed(job.id)
    const timeout = setTimeout(() => {
      const detail = `no picture after ${config.jobTimeoutSeconds} s`
      controller.abort(new BackendError(backend.id, 'timeout', detail))
    }, config.jobTimeoutSeconds * 1000)
    const images: GeneratedImage<PictureRecipe>[] = []
    try {
      await options.mayDraw?.(job, controller.signal)
      const lost = await drawParts(backend, job, work, images, timeout)
      const pictures = gallery.ofJob(job.id)
      const costUsd = costOf(backend, job, images, pictures.length)
      const end = { costUsd, ...(lost !== undefined && { failure: lost }) }
      if (await whenThereIsRoom(job, () => jobs.finish(job.id, 'done', end)))
        log.info({ job: job.id, pictures: pictures.length }, 'drawn')
      else await forget(backend, job, images)
    } catch (error) {
      await whenThereIsRoom(job, () => settle(backend, job, error, images))
    } finally {
      clearTimeout(timeout)
      works.delete(job.id)
      if (jobs.get(job.id)?.state !== 'waiting') failedOn.delete(job.id)
      changed(job.id)
      wake()
    }
  }

  /**
   * Draws what is not kept yet, and keeps it. Of several parts one may fail for good: the others are drawn all the same.
   * @returns why a part is missing. @throws what a whole job fails with
   */
  async function drawParts(
    backend: ImageBackend,
    job: Job,
    work: Work,
    images: GeneratedImage<PictureRecipe>[],
    timeout: NodeJS.Timeout,
  ): Promise<string | undefined> {
    const { signal } = work.controller
    const parts = partsOf(job, backend, inputs)
    let lost: unknown
    for (const part of parts) {
      if (isKept(job, part)) continue
      // Each picture of an experiment has the time of a job.
      timeout.refresh()
      try {
        const drawn = await part.draw({
          signal,
          onProgress(progress) {
            work.progress = progress
            progressed(job.id)
          },
          ...resuming(job.id, part.first),
          remember: (reference) => jobs.setReference(job.id, `${part.first}:${reference}`),
        })
        signal.throwIfAborted()
        if (drawn.length === 0) throw new BackendError(backend.id, 'bad-response', 'no picture came')
        for (const [index, image] of drawn.entries())
          await whenThereIsRoom(job, () => gallery.keep(job, part.first + index, image), DISK_ATTEMPTS)
        images.push(...drawn)
      } catch (error) {
        const isOfJob = parts.length === 1 || jobs.get(job.id)?.state !== 'running' || state === 'closing'
        if (isOfJob || willRetry(job, error)) throw error
        failures.note(backend.id, error)
        log.warn({ job: job.id, backend: backend.id, part: part.first, err: error }, 'a part failed')
        lost ??= error
        // A machine that is down draws the others no better.
        if (signal.aborted || (error instanceof BackendError && isRetryable(error))) break
      }
    }
    if (lost === undefined) return undefined
    if (gallery.ofJob(job.id).length === 0) throw lost
    return sentenceOf(lost, job)
  }

  /** While the disk is full what was drawn is held, and its person reads why; without this an end would be lost. */
  const whenThereIsRoom = <T>(job: Job, write: () => T | Promise<T>, attempts = Infinity): Promise<T> =>
    untilRoom(write, {
      pauseMs: DISK_PAUSES * retryPauseMs,
      attempts,
      signal: closing.signal,
      onFull(error) {
        log.error({ job: job.id, err: error }, 'the disk is full; what was drawn waits for room')
        const work = works.get(job.id)
        if (work?.progress) work.progress = { ...work.progress, note: FULL_NOTE }
        progressed(job.id)
      },
    })

  /** All its pictures were drawn before the process died. */
  const isKept = (job: Job, { first, count }: Part): boolean =>
    gallery.ofJob(job.id).filter(({ index }) => index >= first && index < first + count).length === count

  /** What was remembered belongs to the part that was being drawn. */
  const resuming = (id: string, part: number) => {
    const reference = jobs.reference(id)
    const mark = `${part}:`
    return reference?.startsWith(mark) ? { resume: reference.slice(mark.length) } : {}
  }

  /** Of an experiment what is drawn already is shown. */
  function giveUp(id: string): void {
    const job = jobs.get(id)
    const isPartly = job && !isSwap(job.request) && job.request.experiment && gallery.ofJob(id).length > 0
    const failure = brokenSentence(id)
    if (isPartly) jobs.finish(id, 'done', { failure, costUsd: job.reservedUsd })
    else jobs.finish(id, 'failed', { failure })
  }

  const willRetry = (job: Job, error: unknown): error is BackendError =>
    error instanceof BackendError && isRetryable(error) && jobs.retries(job.id) < MAX_RETRIES

  /** Cancelled: nobody is to find what was drawn until then, but it is paid for. */
  async function forget(
    backend: ImageBackend,
    job: Job,
    images: readonly GeneratedImage<PictureRecipe>[],
  ): Promise<void> {
    const costUsd = images.length > 0 ? costOf(backend, job, images, images.length) : undefined
    if (costUsd !== undefined) jobs.setCost(job.id, costUsd)
    await removePictures(job.id)
  }

  async function removePictures(id: string): Promise<void> {
    for (const picture of gallery.ofJob(id)) await gallery.remove(picture.id)
  }

  /** What becomes of a job whose drawing threw. */
  async function settle(
    backend: ImageBackend,
    job: Job,
    error: unknown,
    images: readonly GeneratedImage<PictureRecipe>[],
  ): Promise<void> {
    const place = { job: job.id, backend: backend.id }
    if (jobs.get(job.id)?.state !== 'running') {
      log.info(place, 'cancelled')
      await forget(backend, job, images)
      return
    }
    if (state === 'closing') {
      jobs.unstart(job.id)
      return
    }
    failures.note(backend.id, error)
    if (willRetry(job, error)) {
      failedOn.set(job.id, (failedOn.get(job.id) ?? new Set()).add(backend))
      const pause = Math.min(error.retryAfterMs ?? retryPauseMs * 3 ** jobs.retries(job.id), MAX_PAUSE_MS)
      jobs.retryLater(job.id, now() + pause)
      log.warn({ ...place, err: error, pause }, 'tries again')
      return
    }
    jobs.finish(job.id, 'failed', { failure: sentenceOf(error, job) })
    if (error instanceof BackendError) log.warn({ ...place, err: error }, 'failed')
    else if (error instanceof UserError) log.info({ ...place, code: error.code }, 'failed')
    else log.error({ ...place, err: error }, 'broke')
  }

  async function idle(): Promise<void> {
    while (!isIdle()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      idleWaits.add(resolve)
      await promise
      idleWaits.delete(resolve)
    }
  }

  return {
    wake,
    lastFailure: failures.last,
    progress: (id: string) => works.get(id)?.progress,
    /** Stops the drawing of a job that was cancelled; where it waits to be tried again, what was drawn of it goes. */
    abort(id: string): void {
      const work = works.get(id)
      if (work) work.controller.abort()
      else
        removePictures(id).catch((error: unknown) =>
          log.error({ job: id, err: error }, 'pictures of a cancelled job stay'),
        )
    },
    start(): void {
      if (state !== 'new') return
      state = 'started'
      for (const id of jobs.recover()) {
        giveUp(id)
        log.error({ job: id }, 'given up: it was being drawn at too many ends of the process')
      }
      // A machine that is down now may offer the model when it comes back.
      const isCertain = backends.all().every(isUp)
      for (const job of jobs.waiting()) {
        if (!isCertain || backends.all().some((backend) => mayDraw(backend, job))) continue
        const failure = `The model "${job.model}" is not there any more; please choose another one.`
        jobs.finish(job.id, 'failed', { failure })
      }
      order.forget()
      wake()
    },
    idle,
    isStopping,
    /** Begins nothing more, and waits until the backends have let go: by themselves within `graceMs`, else they are told to. */
    async stop(graceMs: number): Promise<void> {
      if (!isStopping()) state = 'stopping'
      clearTimeout(pauseTimer)
      const letGo = setTimeout(() => {
        state = 'closing'
        closing.abort(new Closing('the bot closes'))
        for (const { controller } of works.values()) controller.abort(new Closing('the bot closes'))
      }, graceMs)
      await idle()
      clearTimeout(letGo)
    },
  }
}

/** A machine that costs money draws only what was accepted at a price, also when a free one offers the same model. */
function mayDraw(backend: ImageBackend, { model, isPaid }: InLine): boolean {
  const offer = offersOf(backend).find(({ id }) => id === model)
  return offer !== undefined && (isPaid || !offer.price)
}

/** The sum of what the pictures cost; where that is not known of each, what it was expected to be. */
function costOf(
  backend: ImageBackend,
  job: Job,
  images: readonly GeneratedImage<PictureRecipe>[],
  pictures: number,
): number | undefined {
  if (job.reservedUsd === undefined) return undefined
  const isFree = offersOf(backend).find(({ id }) => id === job.request.model)?.price === undefined
  if (isFree) return 0
  const costs = images.map(({ costUsd }) => costUsd).filter((cost) => cost !== undefined)
  return costs.length === pictures ? costs.reduce((sum, cost) => sum + cost, 0) : job.reservedUsd
}

const isUp = (backend: ImageBackend): boolean => backend.isUp?.() ?? true

/** Everything that a job can name: models and face engines. */
const offersOf = (backend: ImageBackend): readonly Pick<ModelInfo, 'id' | 'price'>[] => [
  ...backend.models(),
  ...(backend.faceEngines?.() ?? []),
]

const modelsOf = (backend: ImageBackend): Set<string> => new Set(offersOf(backend).map(({ id }) => id))

function isRetryable({ kind }: BackendError): boolean {
  return kind === 'unavailable' || kind === 'timeout' || kind === 'rate-limited'
}

/** What the person hears about a failure. */
function sentenceOf(error: unknown, job: Job): string {
  if (isDiskFull(error)) return diskFullSentence
  if (error instanceof BackendError) return error.sentence
  return error instanceof UserError ? error.message : brokenSentence(job.id)
}

function brokenSentence(jobId: string): string {
  return `Something broke while this was drawn; please tell your instructor this number: ${jobId}.`
}

/** Lanes: each slot of each backend takes the next job that it can draw. */
import type { ImageBackend, Job } from '../../domain.ts'
import { Closing } from '../../errors.ts'
import type { QueueOptions } from '../queue.ts'
import { createDrawJob } from './drawJob.ts'
import { createEndJob } from './endJob.ts'
import { createFailures } from './failures.ts'
import type { FairOrder, InLine } from './fairOrder.ts'
import { endOf, type Slot } from './forecast.ts'
import { createHealth } from './health.ts'
import { isUp, mayDraw, modelsOf } from './machines.ts'
import { createMatching } from './matching.ts'
import type { JobTable } from './jobTable.ts'
import type { Work } from './work.ts'

/** A backend that was down may be up again after this. */
const LOOK_AGAIN_MS = 1000
/** After a failure of the queue itself, such as a full disk. */
const MAX_PAUSE_MS = 60_000
/** Jobs of one lane: the one that it draws, and the one before it, whose picture is being stored. On a full disk it draws no more. */
const MOST_PER_LANE = 2

type LaneOptions = QueueOptions & {
  jobs: JobTable
  order: FairOrder
  /** Tells those who follow that a job, and perhaps the line, is different now. `isDrawn`: it has its pictures now. */
  changed: (id: string, isDrawn?: boolean) => void
  /** Tells those who follow a job that its progress is. */
  progressed: (id: string) => void
}

/** All lanes of all backends. Nothing is drawn before `start()`. */
export function createLanes(options: LaneOptions) {
  const { jobs, order, backends, log, changed, now = Date.now, retryPauseMs = 1000 } = options
  const works = new Map<string, Work>()
  const health = createHealth(retryPauseMs)
  const failures = createFailures(now)
  const idleWaits = new Set<() => void>()
  const closing = new AbortController()
  const matching = createMatching({ backends, jobs, health })
  const shared = { ...options, matching, health, failures, closing: closing.signal }
  const endJob = createEndJob(shared)
  const drawJob = createDrawJob({ ...shared, endJob, freed: wake })
  /** Stopping: nothing more is begun. Closing: what was begun is given back. */
  let state: 'new' | 'started' | 'stopping' | 'closing' = 'new'
  let isWoken = false
  let offered = ''
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
      const offers = backends.all().map((backend) => ({ backend, models: modelsOf(backend) }))
      noticeModels(offers)
      for (const { backend, models } of offers) {
        if (!isUp(backend)) continue
        const lane = {
          models,
          isFree: (waiting: InLine) => matching.isBestFor(backend, waiting, at),
          isLoaded: (model: string) => backend.isLoaded?.(model) ?? true,
        }
        while (roomOn(backend, at) > 0) {
          const next = order.next(lane, at)
          if (!next) break
          const job = jobs.claim(next, backend.id)
          if (!job) {
            // It does not wait any more, though it was thought to.
            order.forget()
            continue
          }
          draw(backend, job).catch((error: unknown) =>
            log.error({ job: job.id, err: error }, 'the end was not stored'),
          )
        }
      }
      const pauseEnd = order.nextPauseEnd(at)
      const isDown = !order.isEmpty() && !backends.all().every(isUp)
      const asideEnd = order.isEmpty() ? undefined : health.nextEnd(at)
      const lookAt = Math.min(
        pauseEnd ?? Infinity,
        asideEnd ?? Infinity,
        isDown ? at + LOOK_AGAIN_MS : Infinity,
      )
      clearTimeout(pauseTimer)
      if (lookAt !== Infinity) pauseTimer = setTimeout(wake, lookAt - at)
    }
    if (isIdle()) for (const resolve of idleWaits) resolve()
  }

  /** Which machines may draw a job decides its place, and they learn what they offer when they are reached. */
  function noticeModels(offers: readonly { backend: ImageBackend; models: ReadonlySet<string> }[]): void {
    const now = JSON.stringify(offers.map(({ backend, models }) => [backend.id, ...models]))
    if (now !== offered) order.forget()
    offered = now
  }

  const worksOn = (backend: ImageBackend) => [...works.values()].filter((work) => work.backend === backend)
  const drawnOn = (backend: ImageBackend) => worksOn(backend).filter(({ isOffMachine }) => !isOffMachine)

  function roomOn(backend: ImageBackend, at: number): number {
    const begun = worksOn(backend)
    return Math.min(health.room(backend, begun, at), MOST_PER_LANE * backend.lanes - begun.length)
  }

  const isStopping = (): boolean => state === 'stopping' || state === 'closing'

  function isIdle(): boolean {
    return works.size === 0 && (isStopping() || order.isEmpty())
  }

  /** Draws one job to its end, whatever that is. */
  async function draw(backend: ImageBackend, job: Job): Promise<void> {
    const controller = new AbortController()
    const work: Work = {
      backend,
      job,
      era: health.era(backend.id),
      controller,
      isOffMachine: false,
      progress: undefined,
    }
    works.set(job.id, work)
    changed(job.id)
    try {
      await drawJob(work)
    } finally {
      works.delete(job.id)
      const state = jobs.get(job.id)?.state
      if (state !== 'waiting') matching.forget(job)
      changed(job.id, state === 'done')
      wake()
    }
  }

  function removePictures(id: string): void {
    endJob
      .removePictures(id)
      .catch((error: unknown) => log.error({ job: id, err: error }, 'pictures of a cancelled job stay'))
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
    asideUntil: (backend: string) => health.asideUntil(backend, now()),
    machinesFor: matching.machinesFor,
    /** Every slot and when it is free; `secondsOf`: how long a job takes, if that is known. */
    slots(secondsOf: (job: Job) => number | undefined): Slot[] {
      const at = now()
      return backends.all().flatMap((backend): Slot[] => {
        const isAway = !isUp(backend)
        const idleAt = health.asideUntil(backend.id, at) ?? at
        const busy = drawnOn(backend).map(({ job }) => endOf(job, secondsOf(job)))
        const idle = Array.from({ length: Math.max(0, backend.lanes - busy.length) }, () => idleAt)
        return [...busy, ...idle].map((freeAt) => ({
          backend: backend.id,
          freeAt: isAway ? undefined : freeAt,
        }))
      })
    },
    /** What is being drawn now, and when each began. */
    running: (): Job[] => [...works.values()].map(({ job }) => job),
    progress: (id: string) => works.get(id)?.progress,
    /** Stops the drawing of a job that was cancelled; where it waits to be tried again, what was drawn of it goes. */
    abort(id: string): void {
      const work = works.get(id)
      if (work) work.controller.abort()
      else removePictures(id)
    },
    start(): void {
      if (state !== 'new') return
      state = 'started'
      for (const id of jobs.recover()) {
        endJob.giveUp(id)
        log.error({ job: id }, 'given up: it was being drawn at too many ends of the process')
      }
      // The process died between keeping them and forgetting them.
      for (const id of jobs.cancelledWithPictures()) removePictures(id)
      // A machine that is down now may offer the model when it comes back.
      const isCertain = backends.all().every(isUp)
      order.forget()
      for (const job of order.list()) {
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

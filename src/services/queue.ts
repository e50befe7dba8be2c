/**
 * Jobs from "accepted" to "drawn": a table that survives the process, a fair order between people, and lanes that draw.
 * Accepted means that the row is committed.
 */
import { setMaxListeners } from 'node:events'
import type { DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'
import type { CommandOrigin, Job, Parent, Person, Picture, Progress } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Backends } from './backends.ts'
import type { Budget, Charge } from './budget.ts'
import type { Gallery } from './gallery.ts'
import type { Failure } from './queue/failures.ts'
import { createFairOrder } from './queue/fairOrder.ts'
import { createJobTable, type MessagePlace } from './queue/jobTable.ts'
import { createLanes } from './queue/lanes.ts'
import { createWatchers } from './queue/watchers.ts'
import type { ConsentedSwap } from './consent/consentedSwap.ts'
import type { Inputs } from './inputs.ts'
import type { CheckedRequest } from './safety.ts'

/** What the queue accepts: words that were checked, or faces that were agreed to. */
export type CheckedJob = CheckedRequest | ConsentedSwap

export type JobUpdate = {
  job: Job
  /** 1 for the next one; undefined unless the job waits. */
  place: number | undefined
  /** Undefined unless the job is being drawn. */
  progress: Progress | undefined
  pictures: Picture[]
  /** It waits, and the bot closes: it is drawn after the next start. Nothing follows on this. */
  isPutOff: boolean
}

export interface JobQueue {
  /**
   * Accepts a job; `charge` for one that costs money.
   * @throws UserError too-many when the person has enough jobs waiting, over-budget when too little is left
   */
  add(
    checked: CheckedJob,
    asker: Person,
    origin: CommandOrigin,
    more?: { parents?: readonly Parent[]; charge?: Charge | undefined },
  ): Job
  get(id: string): Job | undefined
  place(id: string): number | undefined
  /**
   * First the saved state, then changes; ends after done, failed, cancelled or put off, when the signal aborts or the queue closes.
   * Who reads slowly gets the newest state, not every one in between.
   * @throws UserError not-found
   */
  follow(id: string, signal?: AbortSignal): AsyncGenerator<JobUpdate, void, void>
  /** Takes back a job that waits or is drawn. @throws UserError not-found, not-allowed */
  cancel(id: string, by: { id: string; instructor: boolean }): void
  /** Jobs accepted but not yet delivered, or done but not yet archived, oldest first. */
  unfinished(): Job[]
  /** The message that will show the result. */
  setMessage(id: string, message: MessagePlace): void
  /**
   * The result (or the failure) has reached the channel, or nothing is left to show there (undefined); the interaction
   * token is forgotten.
   */
  markDelivered(id: string, message: MessagePlace | undefined): void
  /** The gallery has its copy, or there is no gallery to put it in. */
  markArchived(id: string, message: MessagePlace | undefined): void
  /** The pictures of a job were deleted: the words of its prompts go too. */
  forgetWords(id: string): void
  /** The last time a backend failed, since the bot was started. */
  lastFailure(backend: string): Failure | undefined
  /** Begins to draw; what a dead process left running waits again. */
  start(): void
  /** Nothing waits and nothing is drawn. */
  idle(): Promise<void>
  /**
   * Begins nothing more. What is being drawn has `graceMs` to end; then it waits in line, as if it had not been begun. Those
   * who follow a waiting job are told that it is put off.
   */
  stop(graceMs: number): Promise<void>
  /** Stops at once, and ends all following; interrupted jobs are drawn after the next start. */
  close(): Promise<void>
}

/** Interaction tokens are of no use after this; they are wiped then. */
const TOKEN_LIFE_MS = 15 * 60_000

export type QueueOptions = {
  database: DatabaseSync
  backends: Pick<Backends, 'all'>
  gallery: Pick<Gallery, 'keep' | 'ofJob' | 'remove'>
  inputs: Pick<Inputs, 'png'>
  budget: Pick<Budget, 'reserve'>
  /** Asked when the turn of a job has come: may it still be made? Throws UserError. Absent: always. */
  mayDraw?: (job: Job, signal: AbortSignal) => Promise<void>
  config: Pick<Config, 'maxWaitingPerPerson' | 'jobTimeoutSeconds'>
  log: Log
  /** Pause before the first retry; the next one is three times as long. */
  retryPauseMs?: number
  /** The clock, in ms since 1970. */
  now?: () => number
}

/** The queue over an open database. Draws nothing before `start()`. */
export function createQueue(options: QueueOptions): JobQueue {
  const { database, gallery, budget, config, now = Date.now } = options
  const jobs = createJobTable(database, { now, tokenLifeMs: TOKEN_LIFE_MS, budget })
  const order = createFairOrder(database)
  const watchers = createWatchers()
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const changed = (id: string) => {
    order.forget()
    watchers.wake(id)
    // The others in line may have moved.
    watchers.wakeAll((other) => order.place(other) !== undefined)
  }
  const lanes = createLanes({ ...options, jobs, order, changed, progressed: (id) => watchers.wake(id) })
  let wiping: NodeJS.Timeout | undefined

  function update(id: string): JobUpdate | undefined {
    const job = jobs.get(id)
    if (!job) return undefined
    return {
      job,
      place: order.place(id),
      progress: lanes.progress(id),
      pictures: gallery.ofJob(id),
      isPutOff: job.state === 'waiting' && lanes.isStopping(),
    }
  }

  async function* follow(id: string, signal?: AbortSignal): AsyncGenerator<JobUpdate, void, void> {
    const ending = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
    if (!jobs.get(id)) throw new UserError('not-found', 'This job is not known any more.')
    let last: JobUpdate | undefined
    while (!ending.aborted) {
      // Listen before looking, so that nothing that happens during the yield is missed.
      const wake = watchers.next(id, ending)
      try {
        const current = update(id)
        if (!current) return
        if (!last || !isSame(last, current)) {
          last = current
          yield current
          if (isFinished(current.job) || current.isPutOff) return
        }
        await wake.promise
      } finally {
        wake.forget()
      }
    }
  }

  return {
    add(checked, asker, origin, more = {}) {
      const limit = config.maxWaitingPerPerson
      if (jobs.countWaiting(asker.id) >= limit) {
        const many = limit === 1 ? '1 job' : `${limit} jobs`
        throw new UserError(
          'too-many',
          `You already have ${many} waiting; please wait for one of them, or cancel one first.`,
        )
      }
      const job = jobs.insert(checked, asker, origin, more)
      changed(job.id)
      lanes.wake()
      return job
    },
    get: (id) => jobs.get(id),
    place: (id) => order.place(id),
    follow,
    cancel(id, by) {
      const job = jobs.get(id)
      if (!job) throw new UserError('not-found', 'This job is not known any more.')
      if (job.asker.id !== by.id && !by.instructor) {
        throw new UserError(
          'not-allowed',
          'Only the person who asked for this, or an instructor, can cancel it.',
        )
      }
      if (!jobs.finish(id, 'cancelled')) {
        throw new UserError('not-found', 'This job has already ended, so there is nothing to cancel.')
      }
      lanes.abort(id)
      changed(id)
      lanes.wake()
    },
    unfinished: () => jobs.unfinished(),
    setMessage: (id, message) => jobs.setMessage(id, message),
    markDelivered: (id, message) => jobs.markDelivered(id, message),
    markArchived: (id, message) => jobs.markArchived(id, message),
    forgetWords: (id) => jobs.forgetWords(id),
    start() {
      jobs.wipeOldTokens()
      wiping ??= setInterval(() => {
        try {
          jobs.wipeOldTokens()
        } catch (error) {
          // Thrown here it would end the process; on a full disk the next look does it.
          options.log.error({ err: error }, 'old tokens could not be wiped')
        }
      }, 30_000).unref()
      lanes.start()
    },
    lastFailure: (backend) => lanes.lastFailure(backend),
    idle: () => lanes.idle(),
    async stop(graceMs) {
      const ended = lanes.stop(graceMs)
      watchers.wakeAll(() => true)
      await ended
    },
    async close() {
      clearInterval(wiping)
      await lanes.stop(0)
      closing.abort()
    },
  }
}

function isFinished(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
}

function isSame(a: JobUpdate, b: JobUpdate): boolean {
  return (
    a.job.state === b.job.state &&
    a.place === b.place &&
    a.progress === b.progress &&
    a.isPutOff === b.isPutOff
  )
}

/**
 * Jobs from "accepted" to "drawn": a table that survives the process, a fair order between people, and lanes that draw.
 * Accepted means that the row is committed.
 */
import { setMaxListeners } from 'node:events'
import type { DatabaseSync } from 'node:sqlite'
import type { Config } from '../config.ts'
import {
  picturesOf,
  type CommandOrigin,
  type Job,
  type Parent,
  type Person,
  type Picture,
  type Progress,
} from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Backends } from './backends.ts'
import type { Budget, Charge } from './budget.ts'
import type { Gallery } from './gallery.ts'
import type { Failure } from './queue/failures.ts'
import { createFairOrder, type InLine } from './queue/fairOrder.ts'
import { createJobTable, type MessagePlace } from './queue/jobTable.ts'
import { createLanes } from './queue/lanes.ts'
import { createLineNews } from './queue/lineNews.ts'
import { createOutlook } from './queue/outlook.ts'
import { createWatchers } from './queue/watchers.ts'
import { createPictureCount, type PictureLimits } from './pictureLimits.ts'
import { createStats } from './stats.ts'
import type { ConsentedSwap } from './consent/consentedSwap.ts'
import type { Inputs } from './inputs.ts'
import type { CheckedRequest } from './safety.ts'

/** What the queue accepts: words that were checked, or faces that were agreed to. */
export type CheckedJob = CheckedRequest | ConsentedSwap

export type JobUpdate = {
  job: Job
  /** 1 for the next one; undefined unless the job waits. */
  place: number | undefined
  /** Until its pictures are there, if they take as long as the last ones did; undefined when that is not known. */
  secondsLeft?: number | undefined
  /** Undefined unless the job is being drawn. */
  progress: Progress | undefined
  pictures: Picture[]
  /** It waits, and the bot closes: it is drawn after the next start. Nothing follows on this. */
  isPutOff: boolean
}

/** On what a job is accepted. */
export type Terms = {
  parents?: readonly Parent[]
  /** For what costs money. */
  charge?: Charge | undefined
  /** How many pictures a day may bring. */
  limits?: PictureLimits
  /** It goes before everyone's who is not first. */
  isFirst?: boolean
  /** Runs in the transaction that stores the job; when it throws, nothing is stored. */
  accepting?: ((job: Job) => unknown) | undefined
}

/** What is drawn and what waits in one server. */
export type Line = {
  drawn: number
  waiting: number
  /** First what is drawn, then what waits, in the order in which it will be drawn; no more than were asked for. */
  jobs: JobUpdate[]
}

export interface JobQueue {
  /**
   * Accepts a job.
   * @throws UserError too-many when the person has enough jobs waiting or the day enough pictures, over-budget when too little is left
   */
  add(checked: CheckedJob, asker: Person, origin: CommandOrigin, terms?: Terms): Job
  get(id: string): Job | undefined
  place(id: string): number | undefined
  /** What is going on in a server; at most `most` jobs of it, and those of one person besides. */
  line(guildId: string, most: number, personId?: string): Line
  /** Until when a machine that failed is left alone, in ms since 1970; undefined when it is not. */
  asideUntil(backend: string): number | undefined
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
  /** How long a machine that failed is set aside the first time; each next time it is longer (health.ts). */
  retryPauseMs?: number
  /** The clock, in ms since 1970. */
  now?: () => number
}

/** The queue over an open database. Draws nothing before `start()`. */
export function createQueue(options: QueueOptions): JobQueue {
  const { database, gallery, budget, config, now = Date.now } = options
  const pictureCount = createPictureCount(database, now)
  const jobs = createJobTable(database, { now, tokenLifeMs: TOKEN_LIFE_MS, budget, pictureCount })
  const machinesFor = (job: Pick<InLine, 'model' | 'isPaid'>): readonly string[] => {
    const machines = lanes.machinesFor(job)
    // None of those that may draw it has been reached since the start: it counts for its model alone until one is.
    return machines.length > 0 ? machines : [`?${job.model}`]
  }
  const order = createFairOrder(database, machinesFor)
  const watchers = createWatchers()
  const lineNews = createLineNews(
    () => order.list(),
    (id) => watchers.wake(id),
  )
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const changed = (id: string, isDrawn = false) => {
    order.forget(id)
    outlook.forget({ isDrawn })
    watchers.wake(id)
    lineNews.moved()
  }
  const lanes = createLanes({ ...options, jobs, order, changed, progressed: (id) => watchers.wake(id) })
  const outlook = createOutlook({ stats: createStats(database), order, lanes, now })
  let wiping: NodeJS.Timeout | undefined

  function update(id: string): JobUpdate | undefined {
    const job = jobs.get(id)
    if (!job) return undefined
    const place = order.place(id)
    return {
      job,
      place,
      secondsLeft: outlook.secondsLeft(job),
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
    add(checked, asker, origin, terms = {}) {
      const limit = config.maxWaitingPerPerson
      if (jobs.countWaiting(asker.id) >= limit) {
        const many = limit === 1 ? '1 job' : `${limit} jobs`
        throw new UserError(
          'too-many',
          `You already have ${many} waiting; please wait for one of them, or cancel one first.`,
        )
      }
      const isPaid = terms.charge !== undefined
      const job = jobs.insert(checked, asker, origin, terms, {
        expectedSeconds: outlook.expectedSeconds(checked) ?? picturesOf(checked),
        backends: machinesFor({ model: checked.model, isPaid }),
      })
      changed(job.id)
      lanes.wake()
      return job
    },
    get: (id) => jobs.get(id),
    place: (id) => order.place(id),
    line(guildId, most, personId) {
      const drawn = lanes.running().filter(({ origin }) => origin.guildId === guildId)
      const waiting = order.list().filter((each) => each.guildId === guildId)
      const all = [
        ...drawn.map(({ id, asker }) => ({ id, personId: asker.id })),
        ...waiting.map(({ id, personId }) => ({ id, personId })),
      ]
      const shown = all.filter((each, index) => index < most || each.personId === personId)
      return {
        drawn: drawn.length,
        waiting: waiting.length,
        jobs: shown.map(({ id }) => update(id)).filter((each) => each !== undefined),
      }
    },
    asideUntil: (backend) => lanes.asideUntil(backend),
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
      watchers.wakeAll()
      await ended
    },
    async close() {
      clearInterval(wiping)
      lineNews.close()
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

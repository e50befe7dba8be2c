/** Who is next: the person who has had the least so far, counted in the seconds that their jobs take. */
import type { DatabaseSync } from 'node:sqlite'
import { inFairOrder, startTag, type Had, type InLine, type MachinesFor } from './inFairOrder.ts'
import { createLoadedFirst, LOOK_AHEAD } from './loadedFirst.ts'
import { remembering } from './remembering.ts'
import { createWaitingJobs, type WaitingJob } from './waitingJobs.ts'

export type { InLine }

export type FairOrder = {
  /** 1 for the next job; undefined when the job does not wait. */
  place(id: string): number | undefined
  /** Everything that waits, in the order in which it will be drawn if nobody else comes. */
  list(): readonly InLine[]
  /** The job that a lane draws now: the first one that it may, but for loadedFirst.ts, which counts whom it passes over. */
  next(lane: Lane, now: number): InLine | undefined
  /** When the first job that pauses before a retry may go on, in ms since 1970. */
  nextPauseEnd(now: number): number | undefined
  isEmpty(): boolean
  /** This job has changed, or begins or ceases to wait: look at it again; without an id at all of them. */
  forget(id?: string): void
}

type Lane = {
  models: ReadonlySet<string>
  /** Passes over those for which it is false. */
  isFree?: (job: InLine) => boolean
  /** Whether a model can draw at once; absent: each one can. */
  isLoaded?: (model: string) => boolean
}

/**
 * The line over the jobs of a database that nobody else writes; looked at anew only after `forget()`.
 * @param machinesFor by model and `isPaid` alone
 */
export function createFairOrder(database: DatabaseSync, machinesFor: MachinesFor): FairOrder {
  const waiting = createWaitingJobs(database)
  const selectHad = database.prepare(`
    SELECT served, backend, tag FROM turns LEFT JOIN finish_tags USING (person_id) WHERE person_id = ?`)
  const loadedFirst = createLoadedFirst((id) => waiting.all().has(id))
  let known: { line: InLine[]; places: Map<string, number>; had: Map<string, Had> } | undefined

  /** Turns change with jobs of theirs that wait no more, so they are read each time; there are few people. */
  function hadBy(jobs: readonly WaitingJob[]): Map<string, Had> {
    const had = new Map<string, Had>()
    for (const { personId } of jobs) {
      if (had.has(personId)) continue
      const rows = selectHad.all(personId) as { served: number; backend: string | null; tag: number }[]
      const finishTags = new Map<string, number>()
      for (const { backend, tag } of rows) if (backend !== null) finishTags.set(backend, tag)
      had.set(personId, { finishTags, served: rows[0]?.served ?? 0 })
    }
    return had
  }

  function look() {
    if (!known) {
      const jobs = waiting.list()
      const had = hadBy(jobs)
      const ofModel = remembering(machinesFor)
      const line = inFairOrder(jobs, had, (job) => ofModel(`${job.isPaid} ${job.model}`, job))
      known = { line, places: new Map(line.map(({ id }, index) => [id, index + 1])), had }
    }
    return known
  }

  return {
    // Most who ask wait no more, and to order a long line takes its time.
    place: (id) => (waiting.all().has(id) ? look().places.get(id) : undefined),
    list: () => look().line,
    next({ models, isFree = () => true, isLoaded = () => true }, now) {
      const { line, had } = look()
      const able = line
        .values()
        .filter((each) => each.notBefore <= now && models.has(each.model) && isFree(each))
      const job = loadedFirst.choose(able.take(LOOK_AHEAD).toArray(), isLoaded)
      if (!job || job.startTag !== null) return job
      // It may go before others of its person: then it has the turn of the first of them, which pays for its own seconds later.
      return { ...job, tag: startTag(job, had.get(job.personId)?.finishTags) }
    },
    nextPauseEnd(now) {
      let first: number | undefined
      for (const { notBefore } of waiting.all().values())
        if (notBefore > now && (first === undefined || notBefore < first)) first = notBefore
      return first
    },
    isEmpty: () => waiting.all().size === 0,
    forget(id) {
      waiting.forget(id)
      known = undefined
    },
  }
}

/** Who is next: the person who has had the least so far, counted in the seconds that their jobs take. */
import type { DatabaseSync } from 'node:sqlite'
import { createLoadedFirst, LOOK_AHEAD } from './loadedFirst.ts'
import { createWaitingJobs, type Waiting, type WaitingJob } from './waitingJobs.ts'

export type FairOrder = {
  /** 1 for the next job; undefined when the job does not wait. */
  place(id: string): number | undefined
  /** Everything that waits, in the order in which it will be drawn if nobody else comes. */
  list(): readonly InLine[]
  /** The job that a lane draws now: the first one that it may, but for loadedFirst.ts. It is counted as begun. */
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

/** `tag`: its start tag, if nobody else comes. */
export type InLine = WaitingJob & { tag: number }

/** What a person has had in this round. */
type Had = {
  /** The finish tag of the last job that was begun. */
  finishTag: number
  /** Counts up with every turn that anybody takes; 0 for who never had one. */
  served: number
}

/**
 * Start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queueing", SIGCOMM 1996), with several lanes as in SFQ(D) (Jin,
 * Chase and Kaur, "Interposed Proportional Sharing for a Storage Service Utility", SIGMETRICS 2004). A job's start tag is the
 * finish tag of the job before it of the same person, but at least the virtual time when it was accepted; its finish tag is that plus its
 * seconds. The smallest start tag goes first, and is the virtual time from then on. So who asks for much at once waits behind their
 * own jobs, not behind others' turns, and nobody saves turns up by being away.
 *
 * A job that was begun before (its machine failed, the bot was ended) goes on before all others: its turn is taken.
 * @param jobs in the order in which they were accepted
 * @param had of every person in line
 */
function inFairOrder<T extends Waiting>(
  jobs: readonly T[],
  had: ReadonlyMap<string, Had>,
): (T & { tag: number })[] {
  const finish = new Map([...had].map(([personId, { finishTag }]) => [personId, finishTag]))
  const lastTurn = new Map([...had].map(([personId, { served }]) => [personId, served]))
  const tagged = jobs.map((job) => {
    if (job.startTag !== null) return { ...job, tag: job.startTag }
    const tag = Math.max(job.clock, finish.get(job.personId) ?? 0)
    finish.set(job.personId, tag + job.seconds)
    return { ...job, tag }
  })
  const begun = tagged.filter(({ startTag }) => startTag !== null)
  const others = tagged.filter(({ startTag }) => startTag === null)
  return [
    ...begun.toSorted((a, b) => a.tag - b.tag),
    ...takeTurns(
      others.filter(({ isFirst }) => isFirst),
      lastTurn,
    ),
    ...takeTurns(
      others.filter(({ isFirst }) => !isFirst),
      lastTurn,
    ),
  ]
}

/** By start tag; of people with the same, who was served least recently, so that places told are the places taken. */
function takeTurns<T extends Waiting & { tag: number }>(
  jobs: readonly T[],
  lastTurn: Map<string, number>,
): T[] {
  let turn = Math.max(0, ...lastTurn.values())
  const line = jobs.toSorted((a, b) => a.tag - b.tag)
  for (let from = 0, to = 0; from < line.length; from = to) {
    while (to < line.length && line[to]?.tag === line[from]?.tag) to += 1
    // Every job takes time, so nobody has two with the same start tag.
    const same = line.slice(from, to).sort((a, b) => turnOf(a) - turnOf(b))
    for (const [index, job] of same.entries()) {
      line[from + index] = job
      lastTurn.set(job.personId, (turn += 1))
    }
  }
  return line

  function turnOf({ personId }: T): number {
    return lastTurn.get(personId) ?? 0
  }
}

/** The line over the jobs of a database that nobody else writes; looked at anew only after `forget()`. */
export function createFairOrder(database: DatabaseSync): FairOrder {
  const waiting = createWaitingJobs(database)
  const selectHad = database.prepare('SELECT finish_tag AS finishTag, served FROM turns WHERE person_id = ?')
  const loadedFirst = createLoadedFirst((id) => look().places.has(id))
  let known: { line: InLine[]; places: Map<string, number>; had: Map<string, Had> } | undefined

  /** Turns change with jobs of theirs that wait no more, so they are read each time; there are few people. */
  function hadBy(jobs: readonly WaitingJob[]): Map<string, Had> {
    const had = new Map<string, Had>()
    for (const { personId } of jobs) {
      if (had.has(personId)) continue
      const row = selectHad.get(personId) as Had | undefined
      had.set(personId, row ?? { finishTag: 0, served: 0 })
    }
    return had
  }

  function look() {
    if (!known) {
      const jobs = waiting.list()
      const had = hadBy(jobs)
      const line = inFairOrder(jobs, had)
      known = { line, places: new Map(line.map(({ id }, index) => [id, index + 1])), had }
    }
    return known
  }

  return {
    place: (id) => look().places.get(id),
    list: () => look().line,
    next({ models, isFree = () => true, isLoaded = () => true }, now) {
      const { line, had } = look()
      const able = line
        .values()
        .filter((each) => each.notBefore <= now && models.has(each.model) && isFree(each))
      const job = loadedFirst.choose(able.take(LOOK_AHEAD).toArray(), isLoaded)
      if (!job || job.startTag !== null) return job
      // It may go before others of its person: then it has the turn of the first of them, which pays for its own seconds later.
      return { ...job, tag: Math.max(job.clock, had.get(job.personId)?.finishTag ?? 0) }
    },
    nextPauseEnd(now) {
      const ends = look()
        .line.map(({ notBefore }) => notBefore)
        .filter((end) => end > now)
      return ends.length > 0 ? Math.min(...ends) : undefined
    },
    isEmpty: () => look().line.length === 0,
    forget(id) {
      waiting.forget(id)
      known = undefined
    },
  }
}

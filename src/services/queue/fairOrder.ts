/** Who is next: the person served least recently; of theirs, the oldest job. */
import type { DatabaseSync } from 'node:sqlite'

export type FairOrder = {
  /** 1 for the next job; undefined when the job does not wait. */
  place(id: string): number | undefined
  /** The first job that a lane with these models may draw now; `isFree` can pass one over. */
  next(models: ReadonlySet<string>, now: number, isFree?: (job: InLine) => boolean): string | undefined
  /** When the first job that pauses before a retry may go on, in ms since 1970. */
  nextPauseEnd(now: number): number | undefined
  isEmpty(): boolean
  /** The jobs have changed: look again. */
  forget(): void
}

/** `isPaid`: what it costs was reserved when it was accepted. */
export type InLine = { id: string; model: string; isPaid: boolean }
type Row = { id: string; model: string; notBefore: number; isPaid: number }
type Waiting = InLine & { notBefore: number; place: number }

/**
 * The line as it will be served if nobody else comes: each round takes one job of every person, in the order in which
 * they were served last (those never served first, by their oldest job).
 */
const line = `
  SELECT id, model, not_before AS notBefore, reserved_usd IS NOT NULL AS isPaid
  FROM (
    SELECT jobs.id, jobs.model, jobs.not_before, jobs.reserved_usd, coalesce(turns.served, 0) AS served,
      row_number() OVER (PARTITION BY asker_id ORDER BY seq) AS round,
      min(seq) OVER (PARTITION BY asker_id) AS oldest
    FROM jobs LEFT JOIN turns ON turns.person_id = jobs.asker_id
    WHERE jobs.state = 'waiting'
  )
  ORDER BY round, served, oldest`

/** The line over the jobs of a database; asked again only after `forget()`. */
export function createFairOrder(database: DatabaseSync): FairOrder {
  const select = database.prepare(line)
  let known: Map<string, Waiting> | undefined

  function waiting(): Map<string, Waiting> {
    if (!known) {
      const rows = select.all() as Row[]
      known = new Map(
        rows.map((row, index) => [row.id, { ...row, isPaid: row.isPaid === 1, place: index + 1 }]),
      )
    }
    return known
  }

  return {
    place: (id) => waiting().get(id)?.place,
    next(models, now, isFree = () => true) {
      for (const job of waiting().values()) {
        if (job.notBefore <= now && models.has(job.model) && isFree(job)) return job.id
      }
      return undefined
    },
    nextPauseEnd(now) {
      const ends = [...waiting().values()].map(({ notBefore }) => notBefore).filter((end) => end > now)
      return ends.length > 0 ? Math.min(...ends) : undefined
    },
    isEmpty: () => waiting().size === 0,
    forget() {
      known = undefined
    },
  }
}

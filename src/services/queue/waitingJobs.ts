/** What waits, kept in memory: after a change only the job that has changed is read again, however long the line is. */
import type { DatabaseSync } from 'node:sqlite'

/** `seq` counts up in the order of acceptance; `isPaid`: what it costs was reserved when it was accepted. */
export type WaitingJob = {
  seq: number
  id: string
  personId: string
  guildId: string
  model: string
  kind: string
  size: string
  pictures: number
  isPaid: boolean
  notBefore: number
  /** How long it is expected to take; always more than 0. */
  seconds: number
  /** The virtual time when it was accepted. */
  clock: number
  /** Its start tag when it was begun before; null when it never was. */
  startTag: number | null
  /** Before everyone who is not: an instructor's, where the class says so. */
  isFirst: boolean
}

type Row = Omit<WaitingJob, 'isPaid' | 'isFirst'> & { isPaid: number; isFirst: number }

const columns = `
  seq, id, guild_id AS guildId, model, kind, size, pictures, not_before AS notBefore, reserved_usd IS NOT NULL AS isPaid,
  asker_id AS personId, expected_seconds AS seconds, clock, start_tag AS startTag, is_first AS isFirst`

export type WaitingJobs = {
  /** In the order in which they were accepted. */
  list(): WaitingJob[]
  /** By id, in no order. */
  all(): ReadonlyMap<string, WaitingJob>
  /** Reads a job again when it is asked for next; without an id all of them. */
  forget(id?: string): void
}

/** What waits in a database that nobody else writes. */
export function createWaitingJobs(database: DatabaseSync): WaitingJobs {
  const selectAll = database.prepare(`SELECT ${columns} FROM jobs WHERE state = 'waiting' ORDER BY seq`)
  const selectOne = database.prepare(`SELECT ${columns} FROM jobs WHERE id = ? AND state = 'waiting'`)
  const changed = new Set<string>()
  let known: Map<string, WaitingJob> | undefined

  function read(): Map<string, WaitingJob> {
    known ??= new Map((selectAll.all() as Row[]).map((row) => [row.id, jobOf(row)]))
    for (const id of changed) {
      const row = selectOne.get(id) as Row | undefined
      if (row) known.set(id, jobOf(row))
      else known.delete(id)
      // Only now: what could not be read is read with the next look.
      changed.delete(id)
    }
    return known
  }

  return {
    // Sorted, because what has failed waits again at its old place.
    list: () => [...read().values()].sort((a, b) => a.seq - b.seq),
    all: read,
    forget(id) {
      if (id !== undefined) {
        changed.add(id)
        return
      }
      changed.clear()
      known = undefined
    },
  }
}

const jobOf = (row: Row): WaitingJob => ({ ...row, isPaid: row.isPaid === 1, isFirst: row.isFirst === 1 })

/** How busy the class is and how long pictures take, measured from its own jobs. */
import type { DatabaseSync } from 'node:sqlite'

export type Stats = {
  /** Jobs of a server that wait or are being drawn. */
  open(guildId: string): number
  /** Jobs in line for a model. */
  waiting(model: string): number
  /** From the beginning of the drawing to its end: the median of the last 20 jobs; undefined when there were none. */
  typicalSeconds(model: string): { seconds: number; jobs: number } | undefined
}

const RECENT = 20

/** The numbers over the jobs of a database. */
export function createStats(database: DatabaseSync): Stats {
  const countWaiting = database.prepare(
    `SELECT count(*) AS count FROM jobs WHERE state = 'waiting' AND model = ?`,
  )
  const countOpen = database.prepare(
    `SELECT count(*) AS count FROM jobs WHERE state IN ('waiting', 'running') AND guild_id = ?`,
  )
  const recent = database.prepare(`
    SELECT finished_at - started_at AS ms FROM jobs
    WHERE state = 'done' AND model = ? AND started_at IS NOT NULL ORDER BY seq DESC LIMIT ${RECENT}`)
  return {
    open: (guildId) => Number(countOpen.get(guildId)?.['count']),
    waiting: (model) => Number(countWaiting.get(model)?.['count']),
    typicalSeconds(model) {
      const times = recent.all(model).map(({ ms }) => Number(ms))
      if (times.length === 0) return undefined
      return { seconds: median(times) / 1000, jobs: times.length }
    },
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? 0)) / 2
}

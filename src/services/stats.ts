/** How busy the class is and how long pictures take, measured from its own jobs. */
import type { DatabaseSync } from 'node:sqlite'

export type Stats = {
  /** Jobs of a server that wait or are being drawn. */
  open(guildId: string): number
  /** Jobs in line for a model. */
  waiting(model: string): number
  /**
   * One picture, from the beginning of the drawing to its end: the median of the last 20 jobs; undefined when there were none.
   * Experiments do not count: they draw with settings that nobody draws with.
   */
  typicalSeconds(model: string): { seconds: number; jobs: number } | undefined
  /** The same for pictures of one size, e.g. "512x512", else of any size; undefined when there were none. */
  secondsPerPicture(model: string, size: string): number | undefined
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
    SELECT (finished_at - started_at) * 1.0 / pictures AS ms FROM jobs
    WHERE state = 'done' AND kind <> 'experiment' AND model = ? AND started_at IS NOT NULL
    ORDER BY seq DESC LIMIT ${RECENT}`)
  const recentOfSize = database.prepare(`
    SELECT (finished_at - started_at) * 1.0 / pictures AS ms FROM jobs
    WHERE state = 'done' AND kind <> 'experiment' AND model = ? AND size = ? AND started_at IS NOT NULL
    ORDER BY seq DESC LIMIT ${RECENT}`)
  const msOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ ms }) => Number(ms))

  const stats: Stats = {
    open: (guildId) => Number(countOpen.get(guildId)?.['count']),
    waiting: (model) => Number(countWaiting.get(model)?.['count']),
    typicalSeconds(model) {
      const times = msOf(recent.all(model))
      if (times.length === 0) return undefined
      return { seconds: median(times) / 1000, jobs: times.length }
    },
    secondsPerPicture(model, size) {
      const times = msOf(recentOfSize.all(model, size))
      return times.length > 0 ? median(times) / 1000 : stats.typicalSeconds(model)?.seconds
    },
  }
  return stats
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? 0)) / 2
}

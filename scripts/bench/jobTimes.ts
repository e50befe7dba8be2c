/** When each job was accepted, begun and stored, read from the bot's own table. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** In ms since 1970. */
export type JobTimes = { acceptedAt: number; begunAt: number; finishedAt: number }

/** By the id of the interaction; a job that is not through has NaN. */
export function jobTimes(dataDir: string): (interaction: string) => JobTimes {
  const database = new DatabaseSync(path.join(dataDir, 'darkroom.db'), { readOnly: true })
  const rows = database.prepare('SELECT interaction_id, created_at, started_at, finished_at FROM jobs').all()
  database.close()
  const at = (value: unknown) => (typeof value === 'number' ? value : Number.NaN)
  const known = new Map(rows.map((row) => [row['interaction_id'], row]))
  return (interaction) => {
    const row = known.get(interaction)
    return {
      acceptedAt: at(row?.['created_at']),
      begunAt: at(row?.['started_at']),
      finishedAt: at(row?.['finished_at']),
    }
  }
}

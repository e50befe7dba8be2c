/** What a person has begun and not finished, e.g. which face of a picture they mean: buttons carry only its id. */
import type { DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'
import { UserError } from '../errors.ts'
import { newId } from './ids.ts'

export type Drafts = {
  /** @returns its id */
  put(personId: string, data: unknown): string
  /** The draft of this person, which is gone then. @throws UserError not-found when it is gone, or somebody else's */
  take<T>(id: string, personId: string, schema: z.ZodType<T>): T
}

const LIFE_MS = 24 * 60 * 60_000

export function createDrafts(database: DatabaseSync, now: () => number = Date.now): Drafts {
  const insert = database.prepare('INSERT INTO drafts VALUES (?, ?, ?, ?)')
  const take = database.prepare('DELETE FROM drafts WHERE id = ? AND person_id = ? RETURNING data')
  const forget = database.prepare('DELETE FROM drafts WHERE created_at < ?')
  return {
    put(personId, data) {
      forget.run(now() - LIFE_MS)
      const id = newId()
      insert.run(id, personId, JSON.stringify(data), now())
      return id
    },
    take(id, personId, schema) {
      const row = take.get(id, personId)
      if (row) return schema.parse(JSON.parse(String(row['data'])))
      throw new UserError(
        'not-found',
        'This was used already, or lies too long ago; please type the command again.',
      )
    },
  }
}

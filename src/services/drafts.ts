/**
 * What a person has begun and not finished: which face of a picture they mean, an experiment whose prediction they are writing, an offer
 * to make a picture here, a costly picture that they are asked about. Buttons and forms carry only its id; it lives for a day, also over a restart.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'
import { UserError } from '../errors.ts'
import { inTransaction } from './database.ts'
import { newId } from './ids.ts'

export type Drafts = {
  /** @returns its id */
  put(personId: string, data: unknown): string
  /** The draft of this person. @throws UserError not-found when it is gone, or somebody else's */
  read<T>(id: string, personId: string, schema: z.ZodType<T>): T
  /** The same, and it is gone then; in a transaction that is open it comes back with it. @throws UserError as `read` */
  take<T>(id: string, personId: string, schema: z.ZodType<T>): T
}

const LIFE_MS = 24 * 60 * 60_000

/** @param onTaken is told what a draft held that is gone now */
export function createDrafts(
  database: DatabaseSync,
  now: () => number = Date.now,
  onTaken: (data: string) => void = () => undefined,
): Drafts {
  const insert = database.prepare('INSERT INTO drafts VALUES (?, ?, ?, ?)')
  const mine = 'id = ? AND person_id = ? AND created_at >= ?'
  const select = database.prepare(`SELECT data FROM drafts WHERE ${mine}`)
  const take = database.prepare(`DELETE FROM drafts WHERE ${mine} RETURNING data`)
  const forget = database.prepare('DELETE FROM drafts WHERE created_at < ?')

  function found(statement: typeof select, id: string, personId: string): string {
    const row = statement.get(id, personId, now() - LIFE_MS)
    if (row) return String(row['data'])
    throw new UserError(
      'not-found',
      'This was used already, or lies more than a day back; please begin again.',
    )
  }

  return {
    put(personId, data) {
      forget.run(now() - LIFE_MS)
      const id = newId()
      insert.run(id, personId, JSON.stringify(data), now())
      return id
    },
    read: (id, personId, schema) => schema.parse(JSON.parse(found(select, id, personId))),
    take(id, personId, schema) {
      const work = () => found(take, id, personId)
      const data = database.isTransaction ? work() : inTransaction(database, work)
      onTaken(data)
      return schema.parse(JSON.parse(data))
    },
  }
}

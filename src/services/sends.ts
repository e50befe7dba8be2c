/**
 * What is sent to Discord, written down before it is sent: planned with the transaction that makes it necessary, open
 * while it may have arrived, done when it is known to be there or nothing can take it. A crash leaves it open; whoever
 * goes on looks in Discord for its mark before sending it again.
 */
import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { inTransaction } from './database.ts'
import type { MessagePlace } from './queue/jobTable.ts'

const kinds = ['reply', 'follow-up', 'channel', 'gallery', 'forum', 'thread', 'dm'] as const
export type SendKind = (typeof kinds)[number]

export type Send = {
  /** What it is for, e.g. `end:<job>`; there is one send for each. */
  key: string
  state: 'planned' | 'open' | 'done'
  kind: SendKind | undefined
  /** Where it was last tried. */
  channelId: string | undefined
  /** The number of a part of the message by which it is found again. */
  mark: number
  /** What is needed to make the message again after a restart, where no row of another table has it. */
  data: string | undefined
  /** The message; undefined before the end, or when every way was closed. */
  message: MessagePlace | undefined
  /** No message of it is older than this. */
  since: number
}

export type Plan = { key: string; data?: string }

export type Sends = {
  get(key: string): Send | undefined
  /** Several messages that belong together: all of them are sent, or none was begun. */
  plan(plans: readonly Plan[]): void
  /** Just before it is sent: from now on it may be there. */
  begin(
    key: string,
    way: { kind: SendKind; channelId: string; jobId?: string | undefined; since?: number },
  ): Send
  /** It is there, or (undefined) no way was open. `also` is stored in the same transaction. */
  done(key: string, message: MessagePlace | undefined, also?: () => void): void
  /** Planned or open, oldest first. */
  unfinished(): Send[]
  /** Jobs of a person that have ended but could be shown nowhere, newest first. */
  undelivered(personId: string, guildId: string): string[]
}

/** Done for so long, nobody asks any more; what arrived nowhere stays for /mine. */
const KEPT_MS = 30 * 24 * 60 * 60_000

const rowSchema = z
  .object({
    key: z.string(),
    state: z.enum(['planned', 'open', 'done']),
    kind: z.enum(kinds).nullable(),
    channel_id: z.string().nullable(),
    mark: z.number(),
    data: z.string().nullable(),
    message_channel_id: z.string().nullable(),
    message_id: z.string().nullable(),
    created_at: z.number(),
  })
  .transform((row): Send => ({
    key: row.key,
    state: row.state,
    kind: row.kind ?? undefined,
    channelId: row.channel_id ?? undefined,
    mark: row.mark,
    data: row.data ?? undefined,
    message:
      row.message_channel_id !== null && row.message_id !== null
        ? { channelId: row.message_channel_id, messageId: row.message_id }
        : undefined,
    since: row.created_at,
  }))

/** Ten digits, so that it fits Discord's 32-bit ids of components and meets none of those that Discord counts itself. */
const markOf = (key: string): number =>
  1_000_000_000 + (createHash('sha256').update(key).digest().readUInt32BE() % 1_000_000_000)

/** For other tables: plans a send within the transaction that makes it necessary. */
export function createPlanner(database: DatabaseSync, now: () => number = Date.now) {
  const insert = database.prepare(`
    INSERT OR IGNORE INTO sends (key, state, mark, data, created_at) VALUES ($key, 'planned', $mark, $data, $now)`)
  return ({ key, data }: Plan): void => {
    insert.run({ key, mark: markOf(key), data: data ?? null, now: now() })
  }
}

/** The table `sends` over an open database. */
export function createSends(database: DatabaseSync, now: () => number = Date.now): Sends {
  const plan = createPlanner(database, now)
  const select = database.prepare('SELECT * FROM sends WHERE key = ?')
  const selectUnfinished = database.prepare(`SELECT * FROM sends WHERE state <> 'done' ORDER BY seq`)
  const begin = database.prepare(`
    INSERT INTO sends (key, state, kind, channel_id, job_id, mark, created_at)
    VALUES ($key, 'open', $kind, $channelId, $jobId, $mark, $since)
    ON CONFLICT (key) DO UPDATE SET state = 'open', kind = excluded.kind, channel_id = excluded.channel_id
    RETURNING *`)
  const done = database.prepare(`
    UPDATE sends SET state = 'done', message_channel_id = $channelId, message_id = $messageId, data = NULL
    WHERE key = $key`)
  const selectUndelivered = database.prepare(`
    SELECT jobs.id FROM sends JOIN jobs ON jobs.id = sends.job_id
    WHERE sends.key = 'end:' || jobs.id AND sends.state = 'done' AND sends.message_id IS NULL
      AND jobs.state IN ('done', 'failed') AND asker_id = $personId AND guild_id = $guildId
    ORDER BY jobs.seq DESC`)
  database
    .prepare(
      `DELETE FROM sends WHERE state = 'done' AND created_at < ? AND (message_id IS NOT NULL OR key NOT LIKE 'end:%')`,
    )
    .run(now() - KEPT_MS)

  return {
    get(key) {
      const row = select.get(key)
      return row && rowSchema.parse(row)
    },
    plan: (plans) => inTransaction(database, () => plans.forEach(plan)),
    begin(key, { kind, channelId, jobId, since }) {
      const row = { key, kind, channelId, jobId: jobId ?? null, mark: markOf(key), since: since ?? now() }
      return rowSchema.parse(inTransaction(database, () => begin.get(row)))
    },
    done(key, message, also) {
      inTransaction(database, () => {
        done.run({ key, ...(message ?? { channelId: null, messageId: null }) })
        also?.()
      })
    },
    unfinished: () => selectUnfinished.all().map((row) => rowSchema.parse(row)),
    undelivered: (personId, guildId) =>
      selectUndelivered.all({ personId, guildId }).map((row) => String(row['id'])),
  }
}

/** Interactions whose answer was announced ("thinking") before there is a job: what a dead process leaves of them is withdrawn. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'

export type Announcement = {
  interactionId: string
  applicationId: string
  token: string
  channelId: string
  /** Ms since 1970. */
  createdAt: number
}

export type Announced = {
  /** Before it is announced. */
  add(announcement: Omit<Announcement, 'createdAt'>): void
  /** It was answered, became a job, or was refused in words. */
  done(interactionId: string): void
  /** Nobody could be told what became of it: it is one of those that are left. */
  leave(interactionId: string): void
  /** The same for one that a former process has left. */
  forget(interactionId: string): void
  /** Those of a former process, or left by this one, that became no job; those of yesterday are forgotten. */
  left(): Announcement[]
}

const ONE_DAY_MS = 24 * 60 * 60_000

const rowSchema = z.object({
  interactionId: z.string(),
  applicationId: z.string(),
  token: z.string(),
  channelId: z.string(),
  createdAt: z.number(),
})

export function createAnnounced(database: DatabaseSync, now: () => number = Date.now): Announced {
  const insert = database.prepare(`
    INSERT OR REPLACE INTO announced (interaction_id, application_id, token, channel_id, created_at)
    VALUES ($interactionId, $applicationId, $token, $channelId, $now)`)
  const remove = database.prepare('DELETE FROM announced WHERE interaction_id = ?')
  const removeOld = database.prepare(`
    DELETE FROM announced WHERE created_at <= ?
      OR EXISTS (SELECT 1 FROM jobs WHERE jobs.interaction_id = announced.interaction_id)`)
  const selectAll = database.prepare(`
    SELECT interaction_id AS interactionId, application_id AS applicationId, token, channel_id AS channelId,
      created_at AS createdAt
    FROM announced`)
  const own = new Set<string>()
  return {
    add(announcement) {
      insert.run({ ...announcement, now: now() })
      own.add(announcement.interactionId)
    },
    done(interactionId) {
      if (!own.has(interactionId)) return
      remove.run(interactionId)
      own.delete(interactionId)
    },
    leave: (interactionId) => void own.delete(interactionId),
    forget: (interactionId) => void remove.run(interactionId),
    left() {
      removeOld.run(now() - ONE_DAY_MS)
      return selectAll
        .all()
        .map((row) => rowSchema.parse(row))
        .filter(({ interactionId }) => !own.has(interactionId))
    },
  }
}

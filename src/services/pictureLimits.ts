/**
 * How many pictures may be asked for in a day. As with the budget there is no book: the jobs of the day are counted, and what failed
 * or was cancelled is not among them.
 */
import type { DatabaseSync } from 'node:sqlite'
import { UserError } from '../errors.ts'
import { dayOf } from './day.ts'
import type { GuildSettings } from './settings.ts'

/** Pictures a day; absent: as many as you like. */
export type PictureLimits = { person?: number | undefined; class?: number | undefined }

/** What the instructors have set. */
export const pictureLimitsOf = ({ picturesPerson, picturesClass }: GuildSettings): PictureLimits => ({
  person: picturesPerson,
  class: picturesClass,
})

export type PictureCount = {
  /** What the instructors have set. */
  limits(settings: GuildSettings): PictureLimits
  /** Pictures of today that were drawn or are still to be drawn. */
  used(guildId: string, personId: string): { person: number; class: number }
  /** What is left today, at least 0; absent where there is no limit. */
  left(guildId: string, personId: string, limits: PictureLimits): PictureLimits
  /**
   * Call it in the transaction that stores the job.
   * @returns the day on which the pictures count
   * @throws UserError too-many with what is left
   */
  take(guildId: string, personId: string, pictures: number, limits: PictureLimits): string
}

const usedOn = `
  SELECT coalesce(sum(pictures), 0) AS class,
    coalesce(sum(pictures) FILTER (WHERE asker_id = $personId), 0) AS person
  FROM jobs WHERE guild_id = $guildId AND asked_on = $day AND state NOT IN ('failed', 'cancelled')`

/** The count over the jobs of a database. Days are those of the bot's time zone. */
export function createPictureCount(database: DatabaseSync, now: () => number = Date.now): PictureCount {
  const select = database.prepare(usedOn)

  function used(guildId: string, personId: string): { person: number; class: number } {
    return select.get({ guildId, personId, day: dayOf(now()) }) as { person: number; class: number }
  }

  function left(guildId: string, personId: string, limits: PictureLimits): PictureLimits {
    if (limits.person === undefined && limits.class === undefined) return {}
    const today = used(guildId, personId)
    const rest = (limit: number | undefined, count: number) =>
      limit === undefined ? undefined : Math.max(0, limit - count)
    return { person: rest(limits.person, today.person), class: rest(limits.class, today.class) }
  }

  return {
    limits: pictureLimitsOf,
    used,
    left,
    take(guildId, personId, pictures, limits) {
      const rest = left(guildId, personId, limits)
      const isOfPerson = (rest.person ?? Infinity) <= (rest.class ?? Infinity)
      const remaining = isOfPerson ? rest.person : rest.class
      if (remaining !== undefined && pictures > remaining) {
        const limit = isOfPerson ? limits.person : limits.class
        const whose = isOfPerson ? 'Your limit is' : 'The limit of the class is'
        throw new UserError(
          'too-many',
          `${whose} ${inWords(limit ?? 0)} a day and ${remaining === 0 ? 'none is' : `only ${remaining} ${remaining === 1 ? 'is' : 'are'}`} left, but this makes ${pictures}; ` +
            `please ${remaining > 0 ? 'ask for fewer, or ' : ''}go on tomorrow, or talk to your instructor.`,
        )
      }
      return dayOf(now())
    },
  }
}

const inWords = (pictures: number): string => (pictures === 1 ? '1 picture' : `${pictures} pictures`)

/**
 * What drawing may cost in a day. There is no book beside the jobs: an amount is reserved in the row of its job and
 * counts while the job is open; when the job ends, its real cost counts instead. So nothing reserved can outlive its job.
 */
import type { DatabaseSync } from 'node:sqlite'
import { UserError } from '../errors.ts'
import { dollars } from '../money.ts'
import { dayOf } from './day.ts'
import type { GuildSettings } from './settings.ts'

/** US dollars a day. */
export type Limits = { classUsd: number; personUsd: number }

const usual: Limits = { classUsd: 5, personUsd: 0.5 }

/** What the instructors have set, else 5 dollars a day for the class and half a dollar for each person. */
export const limitsOf = ({ budgetClassUsd, budgetPersonUsd }: GuildSettings): Limits => ({
  classUsd: budgetClassUsd ?? usual.classUsd,
  personUsd: budgetPersonUsd ?? usual.personUsd,
})

/** What a job that costs money brings with it. */
export type Charge = { usd: number; limits: Limits }

export type Budget = {
  /** What the instructors have set, else the usual. */
  limits(settings: GuildSettings): Limits
  /** What was spent or is reserved today. */
  spent(guildId: string, personId: string): Limits
  /** What is left today, at least 0. */
  left(guildId: string, personId: string, limits: Limits): Limits
  /** Worth a question before it is drawn: more than a dollar or a quarter of what is left. What is more than all of it is refused instead. */
  isCostly(usd: number, left: Limits): boolean
  /**
   * Call it in the transaction that stores the job.
   * @returns the day on which the amount counts
   * @throws UserError over-budget with what is left and what it would cost
   */
  reserve(guildId: string, personId: string, charge: Charge): string
}

const spentOn = `
  SELECT coalesce(sum(usd), 0) AS classUsd, coalesce(sum(usd) FILTER (WHERE asker_id = $personId), 0) AS personUsd
  FROM (
    SELECT asker_id,
      CASE WHEN state IN ('waiting', 'running') THEN reserved_usd ELSE coalesce(cost_usd, 0) END AS usd
    FROM jobs WHERE guild_id = $guildId AND charged_on = $day
  )`

/** From here on one is asked before it is drawn. */
const COSTLY_USD = 1
const COSTLY_PART = 0.25

/** Sums of many small amounts are not exact in binary. */
const HAIR = 1e-9

/** The budget over the jobs of a database. Days are those of the bot's time zone. */
export function createBudget({
  database,
  now = Date.now,
}: {
  database: DatabaseSync
  now?: () => number
}): Budget {
  const select = database.prepare(spentOn)

  function spent(guildId: string, personId: string): Limits {
    return select.get({ guildId, personId, day: dayOf(now()) }) as Limits
  }

  function left(guildId: string, personId: string, limits: Limits): Limits {
    const { classUsd, personUsd } = spent(guildId, personId)
    return {
      classUsd: Math.max(0, limits.classUsd - classUsd),
      personUsd: Math.max(0, limits.personUsd - personUsd),
    }
  }

  return {
    limits: limitsOf,
    spent,
    left,
    isCostly(usd, { classUsd, personUsd }) {
      const rest = Math.min(classUsd, personUsd)
      return usd <= rest + HAIR && usd > Math.min(COSTLY_USD, COSTLY_PART * rest) + HAIR
    },
    reserve(guildId, personId, { usd, limits }) {
      const rest = left(guildId, personId, limits)
      const [ofWhat, remaining] =
        rest.personUsd <= rest.classUsd
          ? [`your ${dollars(limits.personUsd)} for today`, rest.personUsd]
          : [`the ${dollars(limits.classUsd)} of the class for today`, rest.classUsd]
      if (usd > remaining + HAIR) {
        throw new UserError(
          'over-budget',
          `This would cost about ${dollars(usd)}, but only ${dollars(remaining)} of ${ofWhat} is left; ` +
            'please choose a model that is free, or go on tomorrow.',
        )
      }
      return dayOf(now())
    },
  }
}

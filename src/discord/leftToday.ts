/** What a person may still ask for today. */
import type { Limits } from '../services/budget.ts'
import type { Services } from '../services/index.ts'
import type { PictureLimits } from '../services/pictureLimits.ts'

/** Absent numbers of pictures: as many as they like. */
export type LeftToday = { usd: Limits; pictures: PictureLimits }

export async function leftToday(
  { budget, pictureCount, settings }: Pick<Services, 'budget' | 'pictureCount' | 'settings'>,
  guildId: string,
  personId: string,
): Promise<LeftToday> {
  const rules = await settings.guild(guildId)
  return {
    usd: budget.left(guildId, personId, budget.limits(rules)),
    pictures: pictureCount.left(guildId, personId, pictureCount.limits(rules)),
  }
}

/** What a person may still ask for today. */
import type { Services } from '../services/index.ts'
import type { PictureLimits } from '../services/pictureLimits.ts'

/** Absent numbers: as many as they like. */
export async function picturesLeft(
  { pictureCount, settings }: Pick<Services, 'pictureCount' | 'settings'>,
  guildId: string,
  personId: string,
): Promise<PictureLimits> {
  return pictureCount.left(guildId, personId, pictureCount.limits(await settings.guild(guildId)))
}

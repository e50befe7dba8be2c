/** What the rules of a class mean for one job of one person. */
import type { Asker } from '../domain.ts'
import { pictureLimitsOf } from './pictureLimits.ts'
import type { Terms } from './queue.ts'
import type { GuildSettings } from './settings.ts'

/** How many pictures a day may bring, and whether the job goes before those of others. */
export const classTerms = (
  rules: GuildSettings,
  { isInstructor = false }: Asker,
): Pick<Terms, 'limits' | 'isFirst'> => ({
  limits: pictureLimitsOf(rules),
  isFirst: isInstructor && (rules.instructorsFirst ?? false),
})

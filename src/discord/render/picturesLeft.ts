/** What is left of the pictures of a day. Pure. */
import type { PictureLimits } from '../../services/pictureLimits.ts'
import { count } from './blocks.ts'

/** "Left for today: 11 pictures for you, 40 for the class."; undefined where there is no limit. */
export function picturesLeftInWords(left: PictureLimits): string | undefined {
  const parts = [
    ...(left.person === undefined ? [] : [`${count(left.person, 'picture')} for you`]),
    ...(left.class === undefined ? [] : [`${count(left.class, 'picture')} for the class`]),
  ]
  return parts.length === 0 ? undefined : `Left for today: ${parts.join(', ')}.`
}

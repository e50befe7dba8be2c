/** What is left of a day's pictures and dollars. Pure. */
import { dollars } from '../../money.ts'
import type { Limits } from '../../services/budget.ts'
import type { PictureLimits } from '../../services/pictureLimits.ts'
import { count } from './blocks.ts'

/** Dollars where they matter; absent numbers of pictures: as many as they like. */
type Left = { usd?: Limits | undefined; pictures: PictureLimits }

/** "Left for today: $0.38 and seven pictures for you, $3.20 for the class."; undefined where there is no limit. */
export function leftInWords({ usd, pictures }: Left): string | undefined {
  const parts = [
    ...partOf(amounts(usd?.personUsd, pictures.person), 'for you'),
    ...partOf(amounts(usd?.classUsd, pictures.class), 'for the class'),
  ]
  return parts.length === 0 ? undefined : `Left for today: ${parts.join(', ')}.`
}

/** "$0.38 and seven pictures": what one person can have of it, whoever's limit comes first. */
export function leftInShort({ usd, pictures }: { usd: Limits; pictures: PictureLimits }): string {
  const rest = Math.min(pictures.person ?? Infinity, pictures.class ?? Infinity)
  return amounts(Math.min(usd.personUsd, usd.classUsd), rest === Infinity ? undefined : rest).join(' and ')
}

const amounts = (usd: number | undefined, pictures: number | undefined): string[] => [
  ...(usd === undefined ? [] : [dollars(usd)]),
  ...(pictures === undefined ? [] : [count(pictures, 'picture')]),
]

const partOf = (words: readonly string[], whose: string): string[] =>
  words.length === 0 ? [] : [`${words.join(' and ')} ${whose}`]

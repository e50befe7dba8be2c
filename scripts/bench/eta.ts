/** What was said of the time until a picture is there, beside the time that it took. */
import type { Forecast } from './bot.ts'
import { median, percent, seconds, spread, type Row } from './figures.ts'
import type { Story } from './stories.ts'

/** Both in ms. */
type Eta = { said: number; real: number }

export type Etas = { forecast: readonly Eta[]; told: readonly Eta[] }

/** The forecast of the queue itself, asked when everyone was acknowledged; of `now` in ms since 1970. */
export function forecasts(line: readonly Forecast[], now: number, stories: readonly Story[]): Eta[] {
  const left = new Map(line.map(({ interaction, secondsLeft }) => [interaction, secondsLeft]))
  return stories.flatMap(({ interaction, result }) => {
    const said = left.get(interaction)
    return said === undefined ? [] : [{ said: said * 1000, real: result.at - now }]
  })
}

/** The first time that stood in each student's message. */
export function told(stories: readonly Story[]): Eta[] {
  return stories.flatMap(({ edits, result }) => {
    const first = edits.find((edit) => edit.told !== undefined)
    const said = first?.told === undefined ? undefined : secondsIn(first.told)
    return first && said !== undefined ? [{ said: said * 1000, real: result.at - first.at }] : []
  })
}

/** As aboutSeconds of render/wait.ts writes them; "a few" are at most three. */
function secondsIn(words: string): number | undefined {
  if (words === 'a few seconds') return 3
  const [, number = '', unit] = /^about (\S+) (second|minute)/.exec(words) ?? []
  const index = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].indexOf(
    number,
  )
  const amount = index > 0 ? index : Number(number)
  return unit === undefined || Number.isNaN(amount) ? undefined : amount * (unit === 'minute' ? 60 : 1)
}

/** @param rounds of the same thing */
export const etaRows = (what: string, rounds: readonly Etas[]): Row[] => [
  ...errorRow(
    `ETA error, ${what}: forecast`,
    rounds.map(({ forecast }) => forecast),
    "the queue's own in whole seconds, when all were accepted",
  ),
  ...errorRow(
    `ETA error, ${what}: as told`,
    rounds.map(({ told }) => told),
    'the first time in the message; from 10 s it is the nearest 5 s, "a few seconds" counts as 3 s',
  ),
]

function errorRow(what: string, rounds: readonly (readonly Eta[])[], how: string): Row[] {
  const all = rounds.flat()
  if (all.length === 0) return []
  const errorOf = (etas: readonly Eta[]) => median(etas.map(({ said, real }) => Math.abs(said - real)))
  const share = median(all.map(({ said, real }) => Math.abs(said - real) / real))
  return [
    {
      what,
      figure: `${seconds(errorOf(all))}, ${percent(share)}`,
      spread: spread(rounds.filter((round) => round.length > 0).map(errorOf), seconds),
      how: `median absolute error of ${all.length}: ${how}`,
    },
  ]
}

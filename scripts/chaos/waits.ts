/** When each job is known to have waited, from what people saw in time: what was shown late says nothing of when it was. */
import type { Ends } from './ends.ts'
import type { Command, Log, Outage } from './log.ts'
import type { Shown } from './messages.ts'

export type Wait = {
  command: Command
  /** When it was acknowledged. */
  askedAt: number
  /** The first sign that it had its turn: shown at work, a result or an error. Infinity: none, or cancelled before. */
  servedAt: number
  /** Infinity: its end was not seen, or only when its person asked for it. */
  endedAt: number
  /** When it was certainly over: also as its copy in the gallery or its answer in /mine tell. Infinity: nothing told it. */
  overAt: number
  /** Times in which it certainly was in line. */
  inLine: Span[]
}

/** In ms since 1970. */
type Span = { from: number; until: number }

/**
 * Of everything that was accepted. What was refused at once was never in line.
 * @param inGallery copies of results; `messages` are all others
 */
export function waitsOf(
  { outages, claims }: Pick<Log, 'outages' | 'claims'>,
  ends: ReadonlyMap<Command, Ends>,
  messages: readonly Shown[],
  inGallery: readonly Shown[],
): Wait[] {
  const own = Map.groupBy(messages, ({ interaction }) => interaction)
  // What could be shown nowhere lay ready until its person asked for it: when its turn was, nobody saw.
  const claimed = new Set(claims.map(({ interaction }) => interaction))
  const isShown = ({ interaction }: Shown) => interaction === undefined || !claimed.has(interaction)
  const accepted = [...ends].filter(([{ state }]) => state === 'deferred')
  return accepted.map(([command, { results, errors, cancelled }]): Wait => {
    const { interaction } = command
    const askedAt = command.answeredAt ?? command.sentAt
    const shown = interaction === undefined ? [] : (own.get(interaction) ?? [])
    const told = errors.filter((each) => each.interaction !== interaction)
    const endedAt = Math.min(
      ...shown.map(({ settledAt }) => settledAt ?? Infinity),
      ...results.filter(isShown).map(({ picturesAt }) => picturesAt ?? Infinity),
      ...told.filter(isShown).map(({ firstAt }) => firstAt),
    )
    const copies = inGallery.filter(({ text }) => text.includes(command.says))
    const overAt = Math.min(
      endedAt,
      ...[...results, ...copies].map(({ picturesAt }) => picturesAt ?? Infinity),
      ...told.map(({ firstAt }) => firstAt),
    )
    const atWork = shown.flatMap(({ atWorkAt }) => atWorkAt)
    const blind = outages.filter((each) => [undefined, interaction].includes(each.interaction))
    const starts = [askedAt, ...shown.flatMap(({ inLineAt }) => inLineAt)]
    return {
      command,
      askedAt,
      servedAt: Math.min(...atWork, cancelled.length > 0 ? Infinity : endedAt),
      endedAt,
      overAt,
      inLine: spansOf(starts, [...atWork, overAt], blind),
    }
  })
}

/** Who is known to be in line stays there until something else is seen, or could be true and not be seen. */
function spansOf(starts: readonly number[], stops: readonly number[], blind: readonly Outage[]): Span[] {
  const ends = [...stops, ...blind.map(({ from }) => from)]
  return starts
    .filter((at) => !blind.some(({ from, until }) => from <= at && at <= until))
    .map((from) => ({ from, until: Math.min(...ends.filter((at) => at >= from)) }))
}

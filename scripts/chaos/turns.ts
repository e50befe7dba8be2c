/** Everybody gets a turn: how many jobs of others came before somebody's, as far as people could see that in time. */
import type { Wait } from './waits.ts'

/**
 * So many jobs of others for the same model may come before one's own: typed later, or of somebody who floods the line. Turns are
 * counted in seconds, so many short jobs come after a long one of one's own; failed tries give turns away, too.
 */
const MOST_OVERTAKEN = 16
/** Who has so many jobs in line floods it. */
const FLOOD = 10
const LATELY_MS = 20_000

/** The most jobs of others that came before somebody's: typed later, and by somebody who flooded the line. */
export function judgeTurns(waits: readonly Wait[], broken: string[]): { overtaken: number; flooded: number } {
  let [overtaken, flooded] = [0, 0]
  for (const each of waits) {
    const { tag, personId, model } = each.command
    const others = waits.filter(({ command }) => command.personId !== personId && command.model === model)
    const turnAt = turnOf(each, waits)
    // Also when it went back into the line after a failed try.
    const later = servedIn(others, turnAt, lastInLine(each.inLine)).filter(
      ({ command }) => command.sentAt > turnAt,
    ).length
    if (later > MOST_OVERTAKEN) broken.push(`${tag}: ${later} jobs of others came first`)
    const first = isModest(each, waits) ? beforeInFlood(each, others, turnAt) : 0
    if (first > MOST_OVERTAKEN)
      broken.push(`${tag}: ${first} jobs of somebody who floods the line came first`)
    overtaken = Math.max(overtaken, later)
    flooded = Math.max(flooded, first)
  }
  return { overtaken, flooded }
}

/** How many jobs of one flood are known to be in line in the moment when this one was acknowledged. */
export function stoodBefore(tag: string, waits: readonly Wait[]): number {
  const each = waits.find(({ command }) => command.tag === tag)
  if (!each) return 0
  const { personId, model } = each.command
  const others = waits.filter(({ command }) => command.personId !== personId && command.model === model)
  return Math.max(0, ...floodsAt(each.askedAt, others).map((flood) => flood.length))
}

/** Before so few anybody may come: that nobody waits for a whole flood was not tried. */
export const areTooFew = (stood: number): boolean => stood <= MOST_OVERTAKEN

/** One's own earlier jobs come first; the turn begins when they are through. */
function turnOf({ command, askedAt, overAt }: Wait, waits: readonly Wait[]): number {
  const earlier = waits.filter(
    (other) =>
      other.command.personId === command.personId &&
      other.command.sentAt < command.sentAt &&
      // Of another model they may go on meanwhile.
      (other.command.model === command.model || other.overAt < overAt),
  )
  return Math.max(askedAt, ...earlier.map((other) => other.overAt))
}

/** Who has had much lately comes after who has had nothing, also after a flood of theirs: then there is nothing to judge. */
function isModest({ command }: Wait, waits: readonly Wait[]): boolean {
  const { personId, sentAt } = command
  return !waits.some(
    (other) =>
      other.command !== command &&
      other.command.personId === personId &&
      other.command.sentAt <= sentAt &&
      other.overAt > sentAt - LATELY_MS &&
      !isCancelledInLine(other),
  )
}

const isCancelledInLine = ({ servedAt, endedAt }: Wait) => servedAt === Infinity && endedAt < Infinity

/** Jobs that stood in line already in a flood, and yet had their turn while this one still waited for its first. */
function beforeInFlood(each: Wait, others: readonly Wait[], turnAt: number): number {
  const until = lastInLine(firstTime(each))
  return floodsAt(turnAt, others).reduce((sum, flood) => sum + servedIn(flood, turnAt, until).length, 0)
}

/** What each person who flooded the line then had in it for the first time. */
function floodsAt(at: number, waits: readonly Wait[]): Wait[][] {
  const inLine = waits.filter((each) => each.command.sentAt <= at && lastInLine(firstTime(each)) > at)
  const floods = Map.groupBy(inLine, ({ command }) => command.personId)
  return [...floods.values()].filter((flood) => flood.length >= FLOOD)
}

const servedIn = (waits: readonly Wait[], from: number, until: number) =>
  waits.filter(({ servedAt }) => servedAt > from && servedAt < until)

/** Without the times when it waited once more after it had been begun. */
const firstTime = ({ inLine, servedAt }: Wait) => inLine.filter(({ from }) => from < servedAt)

const lastInLine = (spans: Wait['inLine']) => Math.max(-Infinity, ...spans.map(({ until }) => until))

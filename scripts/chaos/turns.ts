/** Everybody gets a turn: how many jobs of others came before somebody's, judged by when people saw them begin and end. */
import { isAccepted, type Ends } from './ends.ts'
import type { Claim, Command } from './log.ts'

/**
 * So many jobs of others for the same model may come before one's own: typed later, or of somebody who floods the line. Turns are
 * counted in seconds, so many short jobs come after a long one of one's own; failed tries give turns away, too.
 */
const MOST_OVERTAKEN = 16
/** Who has so many jobs in line floods it. */
const FLOOD = 10
const LATELY_MS = 20_000

/** `begunAt`: when it was first seen that its turn had come. */
type Done = { command: Command; at: number; begunAt: number }

/** The most jobs of others that came before somebody's: typed later, and by somebody who flooded the line. */
export function judgeTurns(
  ends: ReadonlyMap<Command, Ends>,
  begun: ReadonlyMap<string, number>,
  claims: readonly Claim[],
  broken: string[],
): { overtaken: number; flooded: number } {
  // What could be shown nowhere lay ready until its person asked for it: when its turn was, nobody saw.
  const claimed = new Set(claims.map(({ interaction }) => interaction))
  const done = [...ends].flatMap(([command, found]): Done[] => {
    if ([...found.results, ...found.errors].some(({ interaction }) => claimed.has(interaction ?? '')))
      return []
    const times = [
      ...found.results.map(({ picturesAt }) => picturesAt ?? 0),
      ...[...found.errors, ...found.cancelled].map(({ firstAt }) => firstAt),
    ]
    if (times.length === 0 || !isAccepted(command)) return []
    const at = Math.min(...times)
    return [{ command, at, begunAt: Math.min(at, begun.get(command.interaction ?? '') ?? at) }]
  })
  let [overtaken, flooded] = [0, 0]
  for (const each of done) {
    const { tag } = each.command
    const others = done.filter(
      ({ command }) => command.personId !== each.command.personId && command.model === each.command.model,
    )
    const turnAt = turnOf(each, done)
    const later = others.filter(({ command, at }) => command.sentAt > turnAt && at < each.at).length
    if (later > MOST_OVERTAKEN) broken.push(`${tag}: ${later} jobs of others came first`)
    const first = isModest(each, done) ? beforeInFlood(each, others, turnAt) : 0
    if (first > MOST_OVERTAKEN)
      broken.push(`${tag}: ${first} jobs of somebody who floods the line came first`)
    overtaken = Math.max(overtaken, later)
    flooded = Math.max(flooded, first)
  }
  return { overtaken, flooded }
}

/** One's own earlier jobs come first; the turn begins when they are through. */
function turnOf({ command, at }: Done, done: readonly Done[]): number {
  const earlier = done.filter(
    (other) =>
      other.command.personId === command.personId && other.command.sentAt < command.sentAt && other.at < at,
  )
  return Math.max(command.sentAt, ...earlier.map((other) => other.at))
}

/** Who has had much lately comes after who has had nothing, also after a flood of theirs: then there is nothing to judge. */
function isModest({ command }: Done, done: readonly Done[]): boolean {
  const { personId, sentAt } = command
  return !done.some(
    ({ command: other, at }) =>
      other !== command && other.personId === personId && other.sentAt <= sentAt && at > sentAt - LATELY_MS,
  )
}

/** Jobs that stood in line already in a flood, and yet ended before this one was begun. */
function beforeInFlood({ begunAt }: Done, others: readonly Done[], turnAt: number): number {
  const inLine = others.filter(({ command, at }) => command.sentAt <= turnAt && at > turnAt)
  const persons = [...new Set(inLine.map(({ command }) => command.personId))]
  const floods = persons.map((id) => inLine.filter(({ command }) => command.personId === id))
  return floods
    .filter((flood) => flood.length >= FLOOD)
    .reduce((sum, flood) => sum + flood.filter(({ at }) => at < begunAt).length, 0)
}

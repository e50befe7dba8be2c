/** What must be true of every run, judged from what people saw in the class; the bot's database is never asked. */
import type { Command, Log } from './crowd.ts'
import { messagesOf, type Shown } from './messages.ts'

/** So many jobs of others, typed later and for the same model, may end before one's own; failed tries give turns away, too. */
const MOST_OVERTAKEN = 16

export type Verdict = {
  /** One line for each broken promise. */
  broken: string[]
  /** Commands that wait for their end, or for their place in the gallery. */
  open: string[]
  acknowledged: number
  results: number
  errors: number
  cancelled: number
  /** The most jobs of others that came before somebody's. */
  overtaken: number
}

type Ends = { results: Shown[]; errors: Shown[]; cancelled: Shown[] }

export function judge(log: Log): Verdict {
  const messages = messagesOf(log)
  const inGallery = messages.filter(({ channelId }) => log.galleryThreads.has(channelId))
  const elsewhere = messages.filter(({ channelId }) => !log.galleryThreads.has(channelId))
  const broken: string[] = []
  const open: string[] = []
  const ends = endsOf(log.commands, elsewhere, broken)
  for (const [command, found] of ends) judgeEnd(command, found, broken, open)
  for (const message of elsewhere) {
    if (!message.isOpen || message.isDeleted || message.isPrivate) continue
    const { tag = '?' } = log.commands.find((each) => each.interaction === message.interaction) ?? {}
    open.push(`${tag}: a message is left hanging: "${firstLine(message.text)}"`)
  }
  judgeGallery(ends, inGallery, broken, open)
  const days = [...log.galleryThreads.values()]
  if (new Set(days).size < days.length) broken.push(`the gallery has a day twice: ${days.join(', ')}`)
  const overtaken = judgeTurns(ends, broken)
  const sum = (kind: keyof Ends) => [...ends.values()].filter((found) => found[kind].length > 0).length
  return {
    broken,
    open,
    acknowledged: log.commands.filter(isAccepted).length,
    results: sum('results'),
    errors: sum('errors'),
    cancelled: sum('cancelled'),
    overtaken,
  }
}

const firstLine = (text: string) => text.split('\n')[0]?.slice(0, 80)
const isAccepted = ({ state }: Command) => state === 'deferred' || state === 'acknowledged'

function endsOf(
  commands: readonly Command[],
  messages: readonly Shown[],
  broken: string[],
): Map<Command, Ends> {
  const ends = new Map<Command, Ends>()
  for (const command of commands) {
    const own = messages.filter(({ interaction }) => interaction === command.interaction)
    ends.set(command, {
      // Also those that were deleted again: people saw them.
      results: messages.filter(({ text, pictures }) => pictures.size > 0 && text.includes(command.tag)),
      errors: errorsOf(own),
      cancelled: own.filter(({ text }) => text.startsWith('Cancelled:')),
    })
  }
  // An error that comes late may name only the person: then it belongs to the oldest command of theirs that has no end.
  const byPromise = [...commands.filter(isAccepted), ...commands]
  for (const message of messages) {
    if (!message.isError || message.isPrivate || message.interaction !== undefined) continue
    const command =
      commands.find(({ tag }) => message.text.includes(tag)) ??
      byPromise.find((each) => message.text.includes(each.personId) && countOf(ends.get(each)) === 0)
    if (command) ends.get(command)?.errors.push(message)
    else broken.push(`an error too many: "${firstLine(message.text)}"`)
  }
  return ends
}

/** A reason in private; where that was lost, the public message that says so or has a button "Why?". */
function errorsOf(own: readonly Shown[]): Shown[] {
  const told = own.filter((message) => message.isError)
  return told.length > 0
    ? told
    : own.filter(({ text }) => /^(No picture this time|That did not work)/.test(text))
}

const countOf = (ends: Ends | undefined) =>
  ends ? ends.results.length + ends.errors.length + ends.cancelled.length : 0

function judgeEnd(command: Command, ends: Ends, broken: string[], open: string[]): void {
  const count = countOf(ends)
  const { results, errors, cancelled } = ends
  const what = `${results.length} results, ${errors.length} errors, ${cancelled.length} cancelled`
  if (count > 1) broken.push(`${command.tag}: ended more than once (${what})`)
  if (count === 0 && isAccepted(command)) open.push(`${command.tag}: accepted, but has no end`)
}

function judgeGallery(
  ends: ReadonlyMap<Command, Ends>,
  entries: readonly Shown[],
  broken: string[],
  open: string[],
): void {
  const known = new Set<string>()
  for (const [{ tag }, { results }] of ends) {
    for (const result of results) {
      const [first] = result.pictures
      if (first === undefined) continue
      known.add(first)
      const hung = entries.filter(({ pictures, isDeleted }) => pictures.has(first) && !isDeleted)
      if (hung.length > 1) broken.push(`${tag}: hangs in the gallery ${hung.length} times`)
      if (hung.length === 0) open.push(`${tag}: is missing in the gallery`)
    }
  }
  for (const { pictures, text } of entries) {
    const [first] = pictures
    if (first !== undefined && !known.has(first))
      open.push(`the gallery shows what was never delivered: "${firstLine(text)}"`)
  }
}

/** How many jobs of others for the same model were typed after somebody's oldest one and yet ended before it. */
function judgeTurns(ends: ReadonlyMap<Command, Ends>, broken: string[]): number {
  const done = [...ends].flatMap(([command, found]) => {
    const times = [
      ...found.results.map(({ picturesAt }) => picturesAt ?? 0),
      ...[...found.errors, ...found.cancelled].map(({ firstAt }) => firstAt),
    ]
    return times.length > 0 && isAccepted(command) ? [{ command, at: Math.min(...times) }] : []
  })
  let most = 0
  for (const { command, at } of done) {
    const own = done.filter(({ command: other }) => other.personId === command.personId)
    // One's own earlier jobs come first; the turn begins when they are through.
    const earlier = own.filter((other) => other.command.sentAt < command.sentAt && other.at < at)
    const turnAt = Math.max(command.sentAt, ...earlier.map((other) => other.at))
    const before = done.filter(
      ({ command: other, at: otherAt }) =>
        other.personId !== command.personId &&
        other.model === command.model &&
        other.sentAt > turnAt &&
        otherAt < at,
    )
    most = Math.max(most, before.length)
    if (before.length > MOST_OVERTAKEN)
      broken.push(`${command.tag}: ${before.length} jobs of others came first`)
  }
  return most
}

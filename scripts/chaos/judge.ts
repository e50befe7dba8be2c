/** What must be true of every run, judged from what people saw in the class; the bot's database is never asked. */
import { judgeDeletions } from './deletions.ts'
import { countOf, endsOf, firstLine, isAccepted, type Ends } from './ends.ts'
import type { Command, Log } from './log.ts'
import { messagesOf, type Shown } from './messages.ts'
import { judgePurchases } from './purchases.ts'
import { newcomerTag } from './steps.ts'
import { judgeTurns, stoodBefore } from './turns.ts'
import { waitsOf } from './waits.ts'

export type Verdict = {
  /** One line for each broken promise. */
  broken: string[]
  /** Commands that wait for their end, or for their place in the gallery. */
  open: string[]
  acknowledged: number
  results: number
  errors: number
  cancelled: number
  /** The most jobs of others that came before somebody's; the same for jobs of somebody who flooded the line. */
  overtaken: number
  flooded: number
  /** Jobs of the flood at peace that were in line when the newcomer asked. */
  stood: number
  /** Pictures that were to be deleted. */
  deleted: number
  purchases: number
}

export function judge(log: Log): Verdict {
  const messages = messagesOf(log)
  const inGallery = messages.filter(({ channelId }) => log.galleryThreads.has(channelId))
  const elsewhere = messages.filter(({ channelId }) => !log.galleryThreads.has(channelId))
  const broken: string[] = []
  const open: string[] = []
  const ends = endsOf(log, elsewhere, broken)
  const unwanted = new Set(log.deletions.filter(({ isMeant }) => isMeant).map(({ tag }) => tag))
  for (const [command, found] of ends) {
    // What could be shown nowhere may have been deleted where it hung in the gallery.
    const isSeen = unwanted.has(command.tag) && inGallery.some(({ text }) => text.includes(command.says))
    judgeEnd(command, found, broken, isSeen ? [] : open)
  }
  for (const message of elsewhere) {
    if (!message.isOpen || message.isDeleted || message.isPrivate) continue
    const { tag = '?' } = log.commands.find((each) => each.interaction === message.interaction) ?? {}
    open.push(`${tag}: a message is left hanging: "${firstLine(message.text)}"`)
  }
  judgeGallery(ends, { entries: inGallery, unwanted }, broken, open)
  judgeDeletions(log.deletions, ends, messages, broken)
  judgePurchases(log.purchases, broken)
  const days = [...log.galleryThreads.values()]
  if (new Set(days).size < days.length) broken.push(`the gallery has a day twice: ${days.join(', ')}`)
  const waits = waitsOf(log, ends, elsewhere, inGallery)
  const turns = judgeTurns(waits, broken)
  const sum = (kind: keyof Ends) => [...ends.values()].filter((found) => found[kind].length > 0).length
  return {
    broken,
    open,
    acknowledged: log.commands.filter(isAccepted).length,
    results: sum('results'),
    errors: sum('errors'),
    cancelled: sum('cancelled'),
    ...turns,
    stood: stoodBefore(newcomerTag, waits),
    deleted: unwanted.size,
    purchases: log.purchases.length,
  }
}

function judgeEnd(command: Command, ends: Ends, broken: string[], open: string[]): void {
  const count = countOf(ends)
  const { results, errors, cancelled } = ends
  const what = `${results.length} results, ${errors.length} errors, ${cancelled.length} cancelled`
  if (count > 1) broken.push(`${command.tag}: ended more than once (${what})`)
  if (count === 0 && isAccepted(command)) open.push(`${command.tag}: accepted, but has no end`)
}

function judgeGallery(
  ends: ReadonlyMap<Command, Ends>,
  { entries, unwanted }: { entries: readonly Shown[]; unwanted: ReadonlySet<string> },
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
      if (hung.length === 0 && !unwanted.has(tag)) open.push(`${tag}: is missing in the gallery`)
    }
  }
  for (const { pictures, text } of entries) {
    const [first] = pictures
    const isUnwanted = [...ends.keys()].some(({ tag, says }) => unwanted.has(tag) && text.includes(says))
    if (first !== undefined && !known.has(first) && !isUnwanted)
      open.push(`the gallery shows what was never delivered: "${firstLine(text)}"`)
  }
}

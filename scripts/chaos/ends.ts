/** Which messages end which command: its pictures, an error, or that it was cancelled. */
import type { Command, Log } from './log.ts'
import type { Shown } from './messages.ts'

export type Ends = { results: Shown[]; errors: Shown[]; cancelled: Shown[] }

export const firstLine = (text: string) => text.split('\n')[0]?.slice(0, 80)
export const isAccepted = ({ state }: Command) => state === 'deferred' || state === 'acknowledged'

export function endsOf(
  { commands, claims }: Pick<Log, 'commands' | 'claims'>,
  messages: readonly Shown[],
  broken: string[],
): Map<Command, Ends> {
  const ends = new Map<Command, Ends>()
  for (const command of commands) {
    const own = messages.filter(({ interaction }) => interaction === command.interaction)
    ends.set(command, {
      // Also those that were deleted again: people saw them.
      results: messages.filter(({ text, pictures }) => pictures.size > 0 && text.includes(command.says)),
      errors: errorsOf(own),
      cancelled: own.filter(({ text }) => text.startsWith('Cancelled:')),
    })
  }
  const oldestWithout = (fits: (command: Command) => boolean) =>
    [...commands.filter(isAccepted), ...commands].find((each) => fits(each) && countOf(ends.get(each)) === 0)
  // What could be told nowhere is told when its person asks for it in /mine.
  for (const { interaction, personId, title } of claims) {
    const told = messages.find((each) => each.interaction === interaction && each.isPrivate && each.isError)
    const isTheirs = (each: Command) =>
      each.personId === personId && (title.includes(each.tag) || title.includes('face swap'))
    if (told && title.includes('No picture')) add(oldestWithout(isTheirs), told)
  }
  // An error that comes late may name only the person: then it belongs to the oldest command of theirs that has no end.
  for (const message of messages) {
    if (!message.isError || message.isPrivate || message.interaction !== undefined) continue
    const isAbout = (each: Command) => message.text.includes(each.personId)
    add(commands.find(({ tag }) => message.text.includes(tag)) ?? oldestWithout(isAbout), message)
  }
  return ends

  function add(command: Command | undefined, error: Shown): void {
    if (command) ends.get(command)?.errors.push(error)
    else broken.push(`an error too many: "${firstLine(error.text)}"`)
  }
}

/** A reason in private; where that was lost, the public message that says so or has a button "Why?". */
function errorsOf(own: readonly Shown[]): Shown[] {
  const told = own.filter((message) => message.isError)
  return told.length > 0
    ? told
    : own.filter(({ text }) => /^(No picture this time|That did not work)/.test(text))
}

export const countOf = (ends: Ends | undefined) =>
  ends ? ends.results.length + ends.errors.length + ends.cancelled.length : 0

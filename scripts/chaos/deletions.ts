/** What was deleted is gone from the channel and from the gallery, and does not come back. */
import { firstLine, type Ends } from './ends.ts'
import type { Command, Deletion } from './log.ts'
import type { Shown } from './messages.ts'

/** A message that was on its way when its pictures were deleted may be seen for so long before it goes, too. */
const ON_ITS_WAY_MS = 10_000

const SAID = 'Deleted, here and in the gallery.'
/** To who presses again what was deleted. */
const SAID_AGAIN = 'This picture has been deleted.'

export function judgeDeletions(
  deletions: readonly Deletion[],
  ends: ReadonlyMap<Command, Ends>,
  messages: readonly Shown[],
  broken: string[],
): void {
  for (const { tag, presses, isMeant } of deletions) {
    const pictures = picturesOf(tag, ends, messages)
    const showing = messages.filter((each) => [...each.pictures].some((id) => pictures.has(id)))
    const told = messages.filter(
      ({ isPrivate, interaction }) => isPrivate && presses.includes(interaction ?? ''),
    )
    const said = told.find(({ text }) => text.startsWith(SAID))
    const isSaid = said ?? told.find(({ text }) => text.startsWith(SAID_AGAIN))
    if (!isMeant && !isSaid) continue
    // Also where Discord would not let it go at first: the last start is in peace.
    for (const { text } of showing.filter(({ isDeleted }) => !isDeleted)) {
      const what = isSaid ? 'was said to be deleted' : 'was to be deleted'
      broken.push(`${tag}: ${what} and is still shown: "${firstLine(text)}"`)
    }
    for (const { picturesAt = 0, text } of said ? showing : []) {
      if (said && picturesAt > said.lastAt + ON_ITS_WAY_MS)
        broken.push(`${tag}: was deleted and came back: "${firstLine(text)}"`)
    }
  }
}

/** Also those that only the gallery has shown, because there was no other way. */
function picturesOf(tag: string, ends: ReadonlyMap<Command, Ends>, messages: readonly Shown[]): Set<string> {
  const found = [...ends].filter(([command]) => command.tag === tag)
  const shown = found.flatMap(([{ says }, { results }]) => [
    ...results,
    ...messages.filter(({ text }) => text.includes(says)),
  ])
  return new Set(shown.flatMap(({ pictures }) => [...pictures]))
}

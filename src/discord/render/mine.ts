/** A person's own pictures, as /mine lists them for that person alone. Pure. */
import { beside, button, day, rows, shorten, smallText, text, type Upload, type View } from './blocks.ts'

export type MineEntry = {
  /** What was asked for, as Markdown. */
  title: string
  madeAt: number
  thumbnail: Upload | undefined
  /** `mineshow:<picture>` or, for a result that could be shown nowhere, `minejob:<job>`. */
  customId: string
  isUndelivered: boolean
}

export type MinePage = {
  entries: readonly MineEntry[]
  /** Counted from 0. */
  page: number
  pages: number
}

const NOTHING = 'There is no picture of yours in this class yet. Draw one with `/imagine`.'

export function renderMine({ entries, page, pages }: MinePage): View {
  if (entries.length === 0) return { components: [text(NOTHING)] }
  const turns = [
    ...(page > 0 ? [button(`minepage:${page - 1}`, 'Newer')] : []),
    ...(page < pages - 1 ? [button(`minepage:${page + 1}`, 'Older')] : []),
  ]
  const where = pages > 1 ? ` (page ${page + 1} of ${pages})` : ''
  return {
    components: [
      text(`### Your pictures${where}`),
      ...entries.flatMap((entry, i) => [
        inOneLine(entry, i + 1),
        ...rows([button(entry.customId, `Show ${i + 1} here`)]),
      ]),
      smallText('Only you see this list. “Show here” shows a picture to everyone in this channel.'),
      ...rows(turns),
    ],
    files: entries.flatMap(({ thumbnail }) => thumbnail ?? []),
  }
}

function inOneLine({ title, madeAt, thumbnail, isUndelivered }: MineEntry, n: number) {
  const lost = isUndelivered ? '\n**It could not be shown to you when it was ready.**' : ''
  const words = text(`**${n}.** ${shorten(title, 300)}, ${day(madeAt)}${lost}`)
  if (!thumbnail) return words
  return beside(thumbnail, words)
}

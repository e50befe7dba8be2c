/** Cuts a lesson's file into front matter and pieces: text, figures and fenced blocks. */
import type { Problem } from './lesson.ts'

export type Piece = { line: number } & (
  | { kind: 'text'; markdown: string }
  | { kind: 'figure'; alt: string; target: string }
  | { kind: 'experiment' | 'question'; body: string[] }
)

const FENCE = /^```\s*(\S*)/
const FIGURE = /^!\[(.*)\]\(([^)]*)\)$/

/** Line numbers count from 1. What is wrong is added to `problems`. */
export function splitSource(source: string, problems: Problem[]): { front: string[]; pieces: Piece[] } {
  const lines = source.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const end = lines[0]?.trim() === '---' ? lines.findIndex((text, i) => i > 0 && text.trim() === '---') : -1
  if (end < 0) {
    problems.push({
      line: 1,
      sentence: 'The file must begin with a line "---", then title, summary and minutes, then a line "---".',
    })
  }
  return {
    front: end < 0 ? [] : lines.slice(1, end),
    pieces: splitBody(lines, Math.max(0, end + 1), problems),
  }
}

function splitBody(lines: readonly string[], start: number, problems: Problem[]): Piece[] {
  const pieces: Piece[] = []
  let text: string[] = []
  let textLine = start + 1

  function endText(next: number): void {
    const markdown = unwrapped(text)
    if (markdown) pieces.push({ kind: 'text', line: textLine, markdown })
    text = []
    textLine = next
  }

  for (let at = start; at < lines.length; at++) {
    const line = (lines[at] ?? '').trimEnd()
    const [, info] = FENCE.exec(line) ?? []
    const [, alt, target] = FIGURE.exec(line.trim()) ?? []
    if (info !== undefined) {
      const end = lines.findIndex((each, i) => i > at && each.trim() === '```')
      if (end < 0)
        problems.push({ line: at + 1, sentence: 'This block is not closed; please end it with a line ```.' })
      const stop = end < 0 ? lines.length : end
      const kind = info.toLowerCase()
      if (kind === 'experiment' || kind === 'question') {
        endText(stop + 2)
        pieces.push({ kind, line: at + 1, body: lines.slice(at + 1, stop) })
      } else {
        if (kind)
          problems.push({
            line: at + 1,
            sentence: `There is no block "${info}"; blocks are experiment and question.`,
          })
        text.push(...lines.slice(at, stop + 1))
      }
      at = stop
    } else if (alt !== undefined && target !== undefined) {
      endText(at + 2)
      pieces.push({ kind: 'figure', line: at + 1, alt: alt.trim(), target: target.trim() })
    } else {
      if (/!\[[^\]]*\]\(/.test(line))
        problems.push({ line: at + 1, sentence: 'A figure stands on a line of its own.' })
      if (text.length === 0) {
        textLine = at + 1
        if (line === '') continue
      }
      text.push(line)
    }
  }
  endText(lines.length)
  return pieces
}

/** Discord keeps every line break, so the lines of a paragraph are joined; lists, headings, quotes and code keep theirs. */
function unwrapped(lines: readonly string[]): string {
  const result: string[] = []
  let isCode = false
  for (const line of lines) {
    const isFence = line.startsWith('```')
    const before = result.at(-1)
    const isOwn =
      isCode || isFence || line === '' || /^\s*(?:[-*+]\s|\d+[.)]\s|#{1,3}\s|>\s?|-#\s)/.test(line)
    const isJoinable = before !== undefined && before !== '' && !/^#{1,3}\s|^-#\s|^```/.test(before)
    if (!isOwn && isJoinable) result[result.length - 1] = `${before} ${line.trim()}`
    else result.push(line)
    if (isFence) isCode = !isCode
  }
  return result
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

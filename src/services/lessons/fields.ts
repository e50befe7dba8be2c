/**
 * The `key: value` lines of front matter and blocks: a friendly subset of YAML, read with line numbers. Unlike in YAML a value may hold
 * `: ` without quotes (instructors write sentences), and only ` # ` with spaces around it begins a comment.
 */
import type { Problem } from './lesson.ts'

type Line = { number: number; indent: number; text: string }

/** An item of a list: its words, or `key: value` lines of its own. */
export type Item = { line: number; text: string; lines: Line[] }

/** `items` where the value is a list. */
export type Field = { line: number; text: string; items?: Item[] }

export type Fields = Map<string, Field>

const KEY = /^([A-Za-z][\w-]*):(?:\s+(.*))?$/

/** @param first number of the first line in the file */
export function toLines(source: readonly string[], first: number): Line[] {
  return source.flatMap((raw, i) => {
    const text = raw.replaceAll('\t', '  ').trimEnd()
    const words = text.trimStart()
    if (words === '' || words.startsWith('#')) return []
    return [{ number: first + i, indent: text.length - words.length, text: words }]
  })
}

/** Reads lines of one indentation; what is wrong is added to `problems`. */
export function readFields(lines: readonly Line[], problems: Problem[]): Fields {
  const fields: Fields = new Map()
  for (let at = 0; at < lines.length;) {
    const line = lines[at] as Line
    const [, key, value = ''] = KEY.exec(line.text) ?? []
    const below = linesBelow(lines, at, value === '' && key !== undefined)
    at += 1 + below.length
    if (key === undefined) {
      problems.push({
        line: line.number,
        sentence: `"${line.text.slice(0, 40)}" is not of the form "key: value".`,
      })
    } else if (fields.has(key)) {
      problems.push({ line: line.number, sentence: `"${key}" is given twice; please keep one.` })
    } else {
      fields.set(key, readValue(line.number, value, below, problems))
    }
  }
  return fields
}

/** The lines that belong to the one at `at`: deeper ones, and the dashes of a list right below its key. */
function linesBelow(lines: readonly Line[], at: number, mayBeList: boolean): Line[] {
  const { indent } = lines[at] as Line
  const rest = lines.slice(at + 1)
  const end = rest.findIndex(
    (line) => line.indent < indent || (line.indent === indent && !(mayBeList && isDash(line))),
  )
  return end < 0 ? rest : rest.slice(0, end)
}

const isDash = ({ text }: Line): boolean => /^-(\s|$)/.test(text)

function readValue(line: number, value: string, below: Line[], problems: Problem[]): Field {
  const first = /^[>|]-?$/.test(value) ? '' : value
  if (first === '' && below[0] && isDash(below[0])) return { line, text: '', items: readItems(below) }
  const text = [first, ...below.map((each) => each.text)].map(withoutComment).join(' ').trim()
  if (!text.startsWith('[')) return { line, text: unquoted(text) }
  if (text.endsWith(']')) return { line, text, items: flowItems(text.slice(1, -1), line) }
  problems.push({ line, sentence: 'A list that begins with [ must end with ].' })
  return { line, text, items: [] }
}

function readItems(lines: readonly Line[]): Item[] {
  const items: Line[][] = []
  const { indent } = lines[0] as Line
  for (const line of lines) {
    if (line.indent === indent && isDash(line)) {
      const words = line.text.slice(1).trimStart()
      items.push([{ ...line, indent: indent + line.text.length - words.length, text: words }])
    } else items.at(-1)?.push(line)
  }
  return items.map((own) => ({
    line: own[0]?.number ?? 0,
    text: unquoted(own.map(({ text }) => withoutComment(text)).join(' ')),
    lines: own,
  }))
}

/** `a, "b, with a comma", c` */
function flowItems(text: string, line: number): Item[] {
  const parts = text.match(/\s*(?:"[^"]*"|'[^']*'|[^,]+)\s*/g) ?? []
  return parts.map((part) => part.trim()).map((part) => ({ line, text: unquoted(part), lines: [] }))
}

function withoutComment(text: string): string {
  return /^["']/.test(text) ? text : text.replace(/(^|\s)#(\s.*)?$/, '').trimEnd()
}

function unquoted(text: string): string {
  const [, , inside] = /^(["'])(.*)\1$/.exec(text) ?? []
  return inside ?? text
}

/** Takes typed values out of the fields of one block and notes everything that is wrong with them. */
import type { Fields, Item } from './fields.ts'
import type { Problem } from './lesson.ts'

export type Reader = {
  line: number
  note(line: number, sentence: string): void
  /** Line of a key; of the block where it is missing. */
  lineOf(key: string): number
  /** '' and a problem when missing or too long. */
  text(key: string, longest: number): string
  optionalText(key: string, longest: number): string | undefined
  /** 0 and a problem when missing or not such a number. */
  number(key: string, range: NumberRange): number
  optionalNumber(key: string, range: NumberRange): number | undefined
  /** A name for buttons: lower-case letters, digits and hyphens. */
  id(key: string): string
  items(key: string): Item[] | undefined
}

type NumberRange = { min?: number; max?: number; isWhole?: boolean }

/** Slugs and ids stand together in custom ids, which Discord limits to 100 characters. */
export const LONGEST_ID = 40
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** @param what e.g. "An experiment", for sentences. @param known the keys it may have */
export function createReader(
  fields: Fields,
  { what, line, known }: { what: string; line: number; known: readonly string[] },
  problems: Problem[],
): Reader {
  const note = (at: number, sentence: string) => void problems.push({ line: at, sentence })
  const lineOf = (key: string) => fields.get(key)?.line ?? line
  for (const [key, field] of fields) {
    if (!known.includes(key)) note(field.line, `${what} has no "${key}"; it may have: ${known.join(', ')}.`)
  }

  function optionalText(key: string, longest: number): string | undefined {
    const field = fields.get(key)
    if (field?.items) note(field.line, `"${key}" is one text, not a list.`)
    const text = field?.items ? undefined : field?.text
    if (text && text.length > longest) {
      note(lineOf(key), `"${key}" may have ${longest} characters; this one has ${text.length}.`)
    }
    return text || undefined
  }

  function optionalNumber(key: string, range: NumberRange): number | undefined {
    const text = optionalText(key, 40)
    return text === undefined ? undefined : numberOf(text, `"${key}"`, range, (why) => note(lineOf(key), why))
  }

  function required<T>(key: string, value: T | undefined, instead: T): T {
    // A list where a text is wanted has been noted already.
    if (value === undefined && !fields.get(key)?.items) note(lineOf(key), `${what} needs "${key}: ...".`)
    return value ?? instead
  }

  return {
    line,
    note,
    lineOf,
    optionalText,
    optionalNumber,
    text: (key, longest) => required(key, optionalText(key, longest), ''),
    number(key, range) {
      if (!fields.has(key)) return required(key, undefined, 0)
      return optionalNumber(key, range) ?? 0
    },
    id(key) {
      const id = required(key, optionalText(key, LONGEST_ID), '')
      if (id && !ID.test(id)) {
        note(
          lineOf(key),
          `"${key}" may have lower-case letters, digits and hyphens, as in "more-steps"; this one is "${id}".`,
        )
      }
      return id
    },
    items(key) {
      const field = fields.get(key)
      if (field && !field.items)
        note(field.line, `"${key}" is a list: [one, two], or lines that begin with "- ".`)
      return field?.items
    },
  }
}

/** Undefined, after telling why, when the text is not such a number. */
export function numberOf(
  text: string,
  name: string,
  { min = -Infinity, max = Infinity, isWhole = false }: NumberRange,
  tell: (why: string) => void,
): number | undefined {
  const value = Number(text)
  if (text.trim() !== '' && value >= min && value <= max && (!isWhole || Number.isInteger(value)))
    return value
  const limits = max < Infinity ? ` from ${min} to ${max}` : min > -Infinity ? ` from ${min} up` : ''
  tell(`${name} must be a ${isWhole ? 'whole ' : ''}number${limits}; it is "${text}".`)
  return undefined
}

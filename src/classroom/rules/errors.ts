/**
 * What the cross-field rules find, and Discord's error bodies made from it.
 * The codes are Discord's own where its documentation or public reports name them.
 */

export type RuleError = {
  /** Keys from the top of the body, array indices as decimal strings. */
  path: string[]
  /** A name such as BASE_TYPE_MAX_LENGTH; all digits (50006, 40005, 30032) where Discord answers with that code for the whole request. */
  code: string
  message: string
}

const FIELD_ERRORS = '_errors'

type FieldErrors = { [key: string]: FieldErrors | { code: string; message: string }[] }

export type ErrorBody = { code: number; message: string; errors?: FieldErrors }

/** Any JSON object as it came over the wire. */
export type Json = Record<string, unknown>

export const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined

/** The objects of a list; anything else counts as an empty list (the schema check speaks of wrong types). */
export const asObjects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map((item) => asObject(item) ?? {}) : []

export const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Discord counts Unicode code points, not UTF-16 units. */
export const lengthOf = (value: unknown): number => {
  let length = 0
  for (const _ of asText(value)) length++
  return length
}

/** The same errors, seen from a body that holds the checked part under `keys`. */
export const under = (keys: string[], errors: RuleError[]): RuleError[] =>
  errors.map((error) => ({ ...error, path: [...keys, ...error.path] }))

export const tooLong = (path: string[], most: number): RuleError => ({
  path,
  code: 'BASE_TYPE_MAX_LENGTH',
  message: `Must be ${most} or fewer in length.`,
})

/** Ids in a path are decimal numbers of 64 bits. */
export function checkSnowflake(name: string, value: string): RuleError[] {
  if (/^[0-9]{1,20}$/.test(value) && BigInt(value) < 2n ** 64n) return []
  return [{ path: [name], code: 'NUMBER_TYPE_COERCE', message: `Value "${value}" is not snowflake.` }]
}

/** Discord's JSON for a refused request: 50035 with nested `_errors`, or the one code that stands for the whole request. */
export function toErrorBody(errors: RuleError[]): ErrorBody {
  const whole = errors.find((error) => /^[0-9]+$/.test(error.code))
  if (whole !== undefined) return { code: Number(whole.code), message: whole.message }
  const tree: FieldErrors = {}
  for (const { path, code, message } of errors) {
    let node = tree
    for (const key of path) {
      node[key] ??= {}
      node = node[key] as FieldErrors
    }
    const here = (node[FIELD_ERRORS] ??= []) as { code: string; message: string }[]
    here.push({ code, message })
  }
  return { code: 50035, message: 'Invalid Form Body', errors: tree }
}

/** The HTTP status that goes with `toErrorBody`: 413 for 40005, else 400. */
export const errorStatus = (body: ErrorBody): number => (body.code === 40005 ? 413 : 400)

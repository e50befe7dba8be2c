/** Holds a value against one schema of the document and says in words what does not fit. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { schemaAt, specAjv } from './specDocument.ts'
import type { Schema } from './specDocument.ts'

const compiled = new Map<string, ValidateFunction>()

/** One line for each fault of `value` against the schema at `pointer` (made by `pointerTo`); empty when it fits. */
export function schemaErrors(pointer: string, value: unknown): string[] {
  let validate = compiled.get(pointer)
  if (validate === undefined) {
    validate = specAjv().compile({ $ref: `discord${pointer}` })
    compiled.set(pointer, validate)
  }
  if (validate(value)) return []
  const lines = explain(schemaAt(pointer), value, '')
  return lines.length > 0 ? lines : (validate.errors ?? []).map((error) => errorLine('', error))
}

/**
 * Why a value does not fit, told from that branch of each union which it comes closest to. (Ajv reports the errors of
 * all branches, a hundred lines for one wrong button.)
 */
const explain = (schema: Schema, value: unknown, at: string): string[] => {
  if (typeof schema.$ref === 'string') return explain(schemaAt(schema.$ref), value, at)
  const { properties, items, additionalProperties } = schema
  const lines = shallowErrors(schema, value, at)
  for (const part of (schema.allOf as Schema[] | undefined) ?? []) lines.push(...explain(part, value, at))
  const branches = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined
  if (branches !== undefined) lines.push(...closest(branches, value, at))
  if (typeof value !== 'object' || value === null) return lines
  for (const [key, child] of Object.entries(value)) {
    const part = Array.isArray(value)
      ? items
      : ((properties as Schema | undefined)?.[key] ?? additionalProperties)
    if (typeof part === 'object') lines.push(...explain(part as Schema, child, `${at}/${key}`))
  }
  return lines
}

const shallow = new WeakMap<Schema, ValidateFunction>()

/** What a schema says about the value itself, not about what is inside it. */
const shallowErrors = (schema: Schema, value: unknown, at: string): string[] => {
  let validate = shallow.get(schema)
  if (validate === undefined) {
    const {
      properties: _1,
      items: _2,
      anyOf: _3,
      oneOf: _4,
      allOf: _5,
      additionalProperties: _6,
      ...own
    } = schema
    validate = specAjv().compile(own)
    shallow.set(schema, validate)
  }
  validate(value)
  return (validate.errors ?? []).map((error) => errorLine(at, error))
}

/** A branch of another `type`, or of another kind of value, is far away however few lines it has. */
const closest = (branches: Schema[], value: unknown, at: string): string[] => {
  const isFar = (lines: string[]): boolean =>
    lines.some(
      (line) => line.startsWith(`${at}/type must be equal`) || line.startsWith(`${at || '/'} must be`),
    )
  const weight = (lines: string[]): number => lines.length + (isFar(lines) ? 1000 : 0)
  const results = branches.map((branch) => explain(branch, value, at))
  return results.reduce((best, lines) => (weight(lines) < weight(best) ? lines : best), results[0] ?? [])
}

const errorLine = (at: string, { keyword, instancePath, message, params }: ErrorObject): string => {
  const words = `${at}${instancePath}`.padEnd(1, '/') + ` ${message ?? keyword}`
  if (keyword === 'enum')
    return `${words} ${JSON.stringify((params as { allowedValues: unknown }).allowedValues)}`
  if (keyword === 'const')
    return `${words} ${JSON.stringify((params as { allowedValue: unknown }).allowedValue)}`
  return words
}

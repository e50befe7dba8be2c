/**
 * The document leaves all objects open, so a misspelt key passes. This lint unions the branches of every
 * allOf / anyOf / oneOf and names the keys that no branch has.
 */
import { schemaAt } from './specDocument.ts'
import type { Schema } from './specDocument.ts'

/** JSON pointers of all keys in `value` that `schema` does not know. */
export function unknownKeys(schema: Schema, value: unknown): string[] {
  return lint([schema], value, '')
}

const lint = (schemas: Schema[], value: unknown, at: string): string[] => {
  if (typeof value !== 'object' || value === null) return []
  const branches = fitting(schemas.flatMap(flatten), value)
  if (Array.isArray(value)) {
    const items = branches.flatMap((branch) => (branch.items === undefined ? [] : [branch.items as Schema]))
    return items.length === 0 ? [] : value.flatMap((item, i) => lint(items, item, `${at}/${i}`))
  }
  const objects = branches.filter((branch) => branch.properties !== undefined || isMap(branch))
  if (objects.length === 0) return []
  return Object.entries(value).flatMap(([key, child]) => {
    if (child === undefined) return []
    const known = objects.flatMap((branch) => {
      const property = (branch.properties as Record<string, Schema> | undefined)?.[key]
      if (property !== undefined) return [property]
      return isMap(branch) ? [branch.additionalProperties] : []
    })
    return known.length === 0 ? [`${at}/${key}`] : lint(known, child, `${at}/${key}`)
  })
}

const isMap = (branch: Schema): branch is Schema & { additionalProperties: Schema } =>
  typeof branch.additionalProperties === 'object' && branch.additionalProperties !== null

/** A schema as the list of all its branches, references followed. */
const flatten = (schema: Schema): Schema[] => {
  if (typeof schema.$ref === 'string') return flatten(schemaAt(schema.$ref))
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => (schema[key] as Schema[] | undefined) ?? [])
  return [schema, ...parts.flatMap(flatten)]
}

/** A value with a literal `type` is compared only with the branches of that type: a button with button schemas. */
const fitting = (branches: Schema[], value: object): Schema[] => {
  const type = (value as Schema).type
  if (type === undefined) return branches
  const fits = branches.filter((branch) => {
    const field = (branch.properties as Record<string, Schema> | undefined)?.type
    const literals = field?.enum ?? (field !== undefined && 'const' in field ? [field.const] : undefined)
    return !Array.isArray(literals) || literals.includes(type)
  })
  return fits.some((branch) => branch.properties !== undefined) ? fits : branches
}

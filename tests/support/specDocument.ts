/** Discord's OpenAPI document with our exceptions applied, loaded once per process and when first needed. */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { specExceptions } from './specExceptions.ts'

export type Schema = { [key: string]: unknown }

export type Parameter = { name: string; in: string; required?: boolean; schema: Schema }

type Media = { content?: Record<string, { schema: Schema }> }

export type Operation = {
  parameters?: Parameter[]
  requestBody?: Media & { required?: boolean }
  responses: Record<string, Media | { $ref: string }>
}

export type Spec = {
  paths: Record<string, Record<string, unknown> & { parameters?: Parameter[] }>
  components: { schemas: Record<string, Schema>; responses: Record<string, Media> }
}

let loaded: { spec: Spec; ajv: Ajv2020 } | undefined

const load = (): { spec: Spec; ajv: Ajv2020 } => {
  if (loaded !== undefined) return loaded
  const spec = JSON.parse(readFileSync(new URL('discord-openapi.json', import.meta.url), 'utf8')) as Spec
  for (const exception of specExceptions) exception.apply(spec)
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  ajv.addFormat('snowflake', /^[0-9]{1,20}$/)
  ajv.addFormat('nonce', true)
  ajv.addSchema(spec, 'discord')
  loaded = { spec, ajv }
  return loaded
}

export const discordSpec = (): Spec => load().spec

/** Knows the document as `discord`. */
export const specAjv = (): Ajv2020 => load().ajv

/** JSON pointer as a URI fragment: keys are percent-encoded because paths hold braces. */
export const pointerTo = (...keys: string[]): string =>
  `#${keys.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`

/** The schema at a pointer made by `pointerTo`, or in a `$ref` of the document. */
export function schemaAt(pointer: string): Schema {
  let node: unknown = discordSpec()
  for (const part of pointer.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    node = (node as Schema | undefined)?.[key]
  }
  if (node === undefined) throw new Error(`Discord's OpenAPI document has nothing at ${pointer}`)
  return node as Schema
}

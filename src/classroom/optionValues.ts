/** Checks one option's value against its registered definition, as Discord's own client does before it sends. */
import { PageError } from './pageError.ts'
import type { Resolved } from './resolved.ts'
import { asObjects, asText, lengthOf } from './rules/errors.ts'
import type { Json } from './types.ts'

const Type = {
  string: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const

/** @throws PageError with a sentence that names the limit */
export function checkValue(option: Json, value: unknown, resolved: Resolved): void {
  const name = asText(option.name)
  const choices = asObjects(option.choices)
  if (choices.length > 0) {
    if (choices.some((choice) => choice.value === value)) return
    throw wrong(name, `must be one of: ${choices.map((choice) => asText(choice.name)).join(', ')}`, value)
  }
  switch (option.type) {
    case Type.string:
      return checkLength(name, option, value)
    case Type.integer:
    case Type.number:
      return checkNumber(name, option, value)
    case Type.boolean:
      if (typeof value !== 'boolean') throw wrong(name, 'must be true or false', value)
      return
    default:
      if (!resolve(option, String(value), resolved))
        throw wrong(name, `must be ${KINDS[Number(option.type)]}`, value)
  }
}

const KINDS: Record<number, string> = {
  6: 'a person of the class',
  7: 'a channel of the class',
  8: 'a role of the class',
  9: 'a person or a role of the class',
  11: 'a file',
}

function resolve(option: Json, id: string, resolved: Resolved): boolean {
  switch (option.type) {
    case Type.user:
      return resolved.user(id)
    case Type.channel:
      return resolved.channel(id)
    case Type.role:
      return resolved.role(id)
    case Type.mentionable:
      return resolved.user(id) || resolved.role(id)
    default:
      return false
  }
}

function checkLength(name: string, option: Json, value: unknown): void {
  const { min_length: min, max_length: max } = option as { min_length?: number; max_length?: number }
  const length = lengthOf(value)
  if (typeof value !== 'string') throw wrong(name, 'must be text', value)
  if (max !== undefined && length > max) {
    throw new PageError(400, `“${name}” may have ${max} characters; this has ${length}.`)
  }
  if (min !== undefined && length < min)
    throw new PageError(400, `“${name}” needs at least ${min} characters.`)
}

function checkNumber(name: string, option: Json, value: unknown): void {
  const { min_value: min, max_value: max } = option as { min_value?: number; max_value?: number }
  const kind = option.type === Type.integer ? 'a whole number' : 'a number'
  const range = [min === undefined ? '' : `from ${min}`, max === undefined ? '' : `up to ${max}`].filter(
    Boolean,
  )
  const isKind = option.type === Type.integer ? Number.isSafeInteger(value) : Number.isFinite(value)
  const number = Number(value)
  if (isKind && number >= (min ?? -Infinity) && number <= (max ?? Infinity)) return
  throw wrong(name, `must be ${[kind, ...range].join(' ')}`, value)
}

const wrong = (name: string, must: string, value: unknown): PageError =>
  new PageError(400, `“${name}” ${must}; you gave “${String(value)}”.`)

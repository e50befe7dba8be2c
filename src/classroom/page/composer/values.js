/** What was typed into an option, as the value that Discord would send, or a sentence that says what to change. */
import { channelChoices, personChoices, roleChoices } from '../selectChoices.js'

export const STRING = 3
export const INTEGER = 4
const BOOLEAN = 5
const USER = 6
const CHANNEL = 7
const ROLE = 8
const MENTIONABLE = 9
export const NUMBER = 10
export const ATTACHMENT = 11

/** What an option may hold, in words: "a whole number from 1 to 50". */
export function limitWords(option) {
  const { min_value: min, max_value: max } = option
  const range =
    min !== undefined && max !== undefined
      ? ` from ${min} to ${max}`
      : min !== undefined
        ? `, ${min} or more`
        : max !== undefined
          ? ` up to ${max}`
          : ''
  switch (option.type) {
    case INTEGER:
      return `a whole number${range}`
    case NUMBER:
      return `a number${range}`
    case BOOLEAN:
      return 'yes or no'
    case USER:
      return 'a person of the class'
    case CHANNEL:
      return 'a channel'
    case ROLE:
      return 'a role'
    case MENTIONABLE:
      return 'a person or a role'
    case ATTACHMENT:
      return 'a file'
    default:
      return option.choices
        ? 'one of the list'
        : option.max_length
          ? `up to ${option.max_length} characters`
          : ''
  }
}

/**
 * @param {any} option @param {string} text not empty
 * @param {{label: string, value: unknown}[]} choices fixed ones; empty when anything goes
 * @returns {{value: unknown} | {error: string}}
 */
export function readValue(option, text, choices) {
  if (choices.length > 0) {
    const lower = text.trim().toLowerCase()
    const found = choices.find(
      (one) => one.label.toLowerCase() === lower || String(one.value).toLowerCase() === lower,
    )
    return found
      ? { value: found.value }
      : { error: `“${option.name}” must be one of: ${choices.map((one) => one.label).join(', ')}.` }
  }
  if (option.type === INTEGER || option.type === NUMBER) return readNumber(option, text)
  if (option.max_length !== undefined && text.length > option.max_length) {
    return { error: `“${option.name}” may have ${option.max_length} characters; this has ${text.length}.` }
  }
  if (option.min_length !== undefined && text.length < option.min_length) {
    return { error: `“${option.name}” needs at least ${option.min_length} characters.` }
  }
  return { value: text }
}

function readNumber(option, text) {
  const whole = option.type === INTEGER
  const number = Number(text.trim().replace(',', '.'))
  const tooSmall = option.min_value !== undefined && number < option.min_value
  const tooLarge = option.max_value !== undefined && number > option.max_value
  if (!Number.isFinite(number) || (whole && !Number.isInteger(number)) || tooSmall || tooLarge) {
    return { error: `“${option.name}” must be ${limitWords(option)}.` }
  }
  return { value: number }
}

/**
 * The fixed list of an option, if it has one.
 * @param {any} option @param {import('../main.js').Room} room
 */
export function fixedChoices(option, room) {
  switch (option.type) {
    case BOOLEAN:
      return [
        { label: 'yes', value: true },
        { label: 'no', value: false },
      ]
    case USER:
      return personChoices(room)
    case ROLE:
      return roleChoices(room)
    case MENTIONABLE:
      return [...personChoices(room), ...roleChoices(room)]
    case CHANNEL:
      return channelChoices(room, option.channel_types)
    default:
      return (option.choices ?? []).map(choiceItem)
  }
}

/**
 * A choice for the list. Where its name is its value with an explanation ("Heun: looks twice per step"), the value is
 * what will stand in the field.
 * @param {{name: string, value: unknown}} choice
 */
export function choiceItem({ name, value }) {
  const short = String(value)
  const rest = name.slice(short.length)
  const explains = name.toLowerCase().startsWith(short.toLowerCase()) && /^\s*[:–—(-]/.test(rest)
  if (!explains) return { label: name, value }
  return { label: name.slice(0, short.length), detail: rest.replace(/^[\s:–—-]+/, ''), value }
}

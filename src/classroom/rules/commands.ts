/** Application commands as they are registered, one by one or as a whole list. */
import { asObject, asObjects, asText, lengthOf, tooLong, under } from './errors.ts'
import type { Json, RuleError } from './errors.ts'

const CHAT_INPUT = 1
const SUBCOMMAND = 1
const SUBCOMMAND_GROUP = 2
const STRING = 3

/** CHAT_INPUT, USER and MESSAGE commands that one guild (or the app) may have. */
const MOST_OF_TYPE: Record<number, number> = { 1: 100, 2: 15, 3: 15 }
const MAX_CHARACTERS = 8000
const MAX_CHOICE_VALUE = 100
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u

const typeOf = (command: Json): number => (typeof command.type === 'number' ? command.type : CHAT_INPUT)

const required = (path: string[]): RuleError => ({
  path,
  code: 'BASE_TYPE_REQUIRED',
  message: 'This field is required',
})

/** The whole list of a bulk PUT; paths begin with the index of the command. */
export function checkCommands(list: unknown): RuleError[] {
  const commands = asObjects(list)
  const errors = commands.flatMap((command, i) => under([String(i)], checkCommand(command)))
  const seen = new Set<string>()
  commands.forEach((command, i) => {
    const key = `${typeOf(command)} ${asText(command.name)}`
    if (seen.has(key)) {
      errors.push({
        path: [String(i)],
        code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
        message: 'Application command names must be unique',
      })
    }
    seen.add(key)
  })
  return [...errors, ...checkCommandCount(commands)]
}

/** At most 100 / 15 / 15 commands per type (since 2026-03-03), counted over all that would be registered. */
export function checkCommandCount(commands: Json[]): RuleError[] {
  return Object.entries(MOST_OF_TYPE).flatMap(([type, most]) =>
    commands.filter((command) => typeOf(command) === Number(type)).length > most
      ? [{ path: [], code: '30032', message: `Maximum number of application commands reached (${most}).` }]
      : [],
  )
}

/** One command, as in POST and PATCH (`partial`: fields that are left out stay as they are). */
export function checkCommand(command: Json, partial = false): RuleError[] {
  const errors: RuleError[] = []
  if (typeOf(command) === CHAT_INPUT) {
    if (!partial || 'name' in command) errors.push(...checkName(command))
    const isMissing = asText(command.description) === ''
    if (isMissing && (!partial || 'description' in command)) errors.push(required(['description']))
  }
  errors.push(...checkOptions(command))
  if (characters(command) > MAX_CHARACTERS) {
    errors.push({
      path: [],
      code: 'APPLICATION_COMMAND_TOO_LARGE',
      message: `Command exceeds maximum size (${MAX_CHARACTERS})`,
    })
  }
  return errors
}

const checkName = (named: Json): RuleError[] => {
  const name = asText(named.name)
  if (name === '') return [required(['name'])]
  if (NAME.test(name) && name === name.toLowerCase()) return []
  return [{ path: ['name'], code: 'APPLICATION_COMMAND_INVALID_NAME', message: 'Command name is invalid' }]
}

const checkOptions = (owner: Json): RuleError[] => {
  const options = asObjects(owner.options)
  const names = options.map((option) => asText(option.name))
  return options.flatMap((option, i) => {
    const errors = [...checkName(option), ...checkChoices(option), ...checkOptions(option)]
    if (asText(option.description) === '') errors.push(required(['description']))
    if (names.indexOf(asText(option.name)) < i) {
      errors.push({
        path: ['name'],
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
        message: 'Option name already exists',
      })
    }
    const isLate = option.required === true && options.slice(0, i).some((before) => isOptional(before))
    if (isLate) {
      errors.push({
        path: [],
        code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        message: 'Required options must be placed before non-required options',
      })
    }
    return under(['options', String(i)], errors)
  })
}

const isOptional = (option: Json): boolean =>
  option.required !== true && option.type !== SUBCOMMAND && option.type !== SUBCOMMAND_GROUP

const checkChoices = (option: Json): RuleError[] => {
  const choices = asObjects(option.choices)
  const errors = choices.flatMap((choice, i) =>
    option.type === STRING && lengthOf(choice.value) > MAX_CHOICE_VALUE
      ? [tooLong(['choices', String(i), 'value'], MAX_CHOICE_VALUE)]
      : [],
  )
  if (option.autocomplete === true && choices.length > 0) {
    errors.push({
      path: ['autocomplete'],
      code: 'APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES',
      message: 'Autocomplete cannot be set to true when choices are present',
    })
  }
  return errors
}

/** Characters of names, descriptions and values; of a text in many languages the longest counts. */
const characters = (node: Json): number => {
  const longest = (key: string): number =>
    Math.max(
      lengthOf(node[key]),
      ...Object.values(asObject(node[`${key}_localizations`]) ?? {}).map(lengthOf),
    )
  const inside = [...asObjects(node.options), ...asObjects(node.choices)]
  return (
    longest('name') +
    longest('description') +
    lengthOf(node.value) +
    inside.reduce((sum, child) => sum + characters(child), 0)
  )
}

/** Reads `/imagine prompt:"a red heart" seed:7` with the types of the registered commands. */
import { ClassroomError, type PageState, type SlashInput, type SlashOption } from './clientTypes.ts'

const SLASH_COMMAND = 1
const SUBCOMMAND = 1
const SUBCOMMAND_GROUP = 2
const STRING = 3
const INTEGER = 4
const BOOLEAN = 5
const CHANNEL = 7
const NUMBER = 10
const ATTACHMENT = 11
const USER_OR_ROLE = [6, 8, 9]

/**
 * The leading slash may be missing. A value stands in quotes (`\"` is a quote) or goes on to the next `name:`, as one types
 * it in Discord; of numbers, choices and the like only one word is taken. People, channels and roles may be given by name
 * (`@Ben`, `#gallery`). Other words go to the first option that is not a file.
 * @throws ClassroomError naming what there is, when a command or option is unknown
 */
export function parseSlash(text: string, state: PageState): SlashInput {
  const words = text.trim().replace(/^\//, '')
  const name = /^\S+/.exec(words)?.[0] ?? ''
  const commands = state.commands as unknown as Option[]
  const command = commands.find((one) => one.type === SLASH_COMMAND && one.name === name)
  if (!command) {
    const known = commands.map((one) => `/${one.name}`).join(', ')
    throw new ClassroomError(404, `There is no command /${name}; there are: ${known || 'none yet'}.`)
  }
  return { name, options: parseLevel(words.slice(name.length).trim(), command, state) }
}

/** A command or an option of it, as it is registered. */
type Option = {
  name: string
  type: number
  options?: Option[]
  choices?: { name: string; value: string | number }[]
}

function parseLevel(text: string, level: Option, state: PageState): SlashOption[] {
  const options = level.options ?? []
  const nested = options.filter(({ type }) => type === SUBCOMMAND || type === SUBCOMMAND_GROUP)
  if (nested.length === 0) return parseValues(text, options, state)
  const name = /^\S+/.exec(text)?.[0] ?? ''
  const found = nested.find((one) => one.name === name)
  if (!found) {
    const known = nested.map((one) => one.name).join(', ')
    throw new ClassroomError(400, `After “${level.name}” one of these is needed: ${known}.`)
  }
  const inner = parseLevel(text.slice(name.length).trim(), found, state)
  return [{ name, type: found.type, options: inner }]
}

const PART = /([\p{L}\p{N}_-]+):(?:"((?:[^"\\]|\\.)*)"|(\S*))/gu

function parseValues(text: string, options: Option[], state: PageState): SlashOption[] {
  const values: SlashOption[] = []
  const loose: string[] = []
  const matches = [...text.matchAll(PART)]
  loose.push(text.slice(0, matches[0]?.index ?? text.length).trim())
  for (const [i, match] of matches.entries()) {
    const [whole, name, quoted, word = ''] = match
    const option = options.find((one) => one.name === name)
    if (!option) {
      const known = options.map((one) => one.name).join(', ')
      throw new ClassroomError(400, `There is no option “${name}”; there are: ${known || 'none'}.`)
    }
    const after = text.slice(match.index + whole.length, matches[i + 1]?.index ?? text.length).trim()
    const [raw, rest] = quoted === undefined ? takeWords(word, after, option) : [quoted, after]
    values.push({
      name: option.name,
      type: option.type,
      value: toValue(unescaped(raw, quoted), option, state),
    })
    loose.push(rest)
  }
  const words = loose.filter(Boolean).join(' ')
  const first = options.find(({ type }) => type !== ATTACHMENT)
  if (words && first && !values.some(({ name }) => name === first.name)) {
    return [{ name: first.name, type: first.type, value: toValue(words, first, state) }, ...values]
  }
  return values
}

/** The value of an option without quotes, and what is left of the words up to the next name. */
function takeWords(word: string, after: string, { type, choices }: Option): [value: string, rest: string] {
  const all = `${word} ${after}`.trim()
  const isChoice = choices?.some(({ name }) => name.toLowerCase() === all.toLowerCase())
  if (isChoice ?? type === STRING) return [all, '']
  if (word !== '') return [word, after]
  const [first = ''] = after.split(/\s+/, 1)
  return [first, after.slice(first.length).trim()]
}

const unescaped = (raw: string, quoted: string | undefined): string =>
  quoted === undefined ? raw : raw.replaceAll(/\\(.)/g, '$1')

function toValue(raw: string, option: Option, state: PageState): string | number | boolean {
  const chosen = option.choices?.find(({ name }) => name.toLowerCase() === raw.toLowerCase())
  if (chosen) return chosen.value
  if (option.type === INTEGER || option.type === NUMBER) return Number.isNaN(Number(raw)) ? raw : Number(raw)
  if (option.type === BOOLEAN) return ['true', 'yes', '1'].includes(raw.toLowerCase())
  if (option.type === CHANNEL) {
    const name = raw.replace(/^#/, '')
    return [...state.channels, ...state.threads].find((one) => one.name === name)?.id ?? raw
  }
  if (USER_OR_ROLE.includes(option.type)) {
    const name = raw.replace(/^@/, '').toLowerCase()
    const role = state.guild.roles.find((one) => one.name.toLowerCase() === name)
    return state.persons.find((one) => one.name.toLowerCase() === name)?.id ?? role?.id ?? raw
  }
  return raw
}

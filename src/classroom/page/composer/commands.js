/** Registered commands as the message box needs them: one entry per thing that can be typed. */

const CHAT_INPUT = 1
const SUBCOMMAND = 1
const SUBCOMMAND_GROUP = 2
const ATTACHMENT = 11

/**
 * @typedef {{name: string, path: string[], description: string, options: any[], restricted: boolean}} Entry
 *   `path` is the command's name and those of its group and subcommand; `options` come required first; in the
 *   list, subcommands and what is for few people (`restricted`) come after what everyone uses
 * @param {any[]} commands Discord's application command JSON
 * @returns {Entry[]}
 */
export function commandEntries(commands) {
  const entries = []
  const walk = (node, path, restricted) => {
    const options = node.options ?? []
    const inner = options.filter((option) => [SUBCOMMAND, SUBCOMMAND_GROUP].includes(option.type))
    for (const child of inner) walk(child, [...path, child.name], restricted)
    if (inner.length > 0) return
    entries.push({ name: path.join(' '), path, description: node.description ?? '', options, restricted })
  }
  for (const command of commands) {
    const restricted = Boolean(command.default_member_permissions)
    if ((command.type ?? CHAT_INPUT) === CHAT_INPUT) walk(command, [command.name], restricted)
  }
  return entries.sort(
    (a, b) =>
      Number(a.restricted) - Number(b.restricted) ||
      a.path.length - b.path.length ||
      a.name.localeCompare(b.name),
  )
}

/** Entries for what was typed after the slash: names that begin with it first, then names and descriptions that contain it. */
export function matchingEntries(entries, typed) {
  const words = typed.trim().toLowerCase()
  const rank = (entry) => {
    if (entry.name.startsWith(words)) return 0
    if (entry.name.includes(words)) return 1
    return entry.description.toLowerCase().includes(words) ? 2 : 3
  }
  return entries.filter((entry) => rank(entry) < 3).sort((a, b) => rank(a) - rank(b))
}

/**
 * The entry that the text names in full, and what follows it: "/imagine a red heart".
 * @param {Entry[]} entries @param {string} text
 */
export function typedEntry(entries, text) {
  const found = entries
    .filter((entry) => text === `/${entry.name} ` || text.startsWith(`/${entry.name} `))
    .sort((a, b) => b.name.length - a.name.length)[0]
  return found ? { entry: found, rest: text.slice(found.name.length + 2) } : undefined
}

/**
 * "a red heart seed:7" cut at the names of options. Text before the first name belongs to nobody yet.
 * @param {any[]} options @param {string} text
 * @returns {{before: string, values: Map<string, string>}}
 */
export function splitAtOptions(options, text) {
  const names = options.map((option) => option.name.replaceAll(/[^\p{L}\p{N}_-]/gu, ''))
  const marks = names.length > 0 ? [...text.matchAll(new RegExp(`(?:^|\\s)(${names.join('|')}):`, 'gu'))] : []
  const values = new Map()
  for (const [i, mark] of marks.entries()) {
    const end = marks[i + 1]?.index ?? text.length
    const value = text.slice(mark.index + mark[0].length, end).trim()
    values.set(mark[1], value.replace(/^"(.*)"$/s, '$1'))
  }
  return { before: text.slice(0, marks[0]?.index ?? text.length), values }
}

/** Where words without a name go: the first option that is not a file. @param {any[]} options */
export const firstOfWords = (options) => options.find((option) => option.type !== ATTACHMENT)

/** The payload's nesting: values inside the subcommand inside its group. */
export function nestOptions(entry, values) {
  const inner = entry.path.slice(1)
  return inner.reduceRight(
    (options, name, i) => [{ name, type: i === inner.length - 1 ? SUBCOMMAND : SUBCOMMAND_GROUP, options }],
    values,
  )
}

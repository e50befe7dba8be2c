/** What a person types: slash commands, menu commands and the suggestions while typing. */
import { keepFiles } from './files.ts'
import { createInteraction } from './interactions.ts'
import { checkValue } from './optionValues.ts'
import { PageError } from './pageError.ts'
import { channelPermissions, has, Permission } from './permissions.ts'
import { createResolved, type Resolved } from './resolved.ts'
import { asObjects, asText } from './rules/errors.ts'
import type { State } from './state.ts'
import type { Channel, Command, InteractionRecord, Json, Member, Upload } from './types.ts'
import { messageJson } from './views.ts'

const SUBCOMMANDS = [1, 2]
const ATTACHMENT = 11

export type Actor = { member: Member; channel: Channel }

/** Commands of the class that a member may use in a channel: those of the guild hide global ones of the same name. */
export function commandsFor(state: State, member: Member, channel?: Channel): Command[] {
  const bits = channel && channelPermissions(state, member, channel)
  const all = state.commands.values()
  return all.filter((command) => {
    const hidden =
      command.guild_id === undefined &&
      all.some((other) => other.guild_id && other.name === command.name && other.type === command.type)
    const needed = command.default_member_permissions
    if (hidden || bits === undefined || typeof needed !== 'string') return !hidden
    return needed === '0' ? has(bits, Permission.administrator) : has(bits, BigInt(needed))
  })
}

function mustFindCommand(state: State, { member, channel }: Actor, name: unknown, type: unknown): Command {
  if (!has(channelPermissions(state, member, channel), Permission.useApplicationCommands)) {
    throw new PageError(403, 'You may not use commands in this channel.')
  }
  const isIt = (command: Command) => command.name === name && command.type === type
  if (!state.commands.values().some(isIt)) throw new PageError(404, `There is no command “${asText(name)}”.`)
  const command = commandsFor(state, member, channel).find(isIt)
  if (!command) throw new PageError(403, `You may not use the command “${asText(name)}”.`)
  return command
}

/**
 * Sends a command to the bot. Files come as uploads `files[OPTION]`.
 * @throws PageError when there is no such command or a value does not fit
 */
export async function sendCommand(
  state: State,
  actor: Actor,
  body: Json,
  uploads: Upload[],
): Promise<InteractionRecord> {
  const type = Number(body.type ?? 1)
  const command = mustFindCommand(state, actor, body.name, type)
  const resolved = createResolved(state, actor.member, actor.channel)
  const base = { id: command.id, name: command.name, type, ...guildOf(command) }
  if (type !== 1) {
    const target = asText(body.target)
    resolveTarget(state, actor, resolved, type, target)
    const data = { ...base, target_id: target, ...resolved.json() }
    return createInteraction(state, {
      ...actor,
      type: 2,
      commandType: type,
      commandName: command.name,
      targetId: target,
      data,
    })
  }
  const path = [command.name]
  const options = await fill(state, actor, resolved, {
    defined: command.options,
    given: body.options,
    uploads,
    path,
  })
  const data = { ...base, ...(options.length > 0 ? { options } : {}), ...resolved.json() }
  return createInteraction(state, { ...actor, type: 2, commandType: 1, commandName: path.join(' '), data })
}

const guildOf = ({ guild_id }: Command): { guild_id?: string } => (guild_id === undefined ? {} : { guild_id })

function resolveTarget(
  state: State,
  { member }: Actor,
  resolved: Resolved,
  type: number,
  target: string,
): void {
  if (type === 2 && resolved.user(target)) return
  const record = /^\d+$/.test(target) ? state.store.message(target) : undefined
  const isVisible = record && (record.visibleTo ?? member.user.id) === member.user.id
  if (type === 2 || !isVisible) throw new PageError(404, 'What the command should work on is gone.')
  resolved.message(target, messageJson(state, record))
}

type Level = { defined: unknown; given: unknown; uploads: Upload[]; path: string[] }

/** The options of an interaction, checked; subcommands are followed and noted in `path`. */
async function fill(state: State, actor: Actor, resolved: Resolved, level: Level): Promise<Json[]> {
  const defined = asObjects(level.defined)
  const given = asObjects(level.given)
  const subcommands = defined.filter(({ type }) => SUBCOMMANDS.includes(Number(type)))
  if (subcommands.length > 0) {
    const chosen = subcommands.find(({ name }) => name === given[0]?.name)
    const names = subcommands.map(({ name }) => asText(name)).join(', ')
    if (!chosen) throw new PageError(400, `After “${level.path.at(-1)}” one of these is needed: ${names}.`)
    level.path.push(asText(chosen.name))
    const inner = await fill(state, actor, resolved, {
      ...level,
      defined: chosen.options,
      given: given[0]?.options,
    })
    return [{ name: chosen.name, type: chosen.type, options: inner }]
  }
  for (const { name } of given) {
    if (!defined.some((option) => option.name === name))
      throw new PageError(400, `There is no option “${asText(name)}”.`)
  }
  const values: Json[] = []
  for (const option of defined) {
    const { name, type } = option
    const value = given.find((one) => one.name === name)?.value
    const upload = level.uploads.find(({ field }) => field === `files[${asText(name)}]`)
    if (type === ATTACHMENT && upload)
      values.push({ name, type, value: await attach(state, actor, resolved, upload) })
    else if (value === undefined || value === null || value === '') {
      if (option.required === true)
        throw new PageError(400, `“${asText(name)}” is needed: ${asText(option.description)}.`)
    } else {
      checkValue(option, value, resolved)
      values.push({ name, type, value })
    }
  }
  return values
}

export async function attach(
  state: State,
  actor: Actor,
  resolved: Resolved,
  upload: Upload,
): Promise<string> {
  if (upload.size > state.attachmentSizeLimit) {
    const limit = Math.floor(state.attachmentSizeLimit / 2 ** 20)
    throw new PageError(413, `“${upload.name}” is too large: a file may have ${limit} MiB.`)
  }
  const [attachment] = await keepFiles(state, actor.channel.id, [upload], {}, true)
  if (!attachment) throw new PageError(400, 'The file could not be kept.')
  resolved.attachment(attachment)
  return attachment.id
}

/** Asks the bot for suggestions; what was typed so far is passed on unchecked. @throws PageError after 3 seconds */
export async function askForChoices(state: State, actor: Actor, body: Json): Promise<Json[]> {
  const command = mustFindCommand(state, actor, body.name, 1)
  const data = {
    id: command.id,
    name: command.name,
    type: 1,
    ...guildOf(command),
    options: asObjects(body.options),
  }
  const { promise, resolve, reject } = Promise.withResolvers<Json[]>()
  let wanted = ''
  const stop = state.hub.on((event) => {
    if (event.kind !== 'interaction' || event.id !== wanted) return
    stop()
    if (event.state === 'failed') reject(new PageError(504, 'Loading suggestions failed.'))
    else resolve(event.choices ?? [])
  })
  wanted = createInteraction(state, { ...actor, type: 4, commandType: 1, commandName: command.name, data }).id
  return promise
}

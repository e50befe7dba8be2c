/** Registered commands: global ones and those of the class. */
import { apiError, refuse } from '../errors.ts'
import { asObjects } from '../rules/errors.ts'
import { checkCommand, checkCommandCount, checkCommands } from '../rules/index.ts'
import type { State } from '../state.ts'
import type { Command, Json } from '../types.ts'
import { mustBeThisGuild } from './guilds.ts'
import { route, type ApiRequest, type Route } from './router.ts'

/** The guild of the route, or undefined for global commands. @throws 50001 for another application */
function scopeOf(request: ApiRequest): string | undefined {
  const { state, params } = request
  if (params.application !== state.guild.application_id) throw apiError('missingAccess')
  if (params.guild === undefined) return undefined
  mustBeThisGuild(request)
  return params.guild
}

const commandsOf = (state: State, scope: string | undefined): Command[] =>
  state.commands.values().filter(({ guild_id }) => guild_id === scope)

/** A command as it is kept and answered; what was sent as null or left out gets Discord's defaults. */
function makeCommand(state: State, scope: string | undefined, body: Json, known?: Command): Command {
  const { name_localizations, description_localizations, ...rest } = body
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && value !== undefined),
  )
  const command = {
    description: '',
    integration_types: [0],
    ...given,
    name: String(body.name),
    type: Number(body.type ?? 1),
    id: known?.id ?? state.ids.next(),
    application_id: state.guild.application_id,
    version: state.ids.next(),
    default_member_permissions: body.default_member_permissions ?? null,
    name_localizations: name_localizations ?? null,
    description_localizations: description_localizations ?? null,
    contexts: body.contexts ?? null,
    nsfw: body.nsfw === true,
    ...(scope === undefined ? {} : { guild_id: scope }),
    ...(body.options === undefined ? {} : { options: asObjects(body.options).map(makeOption) }),
  }
  return command
}

const makeOption = (option: Json): Json => ({
  ...Object.fromEntries(Object.entries(option).filter(([, value]) => value !== null)),
  ...(Array.isArray(option.options) ? { options: asObjects(option.options).map(makeOption) } : {}),
})

const sameAs =
  ({ name, type }: Json) =>
  (command: Command): boolean =>
    command.name === name && command.type === Number(type ?? 1)

const told = (state: State) => state.hub.emit({ kind: 'commands' })

/** The list as a whole; commands that keep name and type keep their id. */
function replaceAll(request: ApiRequest) {
  const { state, list } = request
  const scope = scopeOf(request)
  if (!Array.isArray(list)) throw apiError('invalidJson')
  refuse(checkCommands(list))
  const before = commandsOf(state, scope)
  const after = asObjects(list).map((body) => makeCommand(state, scope, body, before.find(sameAs(body))))
  for (const { id } of before) if (!after.some((command) => command.id === id)) state.commands.delete(id)
  for (const command of after) state.commands.set(command.id, command)
  told(state)
  return { body: after }
}

/** A command of the same name and type is replaced. */
function add(request: ApiRequest) {
  const { state, body } = request
  const scope = scopeOf(request)
  refuse(checkCommand(body))
  const before = commandsOf(state, scope)
  const known = before.find(sameAs(body))
  refuse(checkCommandCount([...before.filter((command) => command !== known), body]))
  const command = makeCommand(state, scope, body, known)
  state.commands.set(command.id, command)
  told(state)
  return { status: known ? 200 : 201, body: command }
}

function mustFind(request: ApiRequest): Command {
  const scope = scopeOf(request)
  const command = request.state.commands.get(request.params.command ?? '')
  if (!command || command.guild_id !== scope) throw apiError('unknownCommand')
  return command
}

function edit(request: ApiRequest) {
  const { state, body } = request
  const known = mustFind(request)
  refuse(checkCommand({ ...body, type: known.type }, true))
  const command = makeCommand(state, known.guild_id, { ...known, ...body, type: known.type }, known)
  state.commands.set(command.id, command)
  told(state)
  return { body: command }
}

function remove(request: ApiRequest): undefined {
  const { id } = mustFind(request)
  request.state.commands.delete(id)
  told(request.state)
}

/** Descriptions in other languages only on request. */
function list(request: ApiRequest) {
  const commands = commandsOf(request.state, scopeOf(request))
  if (request.query.get('with_localizations') === 'true') return { body: commands }
  return {
    body: commands.map(({ name_localizations: _1, description_localizations: _2, ...command }) => command),
  }
}

export const commandRoutes: Route[] = [
  '/applications/:application',
  '/applications/:application/guilds/:guild',
]
  .map((scope) => `${scope}/commands`)
  .flatMap((base) => [
    route('GET', base, list),
    route('PUT', base, replaceAll),
    route('POST', base, add),
    route('GET', `${base}/:command`, (request) => ({ body: mustFind(request) })),
    route('PATCH', `${base}/:command`, edit),
    route('DELETE', `${base}/:command`, remove),
  ])

/** Roles: the bot may handle those below its own highest one, and give only permissions that it has. */
import { apiError } from '../errors.ts'
import { guildPermissions, has, Permission } from '../permissions.ts'
import { asObject, asText } from '../rules/errors.ts'
import { makeRole } from '../seed.ts'
import { dispatch, type State } from '../state.ts'
import type { Json, Role } from '../types.ts'
import { readBits } from './bits.ts'
import { mustBeThisGuild } from './guilds.ts'
import { route, type ApiRequest, type Route } from './router.ts'

function mustManageRoles({ state }: ApiRequest, given: bigint): void {
  const own = guildPermissions(state, state.bot)
  if (!has(own, Permission.manageRoles) || !has(own, given)) throw apiError('missingPermissions')
}

/** @throws 50013 for a role that is not below the bot's highest */
export function mustBeBelowBot(state: State, role: Role): void {
  const highest = Math.max(...state.bot.roles.map((id) => state.roles.get(id)?.position ?? 0))
  if (role.position >= highest) throw apiError('missingPermissions')
}

export function mustFindRole({ state, params }: ApiRequest): Role {
  const role = state.roles.get(params.role ?? '')
  if (!role) throw apiError('unknownRole')
  return role
}

function changes(body: Json): Partial<Role> {
  const colors = asObject(body.colors)
  const color = Number(colors?.primary_color ?? body.color ?? 0)
  const hasColor = colors !== undefined || typeof body.color === 'number'
  return {
    ...(typeof body.name === 'string' ? { name: body.name.slice(0, 100) } : {}),
    ...(body.permissions === undefined || body.permissions === null
      ? {}
      : { permissions: String(given(body)) }),
    ...(hasColor
      ? { color, colors: { primary_color: color, secondary_color: null, tertiary_color: null } }
      : {}),
    ...(typeof body.hoist === 'boolean' ? { hoist: body.hoist } : {}),
    ...(typeof body.mentionable === 'boolean' ? { mentionable: body.mentionable } : {}),
  }
}

const given = (body: Json): bigint => readBits(body.permissions, 'permissions')

function create(request: ApiRequest) {
  const { state, body } = request
  mustBeThisGuild(request)
  mustManageRoles(request, given(body))
  const everyone = state.roles.get(state.guild.id)
  const permissions = body.permissions === undefined ? BigInt(everyone?.permissions ?? 0) : given(body)
  // New roles stand above @everyone; the others move up.
  for (const role of state.roles.values()) {
    if (role.position > 0) state.roles.set(role.id, { ...role, position: role.position + 1 })
  }
  const name = asText(body.name) || 'new role'
  const role = { ...makeRole(state.ids.next(), name, 1, { permissions }), ...changes(body) }
  state.roles.set(role.id, role)
  dispatch(state, 'GUILD_ROLE_CREATE', { guild_id: state.guild.id, role })
  return { body: role }
}

function edit(request: ApiRequest) {
  const { state, body } = request
  mustBeThisGuild(request)
  mustManageRoles(request, given(body))
  const role = mustFindRole(request)
  mustBeBelowBot(state, role)
  const next = { ...role, ...changes(body) }
  state.roles.set(role.id, next)
  dispatch(state, 'GUILD_ROLE_UPDATE', { guild_id: state.guild.id, role: next })
  return { body: next }
}

function remove(request: ApiRequest): undefined {
  const { state } = request
  mustBeThisGuild(request)
  mustManageRoles(request, 0n)
  const role = mustFindRole(request)
  mustBeBelowBot(state, role)
  state.roles.delete(role.id)
  for (const member of state.members.values()) {
    if (!member.roles.includes(role.id)) continue
    state.members.set(member.user.id, { ...member, roles: member.roles.filter((id) => id !== role.id) })
  }
  dispatch(state, 'GUILD_ROLE_DELETE', { guild_id: state.guild.id, role_id: role.id })
}

export const roleRoutes: Route[] = [
  route('GET', '/guilds/:guild/roles', (request) => {
    mustBeThisGuild(request)
    return { body: request.state.roles.values() }
  }),
  route('POST', '/guilds/:guild/roles', create),
  route('GET', '/guilds/:guild/roles/:role', (request) => {
    mustBeThisGuild(request)
    return { body: mustFindRole(request) }
  }),
  route('PATCH', '/guilds/:guild/roles/:role', edit),
  route('DELETE', '/guilds/:guild/roles/:role', remove),
]

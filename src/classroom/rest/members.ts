/** The people of the class and their roles. */
import { apiError } from '../errors.ts'
import { guildPermissions, has, Permission } from '../permissions.ts'
import { dispatch, type State } from '../state.ts'
import type { Member } from '../types.ts'
import { memberJson } from '../views.ts'
import { mustBeThisGuild } from './guilds.ts'
import { mustBeBelowBot, mustFindRole } from './roles.ts'
import { route, type ApiRequest, type Route } from './router.ts'

function memberOf(request: ApiRequest): Member {
  mustBeThisGuild(request)
  const member = request.state.members.get(request.params.user ?? '')
  if (!member) throw apiError('unknownMember')
  return member
}

function save(state: State, member: Member): Member {
  state.members.set(member.user.id, member)
  if (member.user.id === state.bot.user.id) state.bot = member
  const { deaf: _1, mute: _2, ...data } = memberJson(member)
  dispatch(state, 'GUILD_MEMBER_UPDATE', { ...data, guild_id: state.guild.id })
  return member
}

const setRole =
  (isGiven: boolean) =>
  (request: ApiRequest): undefined => {
    const { state } = request
    const member = memberOf(request)
    const role = mustFindRole(request)
    if (!has(guildPermissions(state, state.bot), Permission.manageRoles)) throw apiError('missingPermissions')
    mustBeBelowBot(state, role)
    const others = member.roles.filter((id) => id !== role.id)
    save(state, { ...member, roles: isGiven ? [...others, role.id] : others })
  }

function editOwn(request: ApiRequest) {
  const { state, body } = request
  mustBeThisGuild(request)
  const nick = typeof body.nick === 'string' && body.nick !== '' ? body.nick : null
  const { user: _, ...rest } = memberJson(save(state, { ...state.bot, nick }))
  return { body: { ...rest, user: state.bot.user } }
}

function list(request: ApiRequest) {
  const { state, query } = request
  mustBeThisGuild(request)
  const after = BigInt(query.get('after') ?? 0)
  const members = state.members.values().filter(({ user }) => BigInt(user.id) > after)
  return { body: members.slice(0, Number(query.get('limit') ?? 1)).map(memberJson) }
}

export const memberRoutes: Route[] = [
  route('GET', '/guilds/:guild/members', list),
  route('GET', '/guilds/:guild/members/:user', (request) => ({ body: memberJson(memberOf(request)) })),
  route('PATCH', '/guilds/:guild/members/@me', editOwn),
  route('PUT', '/guilds/:guild/members/:user/roles/:role', setRole(true)),
  route('DELETE', '/guilds/:guild/members/:user/roles/:role', setRole(false)),
]

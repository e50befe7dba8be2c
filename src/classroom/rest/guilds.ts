/** The class as a whole. */
import { apiError } from '../errors.ts'
import { guildJson } from '../views.ts'
import { route, type ApiRequest, type Route } from './router.ts'

/** @throws 10004 for any other guild than the class */
export function mustBeThisGuild({ state, params }: ApiRequest): void {
  if (params.guild !== state.guild.id) throw apiError('unknownGuild')
  if (!state.isBotHere) throw apiError('missingAccess')
}

function guild(request: ApiRequest) {
  mustBeThisGuild(request)
  const { state, query } = request
  const count = state.members.values().length
  const counts = { approximate_member_count: count, approximate_presence_count: count }
  return { body: { ...guildJson(state), ...(query.get('with_counts') === 'true' ? counts : {}) } }
}

/** Channels without threads and conversations. */
function channels(request: ApiRequest) {
  mustBeThisGuild(request)
  const all = request.state.channels.values()
  return { body: all.filter(({ guild_id, thread_metadata }) => guild_id !== undefined && !thread_metadata) }
}

export const guildRoutes: Route[] = [
  route('GET', '/guilds/:guild', guild),
  route('GET', '/guilds/:guild/channels', channels),
]

/** What a role or a member may do in one channel. */
import { mustBeAllowed, mustSee, removeOverwrite, setOverwrite } from '../channels.ts'
import { apiError } from '../errors.ts'
import { Permission } from '../permissions.ts'
import { readOverwrite } from './channels.ts'
import { route, type ApiRequest, type Route } from './router.ts'

function place({ state, params }: ApiRequest): { channelId: string; id: string } {
  const channel = mustSee(state, params.channel ?? '')
  if (channel.thread_metadata || channel.guild_id === undefined) throw apiError('wrongChannelType')
  mustBeAllowed(state, channel, Permission.manageRoles)
  return { channelId: channel.id, id: params.overwrite ?? '' }
}

export const overwriteRoutes: Route[] = [
  route('PUT', '/channels/:channel/permissions/:overwrite', (request): undefined => {
    const { state, body } = request
    const { channelId, id } = place(request)
    const known = Number(body.type) === 0 ? state.roles.get(id) : state.members.get(id)
    if (!known) throw apiError(Number(body.type) === 0 ? 'unknownRole' : 'unknownMember')
    setOverwrite(state, channelId, readOverwrite({ ...body, id }))
  }),
  route('DELETE', '/channels/:channel/permissions/:overwrite', (request): undefined => {
    const { channelId, id } = place(request)
    removeOverwrite(request.state, channelId, id)
  }),
]

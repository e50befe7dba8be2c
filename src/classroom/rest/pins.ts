/** Pinned messages, under the address of 2025 and under the older one. */
import { mustBeAllowed, mustSee } from '../channels.ts'
import { addMessage, mustFind, touchMessage } from '../messages.ts'
import { channelPermissions, has, Permission } from '../permissions.ts'
import { dispatch } from '../state.ts'
import type { MessageRecord } from '../types.ts'
import { messageJson } from '../views.ts'
import { route, type ApiRequest, type Route } from './router.ts'

const CHANNEL_PINNED_MESSAGE = 6

const setPinned =
  (pinned: boolean) =>
  (request: ApiRequest): undefined => {
    const { state, params } = request
    const channel = mustSee(state, params.channel ?? '')
    const mayManage = has(channelPermissions(state, state.bot, channel), Permission.manageMessages)
    if (!mayManage) mustBeAllowed(state, channel, Permission.pinMessages)
    const record = mustFind(state, params.message ?? '', channel.id)
    if (record.message.pinned === pinned) return
    touchMessage(state, record, { pinned })
    const last_pin_timestamp = pinned
      ? new Date(state.now()).toISOString()
      : (channel.last_pin_timestamp ?? null)
    state.channels.set(channel.id, { ...channel, last_pin_timestamp })
    dispatch(state, 'CHANNEL_PINS_UPDATE', {
      guild_id: channel.guild_id,
      channel_id: channel.id,
      last_pin_timestamp,
    })
    if (!pinned) return
    const reference = {
      type: 0,
      channel_id: channel.id,
      message_id: record.message.id,
      guild_id: state.guild.id,
    }
    addMessage(state, {
      channelId: channel.id,
      message: { type: CHANNEL_PINNED_MESSAGE, message_reference: reference },
    })
  }

function pinned({ state, params }: ApiRequest): MessageRecord[] {
  const channel = mustSee(state, params.channel ?? '')
  return state.store
    .messages(channel.id, { limit: 10_000 })
    .filter(({ message, visibleTo }) => message.pinned && visibleTo === undefined)
}

const list = (request: ApiRequest) => {
  const items = pinned(request).map((record) => ({
    pinned_at: record.message.timestamp,
    message: messageJson(request.state, record),
  }))
  return { body: { items, has_more: false } }
}

const oldList = (request: ApiRequest) => ({
  body: pinned(request).map((record) => messageJson(request.state, record)),
})

export const pinRoutes: Route[] = [
  route('GET', '/channels/:channel/messages/pins', list),
  route('GET', '/channels/:channel/pins', oldList),
  ...['/channels/:channel/messages/pins/:message', '/channels/:channel/pins/:message'].flatMap((path) => [
    route('PUT', path, setPinned(true)),
    route('DELETE', path, setPinned(false)),
  ]),
]

/** Looking up channels with the right to see them, and changing who may do what there. */
import { mustBeHere } from './botMembership.ts'
import { apiError } from './errors.ts'
import { channelPermissions, has, Permission } from './permissions.ts'
import { dispatch, type State } from './state.ts'
import type { Channel, Member, Overwrite } from './types.ts'

/** @throws 10003 when there is none, 50001 when the member may not see it */
export function mustSee(state: State, channelId: string, member: Member = state.bot): Channel {
  const channel = state.channels.get(channelId)
  if (!channel) throw apiError('unknownChannel')
  if (member === state.bot) mustBeHere(state, channel)
  if (!has(channelPermissions(state, member, channel), Permission.viewChannel))
    throw apiError('missingAccess')
  return channel
}

/** @throws 50013 unless the bot has all these bits in the channel */
export function mustBeAllowed(state: State, channel: Channel, bits: bigint): void {
  if (!has(channelPermissions(state, state.bot, channel), bits)) throw apiError('missingPermissions')
}

export function saveChannel(state: State, channel: Channel, event: 'CREATE' | 'UPDATE'): Channel {
  state.channels.set(channel.id, channel)
  const kind = channel.thread_metadata ? 'THREAD' : 'CHANNEL'
  dispatch(state, `${kind}_${event}`, channel)
  return channel
}

/** Deletes a channel and its threads; their messages can no longer be reached. */
export function removeChannel(state: State, channel: Channel): void {
  for (const thread of state.channels.values()) {
    if (thread.thread_metadata && thread.parent_id === channel.id) removeChannel(state, thread)
  }
  state.channels.delete(channel.id)
  if (channel.thread_metadata) {
    state.threadMembers.delete(channel.id)
    const { id, guild_id, parent_id, type } = channel
    dispatch(state, 'THREAD_DELETE', { id, guild_id, parent_id, type })
  } else {
    dispatch(state, 'CHANNEL_DELETE', channel)
  }
}

export function setOverwrite(state: State, channelId: string, overwrite: Overwrite): void {
  const channel = state.channels.get(channelId)
  if (!channel) throw apiError('unknownChannel')
  const others = (channel.permission_overwrites ?? []).filter(({ id }) => id !== overwrite.id)
  saveChannel(state, { ...channel, permission_overwrites: [...others, overwrite] }, 'UPDATE')
}

export function removeOverwrite(state: State, channelId: string, id: string): void {
  const channel = state.channels.get(channelId)
  if (!channel) throw apiError('unknownChannel')
  const others = (channel.permission_overwrites ?? []).filter((overwrite) => overwrite.id !== id)
  saveChannel(state, { ...channel, permission_overwrites: others }, 'UPDATE')
}

/** Threads: made from a channel or a message, filled, archived after a time without messages. */
import { timeOfId } from './ids.ts'
import { dispatch, type State } from './state.ts'
import type { Channel, Message, ThreadMember } from './types.ts'
import { threadJson } from './views.ts'

export const ANNOUNCEMENT_THREAD = 10
export const PUBLIC_THREAD = 11
export const PRIVATE_THREAD = 12
/** A channel whose messages are all in threads, called posts. */
export const FORUM = 15

const MINUTE_MS = 60_000

export type ThreadDraft = {
  parent: Channel
  type: number
  name: string
  autoArchiveMinutes: number
  invitable?: boolean
}

/** `id` of the message it starts from, else a new one. The bot is its owner and first member. */
export function createThread(state: State, draft: ThreadDraft, id = state.ids.next()): Channel {
  const now = new Date(state.now()).toISOString()
  const thread: Channel = {
    id,
    type: draft.type,
    flags: 0,
    last_message_id: null,
    guild_id: state.guild.id,
    name: draft.name,
    parent_id: draft.parent.id,
    rate_limit_per_user: 0,
    owner_id: state.bot.user.id,
    thread_metadata: {
      archived: false,
      archive_timestamp: now,
      auto_archive_duration: draft.autoArchiveMinutes,
      locked: false,
      create_timestamp: now,
      ...(draft.type === PRIVATE_THREAD ? { invitable: draft.invitable ?? true } : {}),
    },
    message_count: 0,
    member_count: 0,
    total_message_sent: 0,
  }
  state.channels.set(id, thread)
  const joined = joinThread(state, thread, state.bot.user.id)
  dispatch(state, 'THREAD_CREATE', { ...threadJson(state, joined), newly_created: true })
  return joined
}

export function joinThread(state: State, thread: Channel, userId: string): Channel {
  const members = state.threadMembers.get(thread.id) ?? []
  if (members.some(({ user_id }) => user_id === userId)) return thread
  const member: ThreadMember = {
    id: thread.id,
    user_id: userId,
    join_timestamp: new Date(state.now()).toISOString(),
    flags: 1,
  }
  return setThreadMembers(state, thread, [...members, member], { added_members: [member] })
}

export function leaveThread(state: State, thread: Channel, userId: string): Channel {
  const members = state.threadMembers.get(thread.id) ?? []
  const rest = members.filter(({ user_id }) => user_id !== userId)
  return rest.length === members.length
    ? thread
    : setThreadMembers(state, thread, rest, { removed_member_ids: [userId] })
}

function setThreadMembers(state: State, thread: Channel, members: ThreadMember[], change: object): Channel {
  state.threadMembers.set(thread.id, members)
  const next = { ...thread, member_count: members.length }
  state.channels.set(thread.id, next)
  const { id, guild_id } = next
  dispatch(state, 'THREAD_MEMBERS_UPDATE', { id, guild_id, member_count: members.length, ...change })
  return next
}

function setArchived(state: State, thread: Channel, archived: boolean): Channel {
  const metadata = thread.thread_metadata
  if (!metadata || metadata.archived === archived) return thread
  const next = {
    ...thread,
    thread_metadata: { ...metadata, archived, archive_timestamp: new Date(state.now()).toISOString() },
  }
  state.channels.set(thread.id, next)
  dispatch(state, 'THREAD_UPDATE', threadJson(state, next))
  return next
}

/** Archives what had no message for as long as its setting says. Discord does so by itself; here when somebody looks. */
export function archiveIdleThreads(state: State): void {
  for (const thread of state.channels.values()) {
    const metadata = thread.thread_metadata
    if (!metadata || metadata.archived) continue
    const lastMessage = timeOfId(thread.last_message_id ?? thread.id)
    const lastChange = Math.max(lastMessage, Date.parse(metadata.archive_timestamp))
    if (state.now() - lastChange > metadata.auto_archive_duration * MINUTE_MS)
      setArchived(state, thread, true)
  }
}

/** A new message: the channel's last one; in a thread it counts, and wakes it up unless it is locked. */
export function noteMessageInChannel(state: State, message: Message): void {
  const channel = state.channels.get(message.channel_id)
  if (!channel) return
  const counts = channel.thread_metadata
    ? {
        message_count: (channel.message_count ?? 0) + 1,
        total_message_sent: (channel.total_message_sent ?? 0) + 1,
      }
    : {}
  const next = { ...channel, last_message_id: message.id, ...counts }
  state.channels.set(channel.id, next)
  if (next.thread_metadata?.locked === false) setArchived(state, next, false)
}

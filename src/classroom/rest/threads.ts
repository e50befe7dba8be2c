/** Threads: made, joined, listed. */
import { mustBeAllowed, mustSee } from '../channels.ts'
import { apiError, badField, refuse } from '../errors.ts'
import { addMessage, createMessage, Flag, mustFind, touchMessage } from '../messages.ts'
import { Permission } from '../permissions.ts'
import { asObject } from '../rules/errors.ts'
import { checkForumPost } from '../rules/index.ts'
import type { State } from '../state.ts'
import {
  ANNOUNCEMENT_THREAD,
  archiveIdleThreads,
  createThread,
  FORUM,
  joinThread,
  leaveThread,
  PRIVATE_THREAD,
  PUBLIC_THREAD,
} from '../threads.ts'
import type { Channel } from '../types.ts'
import { threadJson } from '../views.ts'
import { checkArchiveMinutes, checkName } from './channels.ts'
import { mustBeThisGuild } from './guilds.ts'
import { route, type ApiRequest, type Route } from './router.ts'

const TEXT = 0
const ANNOUNCEMENT = 5
const THREAD_CREATED = 18
const THREAD_STARTER = 21

function parentOf({ state, params }: ApiRequest): Channel {
  const parent = mustSee(state, params.channel ?? '')
  if (parent.type !== TEXT && parent.type !== ANNOUNCEMENT) throw apiError('wrongChannelType')
  return parent
}

const draft = (parent: Channel, type: number, body: ApiRequest['body']) => ({
  parent,
  type,
  name: checkName(body.name),
  autoArchiveMinutes: checkArchiveMinutes(body.auto_archive_duration ?? parent.default_auto_archive_duration),
})

function fromChannel(request: ApiRequest) {
  const { state, body } = request
  if (mustSee(state, request.params.channel ?? '').type === FORUM) return forumPost(request)
  const parent = parentOf(request)
  const type = Number(body.type ?? PRIVATE_THREAD)
  const allowed = parent.type === ANNOUNCEMENT ? [ANNOUNCEMENT_THREAD] : [PUBLIC_THREAD, PRIVATE_THREAD]
  if (!allowed.includes(type)) {
    throw badField(['type'], 'BASE_TYPE_CHOICES', `Value must be one of (${allowed.join(', ')}).`)
  }
  const isPrivate = type === PRIVATE_THREAD
  mustBeAllowed(state, parent, isPrivate ? Permission.createPrivateThreads : Permission.createPublicThreads)
  const thread = createThread(state, {
    ...draft(parent, type, body),
    ...(typeof body.invitable === 'boolean' ? { invitable: body.invitable } : {}),
  })
  if (!isPrivate) announce(state, parent, thread)
  return { status: 201, body: threadJson(state, thread) }
}

/** A thread and its first message in one; both have the same id. */
async function forumPost({ state, params, body, uploads }: ApiRequest) {
  const parent = mustSee(state, params.channel ?? '')
  mustBeAllowed(state, parent, Permission.sendMessages)
  refuse(checkForumPost(body, uploads))
  const message = asObject(body.message)
  if (!message) throw badField(['message'], 'BASE_TYPE_REQUIRED', 'This field is required')
  const thread = createThread(state, draft(parent, PUBLIC_THREAD, body))
  const { id } = thread
  await createMessage(state, { channelId: id, id, body: message, uploads, kind: 'channel' })
  return { status: 201, body: threadJson(state, state.channels.get(id) ?? thread) }
}

/** "Darkroom started a thread" in the channel. */
function announce(state: State, parent: Channel, thread: Channel): void {
  const reference = { type: 0, channel_id: thread.id, guild_id: state.guild.id }
  addMessage(state, {
    channelId: parent.id,
    message: { type: THREAD_CREATED, content: thread.name ?? '', message_reference: reference },
  })
}

function fromMessage(request: ApiRequest) {
  const { state, body, params } = request
  const parent = parentOf(request)
  mustBeAllowed(state, parent, Permission.createPublicThreads)
  const record = mustFind(state, params.message ?? '', parent.id)
  const { message, visibleTo } = record
  if (visibleTo !== undefined) throw apiError('unknownMessage')
  if (state.channels.get(message.id)) throw apiError('threadExists')
  const type = parent.type === ANNOUNCEMENT ? ANNOUNCEMENT_THREAD : PUBLIC_THREAD
  const thread = createThread(state, draft(parent, type, body), message.id)
  const reference = { type: 0, channel_id: parent.id, message_id: message.id, guild_id: state.guild.id }
  touchMessage(state, record, { flags: message.flags | Flag.hasThread })
  addMessage(state, { channelId: thread.id, message: { type: THREAD_STARTER, message_reference: reference } })
  const made = state.channels.get(thread.id) ?? thread
  return { status: 201, body: threadJson(state, made) }
}

/** @throws 50024 for a channel that is no thread */
function threadOf({ state, params }: ApiRequest): Channel {
  const thread = mustSee(state, params.channel ?? '')
  if (!thread.thread_metadata) throw apiError('wrongChannelType')
  return thread
}

const change =
  (what: typeof joinThread) =>
  (request: ApiRequest): undefined => {
    const { state, params } = request
    const thread = threadOf(request)
    const user = params.user ?? state.bot.user.id
    if (!state.members.get(user)) throw apiError('unknownMember')
    if (thread.thread_metadata?.archived) throw apiError('threadArchived')
    what(state, thread, user)
  }

const memberOf = (request: ApiRequest) => {
  const { state, params } = request
  const members = state.threadMembers.get(threadOf(request).id) ?? []
  const body = members.find(({ user_id }) => user_id === params.user)
  if (!body) throw apiError('unknownMember')
  return { body }
}

function threadList(state: State, threads: Channel[], limit = Infinity) {
  const shown = threads.slice(0, limit)
  const members = shown.flatMap(({ id }) => state.threadMembers.get(id) ?? [])
  return {
    body: {
      threads: shown.map((thread) => threadJson(state, thread)),
      members: members.filter(({ user_id }) => user_id === state.bot.user.id),
      has_more: threads.length > shown.length,
    },
  }
}

function active(request: ApiRequest) {
  const { state } = request
  mustBeThisGuild(request)
  archiveIdleThreads(state)
  const all = state.channels.values()
  return threadList(state, all.filter((channel) => channel.thread_metadata?.archived === false).toReversed())
}

/** Newest archived first; `before` is a time. */
const archived = (types: number[]) => (request: ApiRequest) => {
  const { state, query } = request
  const parent = parentOf(request)
  mustBeAllowed(state, parent, Permission.readMessageHistory)
  archiveIdleThreads(state)
  const before = query.get('before')
  const at = ({ thread_metadata }: Channel) => Date.parse(thread_metadata?.archive_timestamp ?? '')
  const found = state.channels
    .values()
    .filter((channel) => channel.parent_id === parent.id && types.includes(channel.type))
    .filter(
      (channel) => channel.thread_metadata?.archived && (before === null || at(channel) < Date.parse(before)),
    )
    .sort((a, b) => at(b) - at(a))
  return threadList(state, found, Number(query.get('limit') ?? 50))
}

export const threadRoutes: Route[] = [
  route('POST', '/channels/:channel/threads', fromChannel),
  route('POST', '/channels/:channel/messages/:message/threads', fromMessage),
  route('GET', '/guilds/:guild/threads/active', active),
  route('GET', '/channels/:channel/threads/archived/public', archived([ANNOUNCEMENT_THREAD, PUBLIC_THREAD])),
  route('GET', '/channels/:channel/threads/archived/private', archived([PRIVATE_THREAD])),
  route('GET', '/channels/:channel/thread-members', (request) => ({
    body: request.state.threadMembers.get(threadOf(request).id) ?? [],
  })),
  route('GET', '/channels/:channel/thread-members/:user', memberOf),
  route('PUT', '/channels/:channel/thread-members/@me', change(joinThread)),
  route('DELETE', '/channels/:channel/thread-members/@me', change(leaveThread)),
  route('PUT', '/channels/:channel/thread-members/:user', change(joinThread)),
  route('DELETE', '/channels/:channel/thread-members/:user', change(leaveThread)),
]

/** Messages of channels, threads and conversations. */
import { mustBeAllowed, mustSee } from '../channels.ts'
import { apiError, badField } from '../errors.ts'
import { createMessage, deleteMessage, editMessage, mustFind, touchMessage } from '../messages.ts'
import { channelPermissions, has, Permission } from '../permissions.ts'
import { asObject, asText } from '../rules/errors.ts'
import { dispatch, type State } from '../state.ts'
import { FORUM } from '../threads.ts'
import type { Channel, Json, Message, MessageRecord } from '../types.ts'
import { messageJson } from '../views.ts'
import { route, type ApiRequest, type Route } from './router.ts'

const REPLY = 19
const CATEGORY = 4
/** For how long `enforce_nonce` gives the first message back. */
const NONCE_MS = 5 * 60 * 1000

const channelOf = ({ state, params }: ApiRequest): Channel => mustSee(state, params.channel ?? '')

/** A message that the bot may see: private ones are not in the channel for it. */
function messageOf(request: ApiRequest): MessageRecord {
  const channel = channelOf(request)
  mustBeAllowed(request.state, channel, Permission.readMessageHistory)
  const record = mustFind(request.state, request.params.message ?? '', channel.id)
  if (record.visibleTo !== undefined) throw apiError('unknownMessage')
  return record
}

/** An edit or an answer in an archived thread is refused; a new message wakes it up. */
function mustBeOpen(channel: Channel): void {
  if (channel.thread_metadata?.archived) throw apiError('threadArchived')
}

async function send(request: ApiRequest) {
  const { state, body, uploads } = request
  const channel = channelOf(request)
  if (!state.isBotHere) throw apiError('noMutualServer')
  if (channel.type === CATEGORY || channel.type === FORUM) throw apiError('wrongChannelType')
  const speak = channel.thread_metadata ? Permission.sendMessagesInThreads : Permission.sendMessages
  mustBeAllowed(state, channel, uploads.length > 0 ? speak | Permission.attachFiles : speak)
  if (channel.thread_metadata?.locked) mustBeAllowed(state, channel, Permission.manageThreads)
  const before = body.enforce_nonce === true ? sameNonce(state, channel.id, body.nonce) : undefined
  if (before) return { body: messageJson(state, before) }
  const nonce = body.nonce as string | number | undefined
  const record = await createMessage(state, {
    channelId: channel.id,
    body,
    uploads,
    kind: 'channel',
    extra: { ...(nonce === undefined || nonce === null ? {} : { nonce }), ...replyTo(state, channel, body) },
  })
  return { body: messageJson(state, record) }
}

function sameNonce(state: State, channelId: string, nonce: unknown): MessageRecord | undefined {
  if (typeof nonce !== 'string' && typeof nonce !== 'number') return undefined
  const recent = state.store.messages(channelId, { limit: 100 })
  return recent.find(
    ({ message }) =>
      String(message.nonce) === String(nonce) && state.now() - Date.parse(message.timestamp) < NONCE_MS,
  )
}

function replyTo(state: State, channel: Channel, body: Json): Partial<Message> {
  const reference = asObject(body.message_reference)
  const id = asText(reference?.message_id)
  if (id === '') return {}
  const record = state.store.message(id)
  if (record?.message.channel_id !== channel.id) {
    if (reference?.fail_if_not_exists === false) return {}
    throw badField(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message')
  }
  return {
    type: REPLY,
    message_reference: { type: 0, channel_id: channel.id, message_id: id, guild_id: state.guild.id },
  }
}

async function edit(request: ApiRequest) {
  const { state, body, uploads } = request
  const { message } = messageOf(request)
  if (message.author.id !== state.bot.user.id) throw apiError('notYourMessage')
  mustBeOpen(channelOf(request))
  return {
    body: messageJson(state, await editMessage(state, message.id, { body, uploads, kind: 'channel' })),
  }
}

function remove(request: ApiRequest): undefined {
  const { state } = request
  const channel = channelOf(request)
  const record = mustFind(state, request.params.message ?? '', channel.id)
  if (record.visibleTo !== undefined) throw apiError('unknownMessage')
  mustBeOpen(channel)
  if (record.message.author.id !== state.bot.user.id) mustBeAllowed(state, channel, Permission.manageMessages)
  deleteMessage(state, record)
}

function list(request: ApiRequest) {
  const { state, query } = request
  const channel = channelOf(request)
  const limit = Number(query.get('limit') ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw badField(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.')
  }
  const isAllowed = has(channelPermissions(state, state.bot, channel), Permission.readMessageHistory)
  const records = isAllowed ? pageOf(state, channel.id, query, limit) : []
  return { body: records.map((record) => messageJson(state, record)) }
}

function pageOf(state: State, channelId: string, query: URLSearchParams, limit: number): MessageRecord[] {
  const [around, before, after] = ['around', 'before', 'after'].map((name) => query.get(name) ?? undefined)
  if (around !== undefined) {
    const half = Math.floor(limit / 2)
    const older = state.store.messages(channelId, { before: String(BigInt(around) + 1n), limit: half + 1 })
    const newer = state.store.messages(channelId, { after: around, limit: half })
    return [...newer, ...older].slice(0, limit)
  }
  return state.store.messages(channelId, {
    limit,
    ...(before === undefined ? {} : { before }),
    ...(before === undefined && after !== undefined ? { after } : {}),
  })
}

type Reaction = { emoji: { id: string | null; name: string } }

/** The bot's own reactions; nobody else reacts in the classroom. */
const react =
  (isAdded: boolean) =>
  (request: ApiRequest): undefined => {
    const { state, params } = request
    const record = messageOf(request)
    if (isAdded) mustBeAllowed(state, channelOf(request), Permission.addReactions)
    const [name = '', id = null] = (params.emoji ?? '').split(':')
    const all = (record.message.reactions ?? []) as (Json & Reaction)[]
    const others = all.filter(({ emoji }) => emoji.name !== name)
    const added = {
      emoji: { id, name },
      count: 1,
      count_details: { burst: 0, normal: 1 },
      burst_colors: [],
      me: true,
      me_burst: false,
    }
    touchMessage(state, record, { reactions: isAdded ? [...others, added] : others })
    const { id: message_id, channel_id } = record.message
    dispatch(state, `MESSAGE_REACTION_${isAdded ? 'ADD' : 'REMOVE'}`, {
      user_id: state.bot.user.id,
      message_id,
      channel_id,
      guild_id: state.guild.id,
      emoji: added.emoji,
      burst: false,
      type: 0,
    })
  }

function type(request: ApiRequest): undefined {
  const { state } = request
  const { id: channel_id, guild_id } = channelOf(request)
  const timestamp = Math.floor(state.now() / 1000)
  dispatch(state, 'TYPING_START', { channel_id, guild_id, user_id: state.bot.user.id, timestamp })
}

const base = '/channels/:channel/messages'

export const messageRoutes: Route[] = [
  route('GET', base, list),
  route('POST', base, send),
  route('GET', `${base}/:message`, (request) => ({ body: messageJson(request.state, messageOf(request)) })),
  route('PATCH', `${base}/:message`, edit),
  route('DELETE', `${base}/:message`, remove),
  route('PUT', `${base}/:message/reactions/:emoji/@me`, react(true)),
  route('DELETE', `${base}/:message/reactions/:emoji/@me`, react(false)),
  route('POST', '/channels/:channel/typing', type),
]

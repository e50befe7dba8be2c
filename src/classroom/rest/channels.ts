/** Channels of the class and conversations with one person. */
import { mustBeAllowed, mustSee, removeChannel, saveChannel } from '../channels.ts'
import { apiError, badField } from '../errors.ts'
import { guildPermissions, has, Permission } from '../permissions.ts'
import { asObjects, asText, lengthOf } from '../rules/errors.ts'
import { makeChannel } from '../seed.ts'
import { dispatch, type State } from '../state.ts'
import { FORUM } from '../threads.ts'
import type { Channel, Json, Overwrite } from '../types.ts'
import { channelJson, threadJson } from '../views.ts'
import { readBits } from './bits.ts'
import { mustBeThisGuild } from './guilds.ts'
import { route, type ApiRequest, type Route } from './router.ts'

const TEXT = 0
const DM = 1
/** Text, voice, category, announcement, forum. Stages are not made here. */
const MAY_BE_MADE = [TEXT, 2, 4, 5, FORUM]
const ARCHIVE_MINUTES = [60, 1440, 4320, 10_080]

const channelOf = ({ state, params }: ApiRequest): Channel => mustSee(state, params.channel ?? '')

export function checkName(name: unknown): string {
  const length = lengthOf(name)
  if (length < 1 || length > 100) {
    throw badField(['name'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
  }
  return asText(name)
}

export function checkArchiveMinutes(minutes: unknown): number {
  if (minutes === undefined || minutes === null) return 4320
  if (ARCHIVE_MINUTES.includes(Number(minutes))) return Number(minutes)
  throw badField(
    ['auto_archive_duration'],
    'BASE_TYPE_CHOICES',
    `Value must be one of (${ARCHIVE_MINUTES.join(', ')}).`,
  )
}

/** Names of text channels are lower case with dashes. */
const channelName = (name: unknown, type: number): string =>
  type === TEXT || type === 5 ? checkName(name).toLowerCase().replaceAll(/\s+/g, '-') : checkName(name)

export const readOverwrite = (overwrite: Json): Overwrite => ({
  id: asText(overwrite.id),
  type: Number(overwrite.type ?? 0),
  allow: String(readBits(overwrite.allow, 'allow')),
  deny: String(readBits(overwrite.deny, 'deny')),
})

/** The fields that both making and changing a channel take, as far as they are given. */
function changes(body: Json): Partial<Channel> {
  const given: Partial<Channel> = {}
  if ('topic' in body) given.topic = (body.topic as string | null) ?? null
  if (typeof body.position === 'number') given.position = body.position
  if (typeof body.nsfw === 'boolean') given.nsfw = body.nsfw
  if (typeof body.rate_limit_per_user === 'number') given.rate_limit_per_user = body.rate_limit_per_user
  if ('parent_id' in body) given.parent_id = (body.parent_id as string | null) ?? null
  if (Array.isArray(body.permission_overwrites)) {
    given.permission_overwrites = asObjects(body.permission_overwrites).map(readOverwrite)
  }
  if (typeof body.default_auto_archive_duration === 'number') {
    given.default_auto_archive_duration = checkArchiveMinutes(body.default_auto_archive_duration)
  }
  return given
}

function create(request: ApiRequest) {
  const { state, body } = request
  mustBeThisGuild(request)
  if (!has(guildPermissions(state, state.bot), Permission.manageChannels))
    throw apiError('missingPermissions')
  const type = Number(body.type ?? TEXT)
  if (!MAY_BE_MADE.includes(type))
    throw badField(['type'], 'BASE_TYPE_CHOICES', 'The classroom has no such channels.')
  const name = channelName(body.name, type)
  const position = state.channels
    .values()
    .filter((channel) => !channel.thread_metadata && channel.type !== DM).length
  const channel = makeChannel(state.ids.next(), state.guild.id, {
    type,
    position,
    ...(type === FORUM ? { available_tags: [] } : {}),
    ...changes(body),
    name,
  })
  return { status: 201, body: saveChannel(state, channel, 'CREATE') }
}

function edit(request: ApiRequest) {
  const { state, body } = request
  const channel = channelOf(request)
  if (channel.type === DM) throw apiError('wrongChannelType')
  if (channel.thread_metadata) return editThread(state, channel, body)
  mustBeAllowed(state, channel, Permission.manageChannels)
  const name = 'name' in body ? { name: channelName(body.name, channel.type) } : {}
  return { body: saveChannel(state, { ...channel, ...changes(body), ...name }, 'UPDATE') }
}

/** The owner may change its own thread and wake it up; everything else needs the right to manage threads. */
function editThread(state: State, thread: Channel, body: Json) {
  const metadata = thread.thread_metadata
  if (!metadata) throw apiError('wrongChannelType')
  const isOwner = thread.owner_id === state.bot.user.id
  if (!isOwner || metadata.locked || 'locked' in body) mustBeAllowed(state, thread, Permission.manageThreads)
  const archived = typeof body.archived === 'boolean' ? body.archived : metadata.archived
  const onlyWakes = Object.keys(body).every((key) => ['archived', 'locked'].includes(key))
  if (metadata.archived && archived && !onlyWakes) throw apiError('threadArchived')
  const next: Channel = {
    ...thread,
    ...('name' in body ? { name: checkName(body.name) } : {}),
    ...(typeof body.rate_limit_per_user === 'number'
      ? { rate_limit_per_user: body.rate_limit_per_user }
      : {}),
    thread_metadata: {
      ...metadata,
      archived,
      ...(archived === metadata.archived ? {} : { archive_timestamp: new Date(state.now()).toISOString() }),
      ...(typeof body.locked === 'boolean' ? { locked: body.locked } : {}),
      ...('auto_archive_duration' in body
        ? { auto_archive_duration: checkArchiveMinutes(body.auto_archive_duration) }
        : {}),
    },
  }
  saveChannel(state, next, 'UPDATE')
  return { body: threadJson(state, next) }
}

function remove(request: ApiRequest) {
  const { state } = request
  const channel = channelOf(request)
  const isThread = channel.thread_metadata !== undefined
  mustBeAllowed(state, channel, isThread ? Permission.manageThreads : Permission.manageChannels)
  const body = channelJson(state, channel)
  removeChannel(state, channel)
  return { body }
}

/** The conversation with a person, made when there is none. */
function openConversation({ state, body }: ApiRequest) {
  const member = state.members.get(asText(body.recipient_id))
  if (!member) throw apiError('unknownUser')
  const isIt = (channel: Channel) => channel.recipients?.[0]?.id === member.user.id
  const known = state.channels.values().find(isIt)
  if (known) return { body: known }
  const channel = {
    id: state.ids.next(),
    type: DM,
    flags: 0,
    last_message_id: null,
    recipients: [member.user],
  }
  state.channels.set(channel.id, channel)
  dispatch(state, 'CHANNEL_CREATE', channel)
  return { body: channel }
}

export const channelRoutes: Route[] = [
  route('GET', '/channels/:channel', (request) => ({ body: channelJson(request.state, channelOf(request)) })),
  route('PATCH', '/channels/:channel', edit),
  route('DELETE', '/channels/:channel', remove),
  route('POST', '/guilds/:guild/channels', create),
  route('POST', '/users/@me/channels', openConversation),
]

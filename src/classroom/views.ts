/** Kept things in the full shape in which Discord sends them. */
import { withAddresses } from './addresses.ts'
import { channelPermissions } from './permissions.ts'
import type { State } from './state.ts'
import type { Channel, Json, Member, Message, MessageRecord } from './types.ts'

export const memberJson = (member: Member): Json => ({
  ...member,
  avatar: null,
  banner: null,
  communication_disabled_until: null,
  deaf: false,
  flags: 0,
  mute: false,
  pending: false,
  premium_since: null,
})

/** A member as it stands in an interaction: with the permissions in its channel. */
export const memberInChannel = (state: State, member: Member, channel: Channel): Json => ({
  ...memberJson(member),
  permissions: String(channelPermissions(state, member, channel)),
})

/** A channel as it stands in `resolved`. */
export const partialChannel = (state: State, member: Member, channel: Channel): Json => ({
  ...channel,
  permissions: String(channelPermissions(state, member, channel)),
})

const REPLY = 19

/**
 * A message with real addresses, its thread and, for a reply, the message it answers (null when that was deleted).
 * Private messages may refer to private ones: both have the same viewer.
 */
export function messageJson(state: State, record: MessageRecord): Message & Json {
  const message = withAddresses(record.message, state.origin, state.now())
  // A thread made from a message has the message's id.
  const thread = state.channels.get(message.id)
  const answered = message.type === REPLY ? message.message_reference?.message_id : undefined
  return {
    ...message,
    ...(thread ? { thread } : {}),
    ...(answered === undefined ? {} : { referenced_message: referenced(state, answered) }),
  }
}

function referenced(state: State, id: string): Json | null {
  const record = state.store.message(id)
  return record ? { ...withAddresses(record.message, state.origin, state.now()) } : null
}

/** GET /guilds/{id}. */
export function guildJson(state: State): Json {
  const { guild } = state
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.owner_id,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    application_id: null,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: state.roles.values(),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  }
}

/** The data of GUILD_CREATE. Of the members only the bot: others need the intent GUILD_MEMBERS. */
export function guildCreateJson(state: State, allMembers: boolean): Json {
  const channels = state.channels.values().filter(({ guild_id }) => guild_id !== undefined)
  const members = allMembers ? state.members.values() : [state.bot]
  return {
    ...guildJson(state),
    joined_at: state.bot.joined_at,
    large: false,
    unavailable: false,
    member_count: state.members.values().length,
    voice_states: [],
    members: members.map(memberJson),
    channels: channels.filter((channel) => !channel.thread_metadata),
    threads: channels
      .filter((channel) => channel.thread_metadata?.archived === false)
      .map((thread) => threadJson(state, thread)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  }
}

/** A thread with the bot's own membership, if it is in. */
export function threadJson(state: State, thread: Channel): Channel & Json {
  const member = state.threadMembers.get(thread.id)?.find(({ user_id }) => user_id === state.bot.user.id)
  return member ? { ...thread, member } : { ...thread }
}

/** Any channel as the REST routes answer with it. */
export const channelJson = (state: State, channel: Channel): Channel & Json =>
  channel.thread_metadata ? threadJson(state, channel) : { ...channel }

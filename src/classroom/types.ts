/** What the classroom keeps, in Discord's own field names, so that most of it can be sent as it is. */

/** Any JSON object as it comes or goes over the wire. */
export type Json = Record<string, unknown>

export type User = {
  id: string
  username: string
  global_name: string | null
  discriminator: string
  avatar: null
  bot?: true
  public_flags: number
  flags: number
  primary_guild: null
}

export type Member = { user: User; nick: string | null; roles: string[]; joined_at: string }

export type Role = {
  id: string
  name: string
  /** Decimal bits. */
  permissions: string
  position: number
  color: number
  colors: { primary_color: number; secondary_color: number | null; tertiary_color: number | null }
  hoist: boolean
  managed: boolean
  mentionable: boolean
  icon: null
  unicode_emoji: null
  flags: number
  tags?: { bot_id: string }
}

/** `type` 0: a role, 1: a member; the bits are decimal. */
export type Overwrite = { id: string; type: number; allow: string; deny: string }

/** A channel of the guild, a thread (type 10 to 12) or a conversation with one person (type 1). */
export type Channel = {
  id: string
  type: number
  flags: number
  last_message_id: string | null
  last_pin_timestamp?: string | null
  guild_id?: string
  name?: string
  parent_id?: string | null
  topic?: string | null
  position?: number
  nsfw?: boolean
  rate_limit_per_user?: number
  default_auto_archive_duration?: number
  permission_overwrites?: Overwrite[]
  recipients?: User[]
  /** Of a forum. */
  available_tags?: Json[]
  /** Of a post in a forum. */
  applied_tags?: string[]
  owner_id?: string
  thread_metadata?: ThreadMetadata
  message_count?: number
  member_count?: number
  total_message_sent?: number
}

type ThreadMetadata = {
  archived: boolean
  archive_timestamp: string
  /** Minutes without activity. */
  auto_archive_duration: number
  locked: boolean
  create_timestamp: string
  invitable?: boolean
}

export type ThreadMember = { id: string; user_id: string; join_timestamp: string; flags: number }

export type Attachment = {
  id: string
  filename: string
  size: number
  url: string
  proxy_url: string
  content_type: string
  width?: number
  height?: number
  description?: string
  title?: string
  ephemeral?: boolean
  flags?: number
}

export type Message = {
  id: string
  channel_id: string
  type: number
  author: User
  content: string
  timestamp: string
  edited_timestamp: string | null
  tts: boolean
  mention_everyone: boolean
  mentions: User[]
  mention_roles: string[]
  attachments: Attachment[]
  embeds: Json[]
  components: Json[]
  pinned: boolean
  flags: number
  nonce?: string | number
  application_id?: string
  webhook_id?: string
  interaction?: Json
  interaction_metadata?: Json
  message_reference?: { type: number; channel_id: string; message_id?: string; guild_id?: string }
  reactions?: Json[]
}

/**
 * A message as it is kept: its addresses begin with a placeholder (see addresses.ts), and `files` holds also those
 * attachments that Discord leaves out of `attachments` because a component or an embed shows them.
 */
export type MessageRecord = {
  message: Message
  files: Attachment[]
  /** The one person who sees it (an ephemeral message). */
  visibleTo?: string
  /** The interaction by whose token it was made. */
  interactionId?: string
}

export type Command = Json & { id: string; name: string; type: number; guild_id?: string; options?: Json[] }

export type Upload = { field: string; name: string; type: string; size: number; data: Uint8Array }

export type InteractionState = 'waiting' | 'acknowledged' | 'deferred' | 'modal' | 'failed'

/** What happened to one command, press or form. */
export type InteractionRecord = {
  id: string
  token: string
  /** 2 command, 3 component, 4 autocomplete, 5 modal. */
  type: 2 | 3 | 4 | 5
  userId: string
  channelId: string
  createdAt: number
  state: InteractionState
  /** Of a command: its type (1 slash, 2 user, 3 message) and its name with subcommands. */
  commandType?: number
  commandName?: string
  /** Of a context menu command. */
  targetId?: string
  /** The message whose component was used, also for a modal that it opened. */
  messageId?: string
  /** What @original is. */
  originalId?: string
  /** Shown by a type-9 callback. */
  modal?: Json
  /** The interaction whose modal was filled in. */
  parentId?: string
}

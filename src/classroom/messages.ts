/** Making, changing and deleting messages: the one place where they are checked, kept and told of. */
import { fullComponents, shownFiles } from './components.ts'
import { filesInEmbeds, fullEmbeds } from './embeds.ts'
import { apiError, refuse } from './errors.ts'
import { dropFiles, keepFiles } from './files.ts'
import { findMentions } from './mentions.ts'
import { asObjects, asText } from './rules/errors.ts'
import { checkMessage, type ExistingMessage } from './rules/index.ts'
import { dispatch, type State } from './state.ts'
import { noteMessageInChannel } from './threads.ts'
import type { Attachment, Json, Message, MessageRecord, Upload } from './types.ts'
import { memberJson, messageJson } from './views.ts'

export const Flag = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  hasThread: 1 << 5,
  silent: 1 << 12,
  v2: 1 << 15,
} as const

const MAY_SEND = Flag.suppressEmbeds | Flag.ephemeral | Flag.silent | Flag.v2

export type Draft = {
  channelId: string
  body: Json
  uploads: Upload[]
  kind: 'channel' | 'webhook' | 'callback'
  /** What does not come from the body: type, reference, what the interaction says. */
  extra?: Partial<Message>
  visibleTo?: string
  interactionId?: string
  /** Of the first message of a forum post: that of its thread. */
  id?: string
}

/** @throws ApiError 50035 and its like */
export async function createMessage(state: State, draft: Draft): Promise<MessageRecord> {
  const { body, uploads, kind, visibleTo } = draft
  refuse(checkMessage(body, uploads, { kind, fileSizeLimit: state.attachmentSizeLimit }))
  const files = await keepFiles(state, draft.channelId, uploads, body, visibleTo !== undefined)
  const shown = shape(state, body, files)
  const flags =
    (Number(body.flags ?? 0) & MAY_SEND & ~Flag.ephemeral) | (visibleTo === undefined ? 0 : Flag.ephemeral)
  return addMessage(state, {
    ...draft,
    files,
    message: {
      ...shown,
      ...findMentions(state, shown, body.allowed_mentions, kind !== 'channel'),
      flags,
      tts: body.tts === true,
      ...draft.extra,
    },
  })
}

/** Keeps a message without checks: those of the classroom itself, e.g. "thinking" and "started a thread". */
export function addMessage(
  state: State,
  given: {
    channelId: string
    message: Partial<Message>
    files?: Attachment[]
    visibleTo?: string
    interactionId?: string
    id?: string
  },
): MessageRecord {
  const { channelId, files = [], visibleTo, interactionId } = given
  const record: MessageRecord = {
    message: {
      type: 0,
      content: '',
      mentions: [],
      mention_roles: [],
      mention_everyone: false,
      attachments: [],
      embeds: [],
      components: [],
      flags: 0,
      tts: false,
      pinned: false,
      author: state.bot.user,
      ...given.message,
      id: given.id ?? state.ids.next(),
      channel_id: channelId,
      timestamp: new Date(state.now()).toISOString(),
      edited_timestamp: null,
    },
    files,
    ...(visibleTo === undefined ? {} : { visibleTo }),
    ...(interactionId === undefined ? {} : { interactionId }),
  }
  state.store.putMessage(record)
  if (visibleTo === undefined) noteMessageInChannel(state, record.message)
  tell(state, 'MESSAGE_CREATE', record)
  return record
}

/**
 * PATCH: fields that are left out stay. Without `attachments` all files stay and new ones are added; with it only
 * those named stay. The V2 flag can be set but not taken back; the first edit ends "thinking".
 */
export async function editMessage(
  state: State,
  id: string,
  edit: { body: Json; uploads: Upload[]; kind: Draft['kind'] },
): Promise<MessageRecord> {
  const { body, uploads, kind } = edit
  const before = mustFind(state, id)
  const existing = { ...before.message, attachments: before.files } as ExistingMessage
  refuse(
    checkMessage(body, uploads, { kind, isEdit: true, existing, fileSizeLimit: state.attachmentSizeLimit }),
  )
  const { channel_id } = before.message
  const added = await keepFiles(state, channel_id, uploads, body, before.visibleTo !== undefined)

  // Writing files took time: another edit may have come in between.
  const record = mustFind(state, id)
  const { message } = record
  const files = [...keptFiles(record.files, body), ...added]
  const shown = shape(state, body, files, message)
  const settable = Flag.suppressEmbeds | Flag.v2
  const flags =
    'flags' in body ? (message.flags & ~Flag.suppressEmbeds) | (Number(body.flags) & settable) : message.flags
  const mentions = findMentions(state, shown, body.allowed_mentions, kind !== 'channel')
  const next: MessageRecord = {
    ...record,
    files,
    message: {
      ...message,
      ...shown,
      ...('content' in body || 'components' in body ? mentions : {}),
      flags: flags & ~Flag.loading,
      edited_timestamp: new Date(state.now()).toISOString(),
    },
  }
  state.store.putMessage(next)
  tell(state, 'MESSAGE_UPDATE', next)
  dropUnused(
    state,
    channel_id,
    record.files.filter((file) => !files.includes(file)),
  )
  return next
}

/** Changes a message in a way that is no edit (a pin, a reaction) and tells of it. */
export function touchMessage(state: State, record: MessageRecord, change: Partial<Message>): MessageRecord {
  const next = { ...record, message: { ...record.message, ...change } }
  state.store.putMessage(next)
  tell(state, 'MESSAGE_UPDATE', next)
  return next
}

export function deleteMessage(state: State, record: MessageRecord): void {
  const { id, channel_id } = record.message
  state.store.removeMessage(id)
  const channel = state.channels.get(channel_id)
  if (channel?.message_count)
    state.channels.set(channel_id, { ...channel, message_count: channel.message_count - 1 })
  const where = channel?.guild_id === undefined ? {} : { guild_id: channel.guild_id }
  dispatch(state, 'MESSAGE_DELETE', { id, channel_id, ...where }, record.visibleTo)
  dropUnused(state, channel_id, record.files)
}

export function mustFind(state: State, id: string, channelId?: string): MessageRecord {
  const record = state.store.message(id)
  if (!record || (channelId !== undefined && record.message.channel_id !== channelId))
    throw apiError('unknownMessage')
  return record
}

type Shown = Pick<Message, 'content' | 'embeds' | 'components' | 'attachments'>

/** What the body shows; what it leaves out comes from `before`. `attachments` gets the files that nothing shows. */
function shape(state: State, body: Json, files: Attachment[], before?: Message): Shown {
  const media = { state, files }
  const content = 'content' in body ? asText(body.content) : (before?.content ?? '')
  const embeds = 'embeds' in body ? fullEmbeds(body.embeds, media) : (before?.embeds ?? [])
  const components =
    'components' in body ? fullComponents(body.components, media) : (before?.components ?? [])
  const inComponents = shownFiles(components)
  const inEmbeds = filesInEmbeds(embeds)
  const attachments = files.filter(({ id, url }) => !inComponents.has(id) && !inEmbeds.has(url))
  return { content, embeds, components, attachments }
}

function keptFiles(files: Attachment[], body: Json): Attachment[] {
  if (!Array.isArray(body.attachments)) return files
  const named = asObjects(body.attachments)
  return files.flatMap((file) => {
    const entry = named.find(({ id }) => String(id) === file.id)
    if (!entry) return []
    return typeof entry.description === 'string' ? [{ ...file, description: entry.description }] : [file]
  })
}

/** Nobody waits for it; what fails because the classroom closes is done another time. */
function dropUnused(state: State, channelId: string, files: Attachment[]): void {
  if (files.length > 0) dropFiles(state, channelId, files).catch(() => undefined)
}

function tell(state: State, type: string, record: MessageRecord): void {
  const { guild_id } = state.channels.get(record.message.channel_id) ?? {}
  const member = state.members.get(record.message.author.id)
  const { user: _, ...rest } = member ? memberJson(member) : {}
  const where = guild_id === undefined ? {} : { guild_id, member: rest }
  dispatch(state, type, { ...messageJson(state, record), ...where }, record.visibleTo)
}

/** The bot's first answer to an interaction. */
import { apiError, badField, refuse } from './errors.ts'
import { metadataOf, mustBeWaiting } from './interactions.ts'
import { addMessage, createMessage, editMessage, Flag } from './messages.ts'
import { asObject, asObjects } from './rules/errors.ts'
import { checkCallback, type ExistingMessage } from './rules/index.ts'
import type { State } from './state.ts'
import type { InteractionRecord, Json, Message, MessageRecord, Upload } from './types.ts'
import { messageJson } from './views.ts'

const Callback = { message: 4, deferMessage: 5, deferUpdate: 6, update: 7, choices: 8, modal: 9 } as const
const REPLY = 19
const SLASH_COMMAND = 20
const CONTEXT_MENU_COMMAND = 23

/** Which callbacks fit an interaction; 6 and 7 need a message whose component was used. */
function allowedTypes({ type, messageId }: InteractionRecord): number[] {
  const update = messageId === undefined ? [] : [Callback.deferUpdate, Callback.update]
  if (type === 4) return [Callback.choices]
  const modal = type === 5 ? [] : [Callback.modal]
  return [Callback.message, Callback.deferMessage, ...update, ...modal]
}

/** The JSON for `with_response`. @throws ApiError */
export async function answerInteraction(
  state: State,
  { id, token }: { id: string; token: string },
  body: Json,
  uploads: Upload[],
): Promise<Json> {
  const record = mustBeWaiting(state, id, token)
  const type = Number(body.type)
  const allowed = allowedTypes(record)
  if (!allowed.includes(type)) {
    throw badField(['type'], 'BASE_TYPE_CHOICES', `Value must be one of (${allowed.join(', ')}).`)
  }
  const data = asObject(body.data) ?? {}
  const existing = state.store.message(record.messageId ?? '0')
  const existingMessage =
    existing && ({ ...existing.message, attachments: existing.files } as ExistingMessage)
  refuse(
    checkCallback(body, uploads, {
      fileSizeLimit: state.attachmentSizeLimit,
      ...(type === Callback.update && existingMessage ? { existing: existingMessage } : {}),
    }),
  )
  // From here on it is answered; a second callback that comes while files are written is refused.
  const answered: InteractionRecord = {
    ...record,
    state: stateAfter(type),
    ...(type === Callback.modal ? { modal: data } : {}),
  }
  state.interactions.set(id, answered)
  const made = await makeMessage(state, answered, type, data, uploads)
  if (made) state.interactions.set(id, { ...answered, originalId: made.message.id })
  const message = made && messageJson(state, made)
  state.hub.emit({
    kind: 'interaction',
    id,
    userId: record.userId,
    state: stateAfter(type),
    ...(message ? { responseMessage: message } : {}),
    ...(type === Callback.modal ? { modal: data } : {}),
    ...(type === Callback.choices ? { choices: asObjects(data.choices) } : {}),
  })
  return callbackResponse(state, record, type, message)
}

function stateAfter(type: number): 'acknowledged' | 'deferred' | 'modal' {
  if (type === Callback.deferMessage || type === Callback.deferUpdate) return 'deferred'
  return type === Callback.modal ? 'modal' : 'acknowledged'
}

async function makeMessage(
  state: State,
  record: InteractionRecord,
  type: number,
  data: Json,
  uploads: Upload[],
): Promise<MessageRecord | undefined> {
  const { channelId, messageId = '' } = record
  const visibleTo = (Number(data.flags ?? 0) & Flag.ephemeral) === 0 ? {} : { visibleTo: record.userId }
  const extra = replyFields(state, record)
  switch (type) {
    case Callback.message:
      return createMessage(state, {
        channelId,
        body: data,
        uploads,
        kind: 'callback',
        extra,
        interactionId: record.id,
        ...visibleTo,
      })
    case Callback.deferMessage: {
      const flags = Flag.loading | (visibleTo.visibleTo === undefined ? 0 : Flag.ephemeral)
      return addMessage(state, {
        channelId,
        message: { ...extra, flags },
        interactionId: record.id,
        ...visibleTo,
      })
    }
    case Callback.deferUpdate:
      return state.store.message(messageId)
    case Callback.update:
      if (!state.store.message(messageId)) throw apiError('unknownMessage')
      return editMessage(state, messageId, { body: data, uploads, kind: 'callback' })
    default:
      return undefined
  }
}

/** What the answer to an interaction has beyond an ordinary message. */
function replyFields(state: State, record: InteractionRecord): Partial<Message> {
  const application = state.guild.application_id
  const common = {
    application_id: application,
    webhook_id: application,
    interaction_metadata: metadataOf(state, record),
  }
  if (record.messageId !== undefined)
    return { ...common, ...referenceTo(state, record.channelId, record.messageId) }
  if (record.type !== 2) return { ...common, type: 0 }
  const user = state.members.get(record.userId)?.user
  return {
    ...common,
    type: record.commandType === 1 ? SLASH_COMMAND : CONTEXT_MENU_COMMAND,
    interaction: { id: record.id, type: 2, name: record.commandName, user },
  }
}

const referenceTo = (state: State, channelId: string, messageId: string): Partial<Message> => ({
  type: REPLY,
  message_reference: { type: 0, channel_id: channelId, message_id: messageId, guild_id: state.guild.id },
})

/** A further message by the same token; it stands as a reply to the first one. */
export async function followUp(
  state: State,
  record: InteractionRecord,
  body: Json,
  uploads: Upload[],
): Promise<MessageRecord> {
  const original = state.store.message(record.originalId ?? '0')
  // Discord's old behaviour: the first follow-up after a deferred reply fills that reply; its ephemeral flag has no effect.
  if (original && (original.message.flags & Flag.loading) !== 0) {
    return editMessage(state, original.message.id, { body, uploads, kind: 'webhook' })
  }
  const application = state.guild.application_id
  const metadata = metadataOf(state, record)
  const isPrivate = (Number(body.flags ?? 0) & Flag.ephemeral) !== 0
  return createMessage(state, {
    channelId: record.channelId,
    body,
    uploads,
    kind: 'webhook',
    interactionId: record.id,
    ...(isPrivate ? { visibleTo: record.userId } : {}),
    extra: {
      application_id: application,
      webhook_id: application,
      interaction_metadata: original
        ? { ...metadata, original_response_message_id: original.message.id }
        : metadata,
      ...(original ? referenceTo(state, record.channelId, original.message.id) : {}),
    },
  })
}

function callbackResponse(
  state: State,
  record: InteractionRecord,
  type: number,
  message?: Message & Json,
): Json {
  const isNew = type === Callback.message || type === Callback.deferMessage
  const hasResource = type === Callback.message || type === Callback.update
  return {
    interaction: {
      id: record.id,
      type: record.type,
      channel_id: record.channelId,
      ...(state.channels.get(record.channelId)?.guild_id === undefined ? {} : { guild_id: state.guild.id }),
      ...(message && isNew
        ? {
            response_message_id: message.id,
            response_message_loading: (message.flags & Flag.loading) !== 0,
            response_message_ephemeral: (message.flags & Flag.ephemeral) !== 0,
          }
        : {}),
    },
    ...(message && hasResource ? { resource: { type, message } } : {}),
  }
}

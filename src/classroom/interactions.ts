/** Interactions: what a person does with the bot, told to it by the gateway, and whether it answered in time. */
import { randomBytes } from 'node:crypto'
import { apiError } from './errors.ts'
import { channelPermissions } from './permissions.ts'
import { dispatch, TOKEN_LIFE_MS, type State } from './state.ts'
import type { Channel, InteractionRecord, Json, Member } from './types.ts'
import { channelJson, memberInChannel, messageJson } from './views.ts'

const KEPT = 2000

export type InteractionDraft = Pick<InteractionRecord, 'type'> &
  Partial<Pick<InteractionRecord, 'commandType' | 'commandName' | 'targetId' | 'messageId' | 'parentId'>> & {
    member: Member
    channel: Channel
    data: Json
  }

/** Tells the bot; the page hears `failed` when no answer comes in 3 seconds. */
export function createInteraction(state: State, draft: InteractionDraft): InteractionRecord {
  const { member, channel, data, ...rest } = draft
  const id = state.ids.next()
  const record: InteractionRecord = {
    ...rest,
    id,
    // Discord's tokens look like this, too: base64 of "interaction", the id and a secret.
    token: Buffer.from(`interaction:${id}:${randomBytes(72).toString('base64url')}`).toString('base64url'),
    userId: member.user.id,
    channelId: channel.id,
    createdAt: state.now(),
    state: 'waiting',
  }
  state.interactions.set(id, record)
  forgetOld(state)
  setTimeout(() => failIfWaiting(state, id), state.answerWithinMs).unref()
  dispatch(state, 'INTERACTION_CREATE', payload(state, record, { member, channel, data }))
  return record
}

function payload(
  state: State,
  record: InteractionRecord,
  { member, channel, data }: Omit<InteractionDraft, 'type'>,
): Json {
  const { id, token, type, messageId } = record
  const isGuild = channel.guild_id !== undefined
  const message = messageId === undefined ? undefined : state.store.message(messageId)
  return {
    id,
    application_id: state.guild.application_id,
    type,
    token,
    version: 1,
    data,
    channel: channelJson(state, channel),
    channel_id: channel.id,
    ...(isGuild
      ? {
          guild_id: state.guild.id,
          guild: { id: state.guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: memberInChannel(state, member, channel),
        }
      : { user: member.user }),
    ...(message ? { message: messageJson(state, message) } : {}),
    locale: 'en-US',
    app_permissions: String(channelPermissions(state, state.bot, channel)),
    entitlements: [],
    authorizing_integration_owners: { '0': isGuild ? state.guild.id : '0' },
    context: isGuild ? 0 : 1,
    attachment_size_limit: state.attachmentSizeLimit,
  }
}

function failIfWaiting(state: State, id: string): void {
  const record = state.interactions.get(id)
  if (record?.state !== 'waiting') return
  state.hub.emit({ kind: 'interaction', id, userId: record.userId, state: 'failed' })
}

function forgetOld(state: State): void {
  const all = state.interactions.values()
  if (all.length > KEPT) for (const { id } of all.slice(0, KEPT / 2)) state.interactions.delete(id)
}

/**
 * The interaction that a callback answers for the first time.
 * @throws 10062 when there is none or the bot is too late, 40060 when it was answered already
 */
export function mustBeWaiting(state: State, id: string, token: string): InteractionRecord {
  const record = state.interactions.get(id)
  if (!record || record.token !== token) throw apiError('unknownInteraction')
  if (record.state !== 'waiting') throw apiError('alreadyAcknowledged')
  if (state.now() - record.createdAt > state.answerWithinMs) throw apiError('unknownInteraction')
  return record
}

/**
 * The interaction whose token a webhook route names.
 * @throws 10015 when the token is unknown or was never acknowledged, 50027 when it is older than 15 minutes
 */
export function mustHaveToken(state: State, applicationId: string, token: string): InteractionRecord {
  // The token names its interaction.
  const [, id = ''] = Buffer.from(token, 'base64url').toString().split(':')
  const record = /^\d+$/.test(id) ? state.interactions.get(id) : undefined
  if (record?.token !== token || applicationId !== state.guild.application_id)
    throw apiError('unknownWebhook')
  if (state.now() - record.createdAt > TOKEN_LIFE_MS) throw apiError('invalidWebhookToken')
  if (record.state === 'waiting') throw apiError('unknownWebhook')
  return record
}

/** What a message says about the interaction that made it. */
export function metadataOf(state: State, record: InteractionRecord): Json {
  const user = state.members.get(record.userId)?.user
  const parent = record.parentId === undefined ? undefined : state.interactions.get(record.parentId)
  const isGuild = state.channels.get(record.channelId)?.guild_id !== undefined
  const targetUser = record.commandType === 2 ? state.members.get(record.targetId ?? '')?.user : undefined
  return {
    id: record.id,
    type: record.type,
    user,
    authorizing_integration_owners: { '0': isGuild ? state.guild.id : '0' },
    ...(record.type === 3 ? { interacted_message_id: record.messageId } : {}),
    ...(parent ? { triggering_interaction_metadata: metadataOf(state, parent) } : {}),
    ...(targetUser ? { target_user: targetUser } : {}),
    ...(record.commandType === 3 ? { target_message_id: record.targetId } : {}),
  }
}

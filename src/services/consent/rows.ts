/** Consents and the questions for them, as rows and as objects. */
import { z } from 'zod'
import type { Person } from '../../domain.ts'

/** One picture of one person's face, and what tells it from others. */
export type FacePicture = { inputId: string; face: number; signature: Uint8Array }

/** A yes of the person depicted. */
export type GivenConsent = FacePicture & {
  id: string
  guildId: string
  subject: Person
  /** Who may use it; undefined: everyone in the class. */
  user: Person | undefined
  grantedAt: number
  expiresAt: number
  withdrawnAt: number | undefined
}

/** A question that one person may answer. */
export type ConsentRequest = FacePicture & {
  id: string
  guildId: string
  channelId: string
  subject: Person
  asker: Person
  createdAt: number
  expiresAt: number
  answer: 'yes' | 'no' | 'expired' | undefined
  /** The message that asks. */
  message: { channelId: string; messageId: string } | undefined
}

const bytes = z.instanceof(Uint8Array)
const consentRow = z.object({
  id: z.string(),
  guild_id: z.string(),
  subject_id: z.string(),
  subject_name: z.string(),
  user_id: z.string().nullable(),
  user_name: z.string().nullable(),
  input_id: z.string(),
  face: z.number(),
  signature: bytes,
  granted_at: z.number(),
  expires_at: z.number(),
  withdrawn_at: z.number().nullable(),
})
const requestRow = z.object({
  id: z.string(),
  guild_id: z.string(),
  channel_id: z.string(),
  subject_id: z.string(),
  subject_name: z.string(),
  asker_id: z.string(),
  asker_name: z.string(),
  input_id: z.string(),
  face: z.number(),
  signature: bytes,
  created_at: z.number(),
  expires_at: z.number(),
  answer: z.enum(['yes', 'no', 'expired']).nullable(),
  message_channel_id: z.string().nullable(),
  message_id: z.string().nullable(),
})

export function toConsent(row: unknown): GivenConsent {
  const fields = consentRow.parse(row)
  return {
    id: fields.id,
    guildId: fields.guild_id,
    subject: { id: fields.subject_id, name: fields.subject_name },
    user: fields.user_id === null ? undefined : { id: fields.user_id, name: fields.user_name ?? '' },
    inputId: fields.input_id,
    face: fields.face,
    signature: fields.signature,
    grantedAt: fields.granted_at,
    expiresAt: fields.expires_at,
    withdrawnAt: fields.withdrawn_at ?? undefined,
  }
}
export function toRequest(row: unknown): ConsentRequest {
  const fields = requestRow.parse(row)
  const { message_channel_id: channelId, message_id: messageId } = fields
  return {
    id: fields.id,
    guildId: fields.guild_id,
    channelId: fields.channel_id,
    subject: { id: fields.subject_id, name: fields.subject_name },
    asker: { id: fields.asker_id, name: fields.asker_name },
    inputId: fields.input_id,
    face: fields.face,
    signature: fields.signature,
    createdAt: fields.created_at,
    expiresAt: fields.expires_at,
    answer: fields.answer ?? undefined,
    message: channelId === null || messageId === null ? undefined : { channelId, messageId },
  }
}

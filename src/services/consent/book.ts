/** The tables of consents and of the requests for them. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Person } from '../../domain.ts'
import { inTransaction } from '../database.ts'
import { newId } from '../ids.ts'

/** What people are asked for. */
const PURPOSE = 'swap'

/** A yes lasts as long as a term. */
const CONSENT_DAYS = 180
const REQUEST_DAYS = 7
const DAY_MS = 24 * 60 * 60_000

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

export type ConsentBook = ReturnType<typeof createConsentBook>

export function createConsentBook(database: DatabaseSync, now: () => number) {
  const insertConsent = database.prepare(`
    INSERT INTO consents (id, guild_id, subject_id, subject_name, user_id, user_name, purpose, input_id, face, signature,
      granted_at, expires_at)
    VALUES ($id, $guildId, $subjectId, $subjectName, $userId, $userName, '${PURPOSE}', $inputId, $face, $signature,
      $now, $expiresAt) RETURNING *`)
  const selectConsent = database.prepare('SELECT * FROM consents WHERE id = ?')
  const selectLiving = database.prepare(`
    SELECT * FROM consents WHERE guild_id = $guildId AND purpose = '${PURPOSE}' AND withdrawn_at IS NULL
      AND expires_at > $now ORDER BY seq`)
  // What describes the face goes at once; that there was a yes, and that it was taken back, stays.
  const withdraw = database.prepare(`
    UPDATE consents SET withdrawn_at = $now, signature = x'', input_id = ''
    WHERE id = $id AND withdrawn_at IS NULL`)
  const insertRequest = database.prepare(`
    INSERT INTO consent_requests (id, guild_id, channel_id, subject_id, subject_name, asker_id, asker_name, purpose,
      input_id, face, signature, created_at, expires_at)
    VALUES ($id, $guildId, $channelId, $subjectId, $subjectName, $askerId, $askerName, '${PURPOSE}',
      $inputId, $face, $signature, $now, $expiresAt) RETURNING *`)
  const selectRequest = database.prepare('SELECT * FROM consent_requests WHERE id = ?')
  const selectNo = database.prepare(`
    SELECT 1 FROM consent_requests WHERE guild_id = $guildId AND asker_id = $askerId AND subject_id = $subjectId
      AND answer = 'no' AND expires_at > $now`)
  const selectOpen = database.prepare(`
    SELECT * FROM consent_requests WHERE guild_id = $guildId AND subject_id = $subjectId AND answer IS NULL
      AND expires_at > $now ORDER BY seq`)
  const selectOverdue = database.prepare(
    'SELECT * FROM consent_requests WHERE answer IS NULL AND expires_at <= $now',
  )
  const close = database.prepare(
    `UPDATE consent_requests SET answer = $answer, signature = x'', input_id = '' WHERE id = $id AND answer IS NULL`,
  )
  const setMessage = database.prepare(
    'UPDATE consent_requests SET message_channel_id = $channelId, message_id = $messageId WHERE id = $id',
  )

  const toConsent = (row: unknown): GivenConsent => {
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
  const toRequest = (row: unknown): ConsentRequest => {
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

  function grant(
    given: FacePicture & { guildId: string; subject: Person; user: Person | undefined },
  ): GivenConsent {
    const { guildId, subject, user, inputId, face, signature } = given
    return toConsent(
      insertConsent.get({
        id: newId(),
        guildId,
        subjectId: subject.id,
        subjectName: subject.name,
        userId: user?.id ?? null,
        userName: user?.name ?? null,
        inputId,
        face,
        signature,
        now: now(),
        expiresAt: now() + CONSENT_DAYS * DAY_MS,
      }),
    )
  }

  return {
    grant,
    /** Every yes of a class that was not taken back and has not run out, oldest first. */
    living: (guildId: string): GivenConsent[] => selectLiving.all({ guildId, now: now() }).map(toConsent),
    get(id: string): GivenConsent | undefined {
      const row = selectConsent.get(id)
      return row && toConsent(row)
    },
    /** True when it was living until now. */
    markWithdrawn: (id: string): boolean => withdraw.run({ id, now: now() }).changes > 0,

    addRequest(
      asked: FacePicture & { guildId: string; channelId: string; subject: Person; asker: Person },
    ): ConsentRequest {
      const { guildId, channelId, subject, asker, inputId, face, signature } = asked
      return toRequest(
        insertRequest.get({
          id: newId(),
          guildId,
          channelId,
          subjectId: subject.id,
          subjectName: subject.name,
          askerId: asker.id,
          askerName: asker.name,
          inputId,
          face,
          signature,
          now: now(),
          expiresAt: now() + REQUEST_DAYS * DAY_MS,
        }),
      )
    },
    request(id: string): ConsentRequest | undefined {
      const row = selectRequest.get(id)
      return row && toRequest(row)
    },
    /** Whether one person has said no to a question that another one asked in the last days. */
    hasSaidNo: (guildId: string, askerId: string, subjectId: string): boolean =>
      selectNo.get({ guildId, askerId, subjectId, now: now() }) !== undefined,
    isOverdue: ({ expiresAt }: ConsentRequest): boolean => expiresAt <= now(),
    openRequests: (guildId: string, subjectId: string): ConsentRequest[] =>
      selectOpen.all({ guildId, subjectId, now: now() }).map(toRequest),
    overdue: (): ConsentRequest[] => selectOverdue.all({ now: now() }).map(toRequest),
    /** Closes an open request, which forgets the face, and with a yes stores the consent. Undefined when it was closed before. */
    close(request: ConsentRequest, answer: 'yes' | 'no' | 'expired'): { consent?: GivenConsent } | undefined {
      return inTransaction(database, () => {
        if (close.run({ id: request.id, answer }).changes === 0) return undefined
        return answer === 'yes' ? { consent: grant({ ...request, user: request.asker }) } : {}
      })
    },
    setMessage(id: string, place: { channelId: string; messageId: string }): void {
      setMessage.run({ id, ...place })
    },
  }
}

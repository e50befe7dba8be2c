/** The tables of consents and of the requests for them. */
import type { DatabaseSync } from 'node:sqlite'
import type { Person } from '../../domain.ts'
import { inTransaction } from '../database.ts'
import { newId } from '../ids.ts'
import { createPlanner } from '../sends.ts'
import { toConsent, toRequest, type ConsentRequest, type FacePicture, type GivenConsent } from './rows.ts'

/** What people are asked for. */
const PURPOSE = 'swap'

/** A yes lasts as long as a term. */
const CONSENT_DAYS = 180
const REQUEST_DAYS = 7
const DAY_MS = 24 * 60 * 60_000

/** What is sent for a request: the question, and later its answer to whoever asked. */
export const QUESTION = 'question:'
export const HEARD = 'heard:'
export const questionKey = (id: string): string => `${QUESTION}${id}`
export const heardKey = (id: string): string => `${HEARD}${id}`

export type ConsentBook = ReturnType<typeof createConsentBook>

export function createConsentBook(database: DatabaseSync, now: () => number) {
  const planSend = createPlanner(database, now)
  const insertConsent = database.prepare(`
    INSERT INTO consents (id, guild_id, subject_id, subject_name, user_id, user_name, purpose, input_id, face, signature,
      granted_at, expires_at)
    VALUES ($id, $guildId, $subjectId, $subjectName, $userId, $userName, '${PURPOSE}', $inputId, $face, $signature,
      $now, $expiresAt) RETURNING *`)
  const selectConsent = database.prepare('SELECT * FROM consents WHERE id = ?')
  const selectLiving = database.prepare(`
    SELECT * FROM consents WHERE guild_id = $guildId AND purpose = '${PURPOSE}' AND withdrawn_at IS NULL
      AND expires_at > $now ORDER BY seq`)
  const selectGiven = database.prepare(`
    SELECT * FROM consents WHERE guild_id = $guildId AND subject_id = $personId AND withdrawn_at IS NULL
      ORDER BY expires_at <= $now, seq`)
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
    grant: (given: Parameters<typeof grant>[0]) => inTransaction(database, () => grant(given)),
    /** Every yes of a class that was not taken back and has not run out, oldest first. */
    living: (guildId: string): GivenConsent[] => selectLiving.all({ guildId, now: now() }).map(toConsent),
    /** What a person has given and not taken back: what has run out last, because its pictures are still there. */
    givenBy: (guildId: string, personId: string): GivenConsent[] =>
      selectGiven.all({ guildId, personId, now: now() }).map(toConsent),
    /** Whether it was neither taken back nor has run out. */
    isLiving(id: string): boolean {
      const row = selectConsent.get(id)
      const given = row && toConsent(row)
      return given !== undefined && given.withdrawnAt === undefined && given.expiresAt > now()
    },
    get(id: string): GivenConsent | undefined {
      const row = selectConsent.get(id)
      return row && toConsent(row)
    },
    /** True when it was living until now. */
    markWithdrawn: (id: string): boolean => withdraw.run({ id, now: now() }).changes > 0,

    /** With the intent to send the question. */
    addRequest(
      asked: FacePicture & { guildId: string; channelId: string; subject: Person; asker: Person },
    ): ConsentRequest {
      const { guildId, channelId, subject, asker, inputId, face, signature } = asked
      return inTransaction(database, () => {
        const request = toRequest(
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
        planSend({ key: questionKey(request.id) })
        return request
      })
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
    /** Closes an open request, which forgets the face, with a yes stores the consent, and plans that the asker hears of it. Undefined when it was closed before. */
    close(request: ConsentRequest, answer: 'yes' | 'no' | 'expired'): { consent?: GivenConsent } | undefined {
      return inTransaction(database, () => {
        if (close.run({ id: request.id, answer }).changes === 0) return undefined
        planSend({ key: heardKey(request.id) })
        return answer === 'yes' ? { consent: grant({ ...request, user: request.asker }) } : {}
      })
    },
    setMessage(id: string, place: { channelId: string; messageId: string }): void {
      setMessage.run({ id, ...place })
    },
  }
}

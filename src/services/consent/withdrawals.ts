/**
 * Taking a yes back: every picture that relies on it, and all that was made from those, goes away with its files, its inputs and its
 * messages; and Delete, the same for the pictures of one job. What is to go is written down first, so that nothing is left over after a crash or while Discord cannot be reached.
 */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { isSwap, type Job, type Person, type Picture } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { inTransaction } from '../database.ts'
import type { Gallery } from '../gallery.ts'
import { inputsOf, type InputUse } from '../inputUse.ts'
import type { JobQueue } from '../queue.ts'
import type { ConsentBook } from './book.ts'
import type { GivenConsent } from './rows.ts'

/** Who takes a yes back; `instructorIn`: the server where they are an instructor. */
type Withdrawer = Person & { instructorIn?: string | undefined }

/** A message that is still to be deleted. */
export type MessageToRemove = { seq: number; channelId: string; messageId: string }

export type Withdrawals = {
  /** How many pictures would go and how many open jobs would stop. @throws UserError as `withdraw` */
  preview(
    consentId: string,
    by: Withdrawer,
  ): {
    consent: GivenConsent
    pictures: number
    jobs: number
  }
  /**
   * Takes a yes back. The messages are left to `messages`.
   * @throws UserError not-found, not-allowed for anyone but the person depicted and instructors
   */
  withdraw(
    consentId: string,
    by: Withdrawer,
  ): Promise<{ pictures: number; jobs: number; isFaceKept: boolean }>
  /**
   * Deletes the pictures of one job, as somebody wants who may, and forgets what was asked for.
   * @returns the messages that show them, which are left to `messages`
   */
  removeJob(jobId: string): Promise<{ channelId: string; messageId: string }[]>
  /** What is still to be deleted in Discord, oldest first. */
  messages(): MessageToRemove[]
  /** Puts one more on the list. */
  addMessage(place: { channelId: string; messageId: string }): void
  /** One is gone. */
  messageGone(seq: number): void
  /** Goes on with files that a former process did not get to. */
  resume(): Promise<void>
}

const removalRow = z.object({
  seq: z.number(),
  kind: z.enum(['picture', 'input', 'message']),
  id: z.string(),
  channel_id: z.string().nullable(),
})

export function createWithdrawals(options: {
  database: DatabaseSync
  book: ConsentBook
  gallery: Pick<Gallery, 'get' | 'ofJob' | 'remove' | 'shownIn'>
  queue: Pick<JobQueue, 'get' | 'unfinished' | 'cancel' | 'forgetWords'>
  inputUse: Pick<InputUse, 'isUsed' | 'release'>
}): Withdrawals {
  const { database, book, gallery, queue, inputUse } = options
  // Pictures that were deleted are in it too: their children remember them.
  const selectDerived = database.prepare(`
    WITH RECURSIVE derived (id) AS (
      SELECT picture_id FROM swaps, json_each(consents) WHERE json_each.value = ?
      UNION SELECT child_id FROM derived JOIN parents ON parent_id = derived.id
    ) SELECT id FROM derived`)
  const insert = database.prepare(
    'INSERT INTO removals (kind, id, channel_id) VALUES ($kind, $id, $channelId)',
  )
  const selectKind = database.prepare('SELECT * FROM removals WHERE kind = ? ORDER BY seq')
  const remove = database.prepare('DELETE FROM removals WHERE seq = ?')

  const note = (kind: 'picture' | 'input' | 'message', id: string, channelId: string | null = null) =>
    insert.run({ kind, id, channelId })
  const open = (kind: 'picture' | 'input' | 'message') =>
    selectKind.all(kind).map((row) => removalRow.parse(row))

  /** All that relies on a consent. */
  function affected({ id, inputId }: GivenConsent) {
    const derived = new Set(selectDerived.all(id).map((row) => String(row['id'])))
    const pictures = [...derived].flatMap((each) => gallery.get(each) ?? [])
    const relies = ({ request, parents }: Job) =>
      (isSwap(request) && request.consents.includes(id)) ||
      parents.some(({ pictureId }) => derived.has(pictureId))
    const jobs = queue.unfinished().filter((job) => isOpen(job) && relies(job))
    const used = [...pictures.map(({ recipe }) => recipe), ...jobs.map(({ request }) => request)]
    return { pictures, jobs, inputs: [...new Set([inputId, ...used.flatMap(inputsOf)])] }
  }

  function find(consentId: string, by: Withdrawer): GivenConsent {
    const consent = book.get(consentId)
    if (!consent || consent.withdrawnAt !== undefined) {
      throw new UserError('not-found', 'This consent was taken back already.')
    }
    if (consent.subject.id !== by.id && by.instructorIn !== consent.guildId) {
      throw new UserError(
        'not-allowed',
        'Only the person who gave this consent, or an instructor, can take it back.',
      )
    }
    return consent
  }

  /** Writes down what has to go. @returns the messages */
  function noteAll(
    { pictures, inputs }: { pictures: readonly Picture[]; inputs: readonly string[] },
    jobs: Iterable<string>,
  ): { channelId: string; messageId: string }[] {
    for (const { id } of pictures) note('picture', id)
    for (const id of inputs) note('input', id)
    const places = [
      ...[...jobs].flatMap((id) => messagesOf(queue.get(id))),
      ...pictures.flatMap(({ id }) => gallery.shownIn(id)),
    ]
    // A family tree shows several of them.
    const messages = [...new Map(places.map((place) => [place.messageId, place])).values()]
    for (const { messageId, channelId } of messages) note('message', messageId, channelId)
    return messages
  }

  /** Files and rows; inputs last, because a picture that is there still needs them. */
  async function removeFiles(): Promise<void> {
    for (const { seq, id } of open('picture')) {
      await gallery.remove(id)
      remove.run(seq)
    }
    for (const { seq, id } of open('input')) {
      inputUse.release([id])
      remove.run(seq)
    }
  }

  return {
    preview(consentId, by) {
      const consent = find(consentId, by)
      const { pictures, jobs } = affected(consent)
      return { consent, pictures: pictures.length, jobs: jobs.length }
    },
    async withdraw(consentId, by) {
      const consent = find(consentId, by)
      const gone = inTransaction(database, () => {
        const all = affected(consent)
        if (!book.markWithdrawn(consent.id)) {
          throw new UserError('not-found', 'This consent was taken back already.')
        }
        const jobs = new Set(all.pictures.map(({ jobId }) => jobId))
        noteAll(all, jobs)
        return { ...all, words: jobs }
      })
      for (const job of gone.jobs) stop(job.id, by.id)
      await removeFiles()
      for (const id of gone.words) queue.forgetWords(id)
      return {
        pictures: gone.pictures.length,
        jobs: gone.jobs.length,
        isFaceKept: inputUse.isUsed(consent.inputId),
      }
    },
    async removeJob(jobId) {
      const messages = inTransaction(database, () => {
        const pictures = gallery.ofJob(jobId)
        const inputs = [...new Set(pictures.flatMap(({ recipe }) => inputsOf(recipe)))]
        queue.forgetWords(jobId)
        return noteAll({ pictures, inputs }, [jobId])
      })
      await removeFiles()
      return messages
    },
    messages: () =>
      open('message').map(({ seq, id, channel_id }) => ({ seq, messageId: id, channelId: channel_id ?? '' })),
    addMessage: ({ channelId, messageId }) => void note('message', messageId, channelId),
    messageGone: (seq) => void remove.run(seq),
    resume: removeFiles,
  }

  function stop(jobId: string, by: string): void {
    try {
      queue.cancel(jobId, { id: by, instructor: true })
    } catch (error) {
      // It has ended in the meantime; its picture, if any, was not allowed to begin: the lane looks first.
      if (!(error instanceof UserError)) throw error
    }
  }
}

const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'

function messagesOf(job: Job | undefined): { channelId: string; messageId: string }[] {
  if (!job) return []
  return [
    { channelId: job.messageChannelId, messageId: job.messageId },
    { channelId: job.galleryChannelId, messageId: job.galleryMessageId },
  ].flatMap(({ channelId, messageId }) => (channelId && messageId ? [{ channelId, messageId }] : []))
}

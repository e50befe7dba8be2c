/** The table `jobs`: every statement that reads or changes a job. */
import type { DatabaseSync } from 'node:sqlite'
import {
  isSwap,
  picturesOf,
  type CommandOrigin,
  type Job,
  type JobRequest,
  type Person,
} from '../../domain.ts'
import { inTransaction } from '../database.ts'
import type { Budget } from '../budget.ts'
import type { CheckedJob, Terms } from '../queue.ts'
import type { PictureCount } from '../pictureLimits.ts'
import type { InLine } from './fairOrder.ts'
import { jobOfRow, newJob } from './jobRow.ts'

export type MessagePlace = { channelId: string; messageId: string }

export type JobTable = ReturnType<typeof createJobTable>

/** A job that was being drawn at this many deaths of the process is probably what kills it. */
const MAX_STARTS = 5

/** The statements over an open database, prepared once. */
export function createJobTable(
  database: DatabaseSync,
  {
    now,
    tokenLifeMs,
    budget,
    pictureCount,
  }: {
    now: () => number
    tokenLifeMs: number
    budget: Pick<Budget, 'reserve'>
    pictureCount: Pick<PictureCount, 'take'>
  },
) {
  const insert = database.prepare(`
    INSERT INTO jobs (id, state, model, request, asker_id, asker_name, guild_id, channel_id, application_id,
      interaction_id, interaction_token, attachment_size_limit, parents, created_at,
      reserved_usd, charged_on, kind, pictures, size, asked_on, is_first, expected_seconds, clock)
    VALUES ($id, 'waiting', $model, $request, $askerId, $askerName, $guildId, $channelId, $applicationId,
      $interactionId, $interactionToken, $attachmentSizeLimit, $parents, $now,
      $reservedUsd, $chargedOn, $kind, $pictures, $size, $askedOn, $isFirst, $expectedSeconds,
      (SELECT coalesce(max(tag), 0) FROM clocks WHERE backend IN (SELECT value FROM json_each($backends))))`)
  const selectOpen = database.prepare(`SELECT 1 FROM jobs WHERE state IN ('waiting', 'running') LIMIT 1`)
  const select = database.prepare('SELECT * FROM jobs WHERE id = ?')
  const selectUnfinished = database.prepare(`
    SELECT * FROM jobs WHERE delivered_at IS NULL OR (state = 'done' AND archived_at IS NULL) ORDER BY seq`)
  const countWaiting = database.prepare(
    // Said twice, so that the index of open jobs is used.
    `SELECT count(*) AS count FROM jobs WHERE state IN ('waiting', 'running') AND asker_id = ? AND state = 'waiting'`,
  )
  const claim = database.prepare(`
    UPDATE jobs SET state = 'running', starts = starts + 1, started_at = $now, start_tag = $tag,
      counted_on = CASE WHEN start_tag IS NULL THEN $machines ELSE counted_on END
    WHERE id = $id AND state = 'waiting' RETURNING *`)
  const takeTurn = database.prepare(`
    INSERT INTO turns (person_id, served)
    VALUES ($person, (SELECT coalesce(max(served), 0) + 1 FROM turns))
    ON CONFLICT (person_id) DO UPDATE SET served = excluded.served`)
  const setFinishTag = database.prepare(`
    INSERT INTO finish_tags (person_id, backend, tag)
    SELECT $person, value, $tag FROM json_each($machines) WHERE true
    ON CONFLICT (person_id, backend) DO UPDATE SET tag = max(tag, excluded.tag)`)
  const advance = database.prepare(`
    INSERT INTO clocks (backend, tag) VALUES ($backend, $tag)
    ON CONFLICT (backend) DO UPDATE SET tag = max(tag, excluded.tag)`)
  const giveTimeBack = database.prepare(`
    UPDATE finish_tags SET tag = max(0, tag - expected_seconds)
    FROM jobs WHERE jobs.id = $id AND finish_tags.person_id = jobs.asker_id
      AND finish_tags.backend IN (SELECT value FROM json_each(jobs.counted_on))`)
  const putBack = database.prepare(`
    UPDATE jobs SET state = 'waiting', starts = starts - $uncounted, retries = retries + $retried,
      not_before = $notBefore
    WHERE id = $id AND state = 'running'`)
  const finish = database.prepare(`
    UPDATE jobs SET state = $state, failure = $failure, finished_at = $now, cost_usd = $costUsd
    WHERE id = $id AND state IN ('waiting', 'running')`)
  const countKept = database.prepare(`
    UPDATE jobs SET pictures = max(1, (SELECT count(*) FROM pictures WHERE job_id = jobs.id)) WHERE id = $id`)
  const setCost = database.prepare('UPDATE jobs SET cost_usd = $costUsd WHERE id = $id')
  const retriesOf = database.prepare('SELECT retries FROM jobs WHERE id = ?')
  const referenceOf = database.prepare('SELECT backend_reference FROM jobs WHERE id = ?')
  const setReference = database.prepare('UPDATE jobs SET backend_reference = $reference WHERE id = $id')
  const selectRunning = database.prepare(`SELECT id, starts FROM jobs WHERE state = 'running'`)
  const selectCancelledKept = database.prepare(`
    SELECT id FROM jobs WHERE state = 'cancelled' AND EXISTS (SELECT 1 FROM pictures WHERE job_id = jobs.id)`)
  const setMessage = database.prepare(
    'UPDATE jobs SET message_channel_id = $channelId, message_id = $messageId WHERE id = $id',
  )
  const markDelivered = database.prepare(`
    UPDATE jobs SET delivered_at = coalesce(delivered_at, $now), interaction_token = '',
      message_channel_id = coalesce($channelId, message_channel_id), message_id = coalesce($messageId, message_id)
    WHERE id = $id`)
  const markArchived = database.prepare(`
    UPDATE jobs SET archived_at = coalesce(archived_at, $now), gallery_channel_id = $channelId,
      gallery_message_id = $messageId
    WHERE id = $id`)
  const setRequest = database.prepare('UPDATE jobs SET request = $request WHERE id = $id')
  const wipe = database.prepare(
    `UPDATE jobs SET interaction_token = '' WHERE interaction_token <> '' AND created_at <= ?`,
  )

  const toJob = (row: unknown) => jobOfRow(row, now() - tokenLifeMs)
  const noMessage = { channelId: null, messageId: null }

  /** Back into the line, before the others: the turn is not used up yet, and no second one is taken. */
  function returnToLine(id: string, how: { notBefore: number; retried: number; uncounted: number }): void {
    putBack.run({ id, ...how })
  }

  /** When nobody waits and nothing is drawn, a new round begins: nobody is ahead of anybody. */
  function beginRound(): void {
    if (selectOpen.get()) return
    database.exec('DELETE FROM finish_tags; DELETE FROM clocks')
  }

  return {
    /**
     * @param place how long it is expected to take, and the machines that may draw it
     * @throws UserError over-budget or too-many, and then nothing is stored
     */
    insert(
      request: CheckedJob,
      asker: Person,
      origin: CommandOrigin,
      terms: Terms,
      place: { expectedSeconds: number; backends: readonly string[] },
    ): Job {
      const { parents = [], charge, limits = {}, isFirst = false, accepting } = terms
      const pictures = picturesOf(request)
      return inTransaction(database, () => {
        beginRound()
        const job = newJob({
          request,
          asker: { id: asker.id, name: asker.name },
          origin,
          parents: [...parents],
          reservedUsd: charge?.usd,
          createdAt: now(),
        })
        insert.run({
          ...origin,
          id: job.id,
          model: request.model,
          request: JSON.stringify(request),
          askerId: asker.id,
          askerName: asker.name,
          parents: JSON.stringify(parents),
          now: job.createdAt,
          reservedUsd: charge?.usd ?? null,
          kind: kindOf(request),
          pictures,
          size: sizeOf(request),
          askedOn: pictureCount.take(origin.guildId, asker.id, pictures, limits),
          isFirst: isFirst ? 1 : 0,
          expectedSeconds: place.expectedSeconds,
          backends: JSON.stringify(place.backends),
          chargedOn: charge ? budget.reserve(origin.guildId, asker.id, charge) : null,
        })
        accepting?.(job)
        return job
      })
    },
    get(id: string): Job | undefined {
      const row = select.get(id)
      return row && toJob(row)
    },
    unfinished: (): Job[] => selectUnfinished.all().map(toJob),
    countWaiting: (personId: string): number => Number(countWaiting.get(personId)?.['count']),
    retries: (id: string): number => Number(retriesOf.get(id)?.['retries'] ?? 0),

    /** What the backend last asked to remember of this job. */
    reference(id: string): string | undefined {
      const value = referenceOf.get(id)?.['backend_reference']
      return typeof value === 'string' ? value : undefined
    },
    setReference(id: string, reference: string): void {
      setReference.run({ id, reference })
    },

    /** waiting -> running, and the person's turn is used, once for each job. Undefined when somebody else was quicker. */
    claim(job: InLine, backend: string): Job | undefined {
      const { id, tag, seconds, startTag, isFirst, personId } = job
      const machines = JSON.stringify(job.machines)
      return inTransaction(database, () => {
        const row = claim.get({ id, tag, machines, now: now() })
        if (!row) return undefined
        if (startTag === null) {
          takeTurn.run({ person: personId })
          setFinishTag.run({ person: personId, machines, tag: tag + seconds })
        }
        // Who jumps the line does not move the time of those who stand in it.
        if (!isFirst) advance.run({ backend, tag })
        return toJob(row)
      })
    },
    /** running -> waiting, counted as a retry. */
    retryLater: (id: string) => returnToLine(id, { notBefore: 0, retried: 1, uncounted: 0 }),
    /** running -> waiting, as if it had not been started: the bot is closing. */
    unstart: (id: string) => returnToLine(id, { notBefore: 0, retried: 0, uncounted: 1 }),
    /** True when the job was open and has ended by this. */
    finish(
      id: string,
      state: 'done' | 'failed' | 'cancelled',
      end: { failure?: string; costUsd?: number | undefined } = {},
    ): boolean {
      const { failure = null, costUsd = null } = end
      return inTransaction(database, () => {
        if (finish.run({ id, state, failure, costUsd, now: now() }).changes === 0) return false
        if (state === 'failed') giveTimeBack.run({ id })
        if (state === 'done') countKept.run({ id })
        return true
      })
    },
    /** The machine had drawn what was cancelled meanwhile. */
    setCost(id: string, costUsd: number): void {
      setCost.run({ id, costUsd })
    },
    /** After a start: what a dead process was drawing waits again; answers with what was given up. */
    recover(): string[] {
      const givenUp: string[] = []
      for (const { id, starts } of selectRunning.all() as { id: string; starts: number }[]) {
        if (starts >= MAX_STARTS) givenUp.push(id)
        else returnToLine(id, { notBefore: 0, retried: 0, uncounted: 0 })
      }
      return givenUp
    },
    /** Cancelled jobs of which there are pictures all the same. */
    cancelledWithPictures: (): string[] => selectCancelledKept.all().map(({ id }) => String(id)),

    setMessage(id: string, message: MessagePlace): void {
      setMessage.run({ id, ...message })
    },
    markDelivered(id: string, message: MessagePlace | undefined): void {
      markDelivered.run({ id, ...(message ?? noMessage), now: now() })
    },
    markArchived(id: string, message: MessagePlace | undefined): void {
      markArchived.run({ id, ...(message ?? noMessage), now: now() })
    },
    forgetWords(id: string): void {
      const row = select.get(id)
      if (row) setRequest.run({ id, request: JSON.stringify(withoutWords(toJob(row).request)) })
    },
    wipeOldTokens(): void {
      wipe.run(now() - tokenLifeMs)
    },
  }
}

const kindOf = (request: JobRequest): string =>
  isSwap(request) ? 'swap' : request.experiment ? 'experiment' : 'picture'

/** What pictures are measured by, e.g. "512x512"; a swap has the size of a picture that somebody brought. */
export const sizeOf = (request: JobRequest): string =>
  isSwap(request) ? '' : `${request.width}x${request.height}`

/** The words of people go; what remains tells what kind of job it was. */
function withoutWords(request: JobRequest): JobRequest {
  if (isSwap(request)) {
    const { whose: _, ...nameless } = request
    return nameless
  }
  const { experiment, ...rest } = request
  const silent = { prompt: '', negativePrompt: '' }
  if (!experiment) return { ...rest, ...silent }
  const cells = experiment.cells.map((cell) => ({ ...cell, ...silent }))
  const { prediction: _, ...kept } = experiment
  const isOfWords = experiment.variable === 'prompt' || experiment.variable === 'negative'
  const values = isOfWords ? experiment.values.map(() => '') : experiment.values
  return { ...rest, ...silent, experiment: { ...kept, values, cells } }
}

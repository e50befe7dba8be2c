/**
 * Brings jobs to their channels. Delivery belongs to the job, not to the handler of the command: the same code
 * follows a job that was just accepted and one that a restart found unfinished.
 */
import { Routes, type Client } from 'discord.js'
import type { Job } from '../domain.ts'
import type { Log } from '../log.ts'
import type { JobUpdate } from '../services/queue.ts'
import type { Services } from '../services/index.ts'
import { createAnswer, type Answer, type Place } from './answer.ts'
import { archive, createDayThreads, type DayThreads } from './archive.ts'
import { discordFailure } from './discordErrors.ts'
import { finishedJob } from './finishedJob.ts'
import { noted } from './noted.ts'
import type { PictureAction } from './pictureAction.ts'
import { createPainter } from './progress.ts'
import { renderLateFailure, renderNoPicture, renderError } from './render/errors.ts'
import { renderCancelled, renderProgress } from './render/progress.ts'
import { pictureFileName, renderLateResult, renderResult } from './render/result.ts'
import { createTasks } from './tasks.ts'

export type Deliverer = {
  /** Call once per job, after the command was acknowledged. Never throws; what fails is in the log. */
  deliver(job: Job): void
  /** Goes on with everything that was accepted but not delivered or not archived: after a start, and when the class was set up. */
  resume(): void
  /** Resolves when every job is delivered and archived. */
  idle(): Promise<void>
  /** Stops; what is left is resumed after the next start. */
  close(): Promise<void>
}

export type DeliveryTools = {
  client: Client<true>
  services: Services
  actions: readonly PictureAction[]
  threads: DayThreads
  signal: AbortSignal
  log: Log
}

export function createDeliverer(parts: Omit<DeliveryTools, 'signal' | 'threads'>): Deliverer {
  const tasks = createTasks()
  const stop = new AbortController()
  const tools: DeliveryTools = { ...parts, signal: stop.signal, threads: createDayThreads(parts.client) }

  // What a command has just handed over must not be brought a second time by `resume`.
  const begun = new Set<string>()

  function start(job: Job, isResumed: boolean): void {
    if (begun.has(job.id)) return
    begun.add(job.id)
    tasks.add(bring(tools, job, isResumed).finally(() => begun.delete(job.id)))
  }
  return {
    deliver: (job) => start(job, false),
    resume() {
      for (const job of tools.services.queue.unfinished()) start(job, true)
    },
    idle: tasks.idle,
    async close() {
      stop.abort()
      await tasks.idle()
    },
  }
}

/** Follows one job to its end, delivers it and hangs it in the gallery. */
async function bring(tools: DeliveryTools, job: Job, isResumed: boolean): Promise<void> {
  const log = tools.log.child({ job: job.id })
  try {
    if (job.deliveredAt === undefined) {
      const answer = createAnswer({ ...tools, log }, job)
      const last = await watch(tools, job, answer)
      if (!last) return
      await deliverEnd(tools, last, answer).catch((error: unknown) =>
        sayNotSent(tools, last.job, answer, error),
      )
    }
    const now = tools.services.queue.get(job.id)
    if (now?.state === 'done' && now.archivedAt === undefined)
      await archive({ ...tools, log }, now, isResumed)
  } catch (error) {
    if (tools.signal.aborted) return
    log.error({ err: error }, 'a job could not be delivered; it is tried again at the next start')
  }
}

/** The picture exists but cannot be shown: its author hears that much, unless the whole channel is closed to us. */
async function sayNotSent(tools: DeliveryTools, job: Job, answer: Answer, error: unknown): Promise<void> {
  if (tools.signal.aborted) throw error
  const failure = discordFailure(error)
  if (failure === 'closed') {
    tools.log.warn({ err: error, job: job.id }, 'the channel of a command is closed to Darkroom')
    return
  }
  tools.log.error({ err: error, number: job.id }, 'a result could not be shown')
  const reason =
    failure === 'too-large'
      ? 'Your picture was drawn, but its file is too large for this server; please try a smaller size or fewer pictures.'
      : `Your picture was drawn, but it could not be shown here; please tell your instructor this number: ${job.id}`
  const told = await tellAuthor(job, answer, reason)
  await noted(() => tools.services.queue.markDelivered(job.id, told), tools)
}

/** Shows progress until the job ends. Undefined when the bot stops first. */
async function watch({ services, signal, log }: DeliveryTools, job: Job, answer: Answer) {
  let last: JobUpdate | undefined
  const painter = createPainter(async (update, preview) => {
    const { job, place, progress } = update
    await answer.progress(
      renderProgress({
        job,
        place,
        progress,
        preview: preview?.shown,
        ...(preview?.files ? { files: preview.files } : {}),
      }),
    )
  }, log)
  for await (const update of services.queue.follow(job.id, signal)) {
    last = update
    if (update.job.state === 'waiting' || update.job.state === 'running') painter.push(update)
  }
  await painter.stop()
  return last && !signal.aborted && last.job.finishedAt !== undefined ? last : undefined
}

async function deliverEnd(tools: DeliveryTools, { job }: JobUpdate, answer: Answer): Promise<void> {
  const { client, services } = tools
  const delivered = (place: Place | undefined) =>
    noted(() => services.queue.markDelivered(job.id, place), tools)
  if (job.state === 'failed') {
    const reason = job.failure ?? 'Something broke on our side; please try again.'
    await delivered(await tellAuthor(job, answer, reason))
  } else if (job.state === 'cancelled') {
    await delivered(await answer.end(renderCancelled(job)))
  } else {
    const finished = await finishedJob(tools, job)
    const [first] = finished.pictures
    // Deleted before it could be shown: its author wanted it gone.
    if (!first) return delivered(undefined)
    const sent = await answer.result(
      () => renderResult(finished),
      () => renderLateResult(finished),
      pictureFileName(first),
    )
    await delivered(sent)
    // Taken away while it was being sent: whoever did that could not know of this message.
    if (services.gallery.ofJob(job.id).length === 0) {
      await client.rest.delete(Routes.channelMessage(sent.channelId, sent.messageId))
    }
  }
}

const tellAuthor = (job: Job, answer: Answer, reason: string) =>
  answer.failure(renderNoPicture(job), renderError(reason), renderLateFailure(job, reason))

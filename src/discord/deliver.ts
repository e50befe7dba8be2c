/**
 * Brings jobs to their channels. Delivery belongs to the job, not to the handler of the command: the same code
 * follows a job that was just accepted and one that a restart found unfinished.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Routes, type Client } from 'discord.js'
import { isDiskFull } from '../diskRoom.ts'
import type { Job } from '../domain.ts'
import type { Log } from '../log.ts'
import type { JobUpdate } from '../services/queue.ts'
import type { Services } from '../services/index.ts'
import { createAnswer, endKey, type Answer } from './answer.ts'
import { archive, createDayThreads, type DayThreads } from './archive.ts'
import { discordFailure } from './discordErrors.ts'
import { asLightAsNeeded, finishedJob } from './finishedJob.ts'
import type { PictureAction } from './pictureAction.ts'
import { createPainter } from './progress.ts'
import type { View } from './render/blocks.ts'
import { renderLateFailure, renderNoPicture, renderError } from './render/errors.ts'
import { renderCancelled, renderProgress, renderPutOff } from './render/progress.ts'
import { renderDirectResult, renderLateResult, renderResult } from './render/result.ts'
import { removeUnnoted } from './sendOnce.ts'
import { createTasks } from './tasks.ts'
import { createTurns } from './turns.ts'

export type Deliverer = {
  /** Call once per job, after the command was acknowledged. Never throws; what fails is in the log. */
  deliver(job: Job): void
  /** Goes on with everything that was accepted but not delivered or not archived: after a start, and when the class was set up. */
  resume(): void
  /** Resolves when every job is delivered and archived. */
  idle(): Promise<void>
  /**
   * Call after `queue.stop()`. What is being sent has `graceMs` to arrive, and who waits is told of the restart; what is left is
   * resumed after the next start.
   */
  close(graceMs: number): Promise<void>
}

export type DeliveryTools = {
  client: Client<true>
  services: Services
  actions: readonly PictureAction[]
  threads: DayThreads
  /** What has files waits for its turn here: each upload is in memory several times over. */
  turns: { result: Turns; gallery: Turns }
  signal: AbortSignal
  log: Log
}
type Turns = ReturnType<typeof createTurns>

/** Discord takes what goes into one thread one after another, so more at a time would only lie in memory. */
const HUNG_AT_A_TIME = 2
const SHOWN_AT_A_TIME = 8

export function createDeliverer(parts: Omit<DeliveryTools, 'signal' | 'threads' | 'turns'>): Deliverer {
  const tasks = createTasks()
  const stop = new AbortController()
  const tools: DeliveryTools = {
    ...parts,
    signal: stop.signal,
    threads: createDayThreads(parts.client),
    turns: { result: createTurns(SHOWN_AT_A_TIME), gallery: createTurns(HUNG_AT_A_TIME) },
  }

  // What a command has just handed over must not be brought a second time by `resume`.
  const begun = new Set<string>()

  function start(job: Job, afterMs = 0): void {
    if (begun.has(job.id)) return
    begun.add(job.id)
    const done = pause(afterMs).then(() => bring(tools, job))
    tasks.add(done.finally(() => begun.delete(job.id)))
  }
  return {
    deliver: (job) => start(job, OTHERS_FIRST_MS),
    resume() {
      for (const job of tools.services.queue.unfinished()) start(job)
    },
    idle: tasks.idle,
    async close(graceMs) {
      await Promise.race([tasks.idle(), pause(graceMs, undefined, { ref: false })])
      stop.abort()
      await tasks.idle()
    },
  }
}

/** When a class asks in the same instant, everyone is acknowledged before anyone's job is followed. */
const OTHERS_FIRST_MS = 50

/** A full disk may have room again after this. */
const DISK_PAUSE_MS = 5000

/** Follows one job to its end, delivers it and hangs it in the gallery. */
async function bring(tools: DeliveryTools, job: Job): Promise<void> {
  const log = tools.log.child({ job: job.id })
  try {
    if (job.deliveredAt === undefined) {
      const answer = createAnswer({ ...tools, log }, job)
      const last = await watch(tools, job, answer)
      if (!last) return
      await tools.turns
        .result(() => unlessStopped(tools, () => deliverEnd(tools, last, answer)))
        .catch((error: unknown) => sayNotSent(tools, last.job, answer, error))
    }
    const now = tools.services.queue.get(job.id)
    if (now?.state === 'done' && now.archivedAt === undefined)
      await tools.turns.gallery(() => unlessStopped(tools, () => archive({ ...tools, log }, now)))
  } catch (error) {
    if (tools.signal.aborted) return
    if (isDiskFull(error)) return bringAgain(tools, job, error)
    log.error({ err: error }, 'a job could not be delivered; it is tried again at the next start')
  }
}

/** What had to wait until the bot was stopped is brought after the next start. */
async function unlessStopped({ signal }: DeliveryTools, work: () => Promise<void>): Promise<void> {
  signal.throwIfAborted()
  await work()
}

/** As after a restart: its intent tells what may have been sent, and that is looked for first. */
async function bringAgain(tools: DeliveryTools, { id }: Job, error: unknown): Promise<void> {
  tools.log.error({ err: error, job: id }, 'the disk is full; a delivery waits for room')
  await pause(DISK_PAUSE_MS, undefined, { signal: tools.signal }).catch(() => undefined)
  const job = tools.services.queue.get(id)
  if (job && !tools.signal.aborted) await bring(tools, job)
}

/** The picture exists but Discord does not take it: its author hears that much. */
async function sayNotSent(tools: DeliveryTools, job: Job, answer: Answer, error: unknown): Promise<void> {
  if (tools.signal.aborted) throw error
  const failure = discordFailure(error)
  // Not Discord's doing: the data folder, for instance. At the next start it may be well again.
  if (!failure) throw error
  tools.log.error({ err: error, number: job.id }, 'a result could not be shown')
  const reason =
    failure === 'too-large'
      ? 'Your picture was drawn, but its file is too large for this server; please try a smaller size or fewer pictures.'
      : `Your picture was drawn, but it could not be shown here; please tell your instructor this number: ${job.id}`
  await tellAuthor(tools, job, answer, reason)
}

/** Shows progress until the job ends. Undefined when the bot stops first. */
async function watch({ services, signal, log }: DeliveryTools, job: Job, answer: Answer) {
  let last: JobUpdate | undefined
  const painter = createPainter(async (update, preview) => {
    const { job, place, secondsLeft, progress } = update
    await answer.progress(
      renderProgress({
        job,
        place,
        secondsLeft,
        progress,
        preview: preview?.shown,
        ...(preview?.files ? { files: preview.files } : {}),
      }),
    )
  }, log)
  for await (const update of services.queue.follow(job.id, signal)) {
    last = update
    if (!update.isPutOff && isOpen(update.job)) painter.push(update)
  }
  await painter.stop()
  if (last?.isPutOff) await answer.putOff(renderPutOff(last.job))
  return last && !signal.aborted && last.job.finishedAt !== undefined ? last : undefined
}

const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'

/** There is nothing left to show. */
class Deleted extends Error {}

async function deliverEnd(tools: DeliveryTools, { job }: JobUpdate, answer: Answer): Promise<void> {
  const { client, services } = tools
  const { queue, sends } = services
  if (job.state === 'failed') {
    const reason = job.failure ?? 'Something broke on our side; please try again.'
    await tellAuthor(tools, job, answer, reason)
  } else if (job.state === 'cancelled') {
    queue.markDelivered(job.id, await answer.end(renderCancelled(job)))
  } else {
    const place = await asLightAsNeeded(async (isLighter) => {
      const finished = await finishedJob(tools, job, { isLighter })
      // Deleted before it could be shown, or while it is sent once more: its author wanted it gone.
      const unlessDeleted = (view: () => View): View => {
        if (services.gallery.ofJob(job.id).length === 0) throw new Deleted()
        return view()
      }
      return answer.result({
        reply: () => unlessDeleted(() => renderResult(finished)),
        late: (link) => unlessDeleted(() => renderLateResult(finished, link)),
        direct: (link) => unlessDeleted(() => renderDirectResult(finished, link)),
      })
    }).catch((error: unknown) => {
      if (error instanceof Deleted) return 'deleted' as const
      throw error
    })
    if (place === 'deleted') {
      await removeUnnoted(tools, endKey(job))
      return sends.done(endKey(job), undefined, () => queue.markDelivered(job.id, undefined))
    }
    // Taken away while it was being sent: whoever did that could not know of this message.
    if (place && services.gallery.ofJob(job.id).length === 0) {
      await client.rest.delete(Routes.channelMessage(place.channelId, place.messageId))
    }
    if (!place)
      tools.log.warn({ job: job.id }, 'a result could be shown nowhere; its author finds it in /mine')
    sends.done(endKey(job), place, () => queue.markDelivered(job.id, place))
  }
}

async function tellAuthor({ services }: DeliveryTools, job: Job, answer: Answer, reason: string) {
  const place = await answer.result({
    reply: () => renderNoPicture(job),
    reason: () => renderError(reason),
    late: (link) => renderLateFailure(job, reason, link),
    direct: (link) => renderLateFailure(job, reason, link),
  })
  services.sends.done(endKey(job), place, () => services.queue.markDelivered(job.id, place))
}

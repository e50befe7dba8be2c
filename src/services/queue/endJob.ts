/** What becomes of a job that was cancelled, or whose drawing threw: its row, its pictures and what its person reads. */
import { isSwap, type GeneratedImage, type Job, type PictureRecipe } from '../../domain.ts'
import { diskFullSentence, isDiskFull } from '../../diskRoom.ts'
import { BackendError, UserError } from '../../errors.ts'
import type { QueueOptions } from '../queue.ts'
import { isSick } from './afterFailure.ts'
import type { Failures } from './failures.ts'
import type { Health } from './health.ts'
import type { JobTable } from './jobTable.ts'
import { costOf } from './machines.ts'
import type { Matching } from './matching.ts'
import type { Work } from './work.ts'

export type EndOptions = Pick<QueueOptions, 'gallery' | 'log' | 'now'> & {
  jobs: JobTable
  matching: Matching
  health: Health
  failures: Failures
  /** Aborted when the bot closes and takes back what was begun. */
  closing: AbortSignal
}

export type EndJob = ReturnType<typeof createEndJob>

export function createEndJob(options: EndOptions) {
  const { jobs, gallery, log, matching, health, failures, closing, now = Date.now } = options

  /** Cancelled: nobody is to find what was drawn until then, but it is paid for. */
  async function forget(
    { backend, job }: Work,
    images: readonly GeneratedImage<PictureRecipe>[],
  ): Promise<void> {
    const costUsd = images.length > 0 ? costOf(backend, job, images, images.length) : undefined
    if (costUsd !== undefined) jobs.setCost(job.id, costUsd)
    await removePictures(job.id)
  }

  async function removePictures(id: string): Promise<void> {
    for (const picture of gallery.ofJob(id)) await gallery.remove(picture.id)
  }

  return {
    forget,
    removePictures,

    /** Of an experiment what is drawn already is shown. */
    giveUp(id: string): void {
      const job = jobs.get(id)
      const isPartly = job && !isSwap(job.request) && job.request.experiment && gallery.ofJob(id).length > 0
      const failure = brokenSentence(id)
      if (isPartly) jobs.finish(id, 'done', { failure, costUsd: job.reservedUsd })
      else jobs.finish(id, 'failed', { failure })
    },

    /** What becomes of a job whose drawing threw. */
    async settle(
      work: Work,
      error: unknown,
      images: readonly GeneratedImage<PictureRecipe>[],
    ): Promise<void> {
      const { backend, job, era } = work
      const place = { job: job.id, backend: backend.id }
      if (jobs.get(job.id)?.state !== 'running') {
        log.info(place, 'cancelled')
        await forget(work, images)
        return
      }
      if (closing.aborted) {
        jobs.unstart(job.id)
        return
      }
      failures.note(backend.id, error)
      if (error instanceof BackendError) {
        if (isSick(error.kind)) health.failed(backend.id, era, now(), error.retryAfterMs)
        const next = matching.nextFor(backend, job, error)
        if (next !== 'report') {
          matching.noteFailure(job, { backend: backend.id, kind: error.kind })
          jobs.retryLater(job.id)
          log.warn({ ...place, err: error, next }, 'tries again')
          return
        }
      }
      jobs.finish(job.id, 'failed', { failure: sentenceOf(error, job) })
      if (error instanceof BackendError) log.warn({ ...place, err: error }, 'failed')
      else if (error instanceof UserError) log.info({ ...place, code: error.code }, 'failed')
      else log.error({ ...place, err: error }, 'broke')
    },
  }
}

/** What the person hears about a failure. */
export function sentenceOf(error: unknown, job: Job): string {
  if (isDiskFull(error)) return diskFullSentence
  if (error instanceof BackendError) return error.sentence
  return error instanceof UserError ? error.message : brokenSentence(job.id)
}

function brokenSentence(jobId: string): string {
  return `Something broke while this was drawn; please tell your instructor this number: ${jobId}.`
}

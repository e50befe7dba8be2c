/** What a lane does with one job: it draws its parts, and keeps each picture as soon as it is there. */
import type { GeneratedImage, Job, PictureRecipe } from '../../domain.ts'
import { untilRoom } from '../../diskRoom.ts'
import { BackendError } from '../../errors.ts'
import type { QueueOptions } from '../queue.ts'
import { mayPass } from './afterFailure.ts'
import { sentenceOf, type EndJob, type EndOptions } from './endJob.ts'
import { costOf } from './machines.ts'
import { partsOf, type Part } from './parts.ts'
import type { Work } from './work.ts'

/** How often a drawn picture is offered to a full disk before its job fails, and how many first pauses lie between. */
const DISK_ATTEMPTS = 10
const DISK_PAUSES = 15

const FULL_NOTE =
  'The disk of the bot is full; your picture waits for room on it. Please tell your instructor.'

type DrawOptions = EndOptions &
  Pick<QueueOptions, 'inputs' | 'config' | 'mayDraw' | 'retryPauseMs'> & {
    endJob: EndJob
    /** Tells those who follow a job that its progress is different now. */
    progressed: (id: string) => void
    /** The next job may begin on the machine. */
    freed: () => void
  }

/** Draws one job to its end, whatever that is. Rejects when the end could not be stored. */
export function createDrawJob(options: DrawOptions): (work: Work) => Promise<void> {
  const { jobs, gallery, inputs, config, log, matching, health, failures, closing, endJob, progressed } =
    options
  const { freed, retryPauseMs = 1000 } = options

  async function drawJob(work: Work): Promise<void> {
    const { backend, job, controller } = work
    const timeout = setTimeout(() => {
      const detail = `no picture after ${config.jobTimeoutSeconds} s`
      controller.abort(new BackendError(backend.id, 'timeout', detail))
    }, config.jobTimeoutSeconds * 1000)
    const images: GeneratedImage<PictureRecipe>[] = []
    try {
      await options.mayDraw?.(job, controller.signal)
      const lost = await drawParts(work, images, timeout)
      const pictures = gallery.ofJob(job.id)
      const costUsd = costOf(backend, job, images, pictures.length)
      const end = { costUsd, ...(lost !== undefined && { failure: lost }) }
      if (await whenThereIsRoom(work, () => jobs.finish(job.id, 'done', end)))
        log.info({ job: job.id, pictures: pictures.length }, 'drawn')
      else await endJob.forget(work, images)
    } catch (error) {
      await whenThereIsRoom(work, () => endJob.settle(work, error, images))
    } finally {
      clearTimeout(timeout)
    }
  }

  /**
   * Draws what is not kept yet, and keeps it. Of several parts one may fail for good: the others are drawn all the same.
   * @returns why a part is missing. @throws what a whole job fails with
   */
  async function drawParts(
    work: Work,
    images: GeneratedImage<PictureRecipe>[],
    timeout: NodeJS.Timeout,
  ): Promise<string | undefined> {
    const { backend, job, controller } = work
    const { signal } = controller
    const parts = partsOf(job, backend, inputs)
    let lost: unknown
    for (const part of parts) {
      if (isKept(job, part)) continue
      // Each picture of an experiment has the time of a job.
      timeout.refresh()
      try {
        images.push(...(await drawPart(work, part, part === parts.at(-1))))
        health.worked(backend.id, work.era)
      } catch (error) {
        const isOfJob = parts.length === 1 || jobs.get(job.id)?.state !== 'running' || closing.aborted
        if (isOfJob || matching.nextFor(backend, job, error) !== 'report') throw error
        failures.note(backend.id, error)
        log.warn({ job: job.id, backend: backend.id, part: part.first, err: error }, 'a part failed')
        lost ??= error
        // A machine that is down draws the others no better.
        if (signal.aborted || (error instanceof BackendError && mayPass(error.kind))) break
      }
    }
    if (lost === undefined) return undefined
    if (gallery.ofJob(job.id).length === 0) throw lost
    return sentenceOf(lost, job)
  }

  async function drawPart(work: Work, part: Part, isLast: boolean): Promise<GeneratedImage<PictureRecipe>[]> {
    const { backend, job, controller } = work
    const { signal } = controller
    const drawn = await part.draw({
      signal,
      onProgress(progress) {
        work.progress = progress
        progressed(job.id)
      },
      ...resuming(job.id, part.first),
      ...(isLast && {
        onFree() {
          work.isOffMachine = true
          freed()
        },
      }),
      remember: (reference) => jobs.setReference(job.id, `${part.first}:${reference}`),
    })
    signal.throwIfAborted()
    if (drawn.length === 0) throw new BackendError(backend.id, 'bad-response', 'no picture came')
    for (const [index, image] of drawn.entries())
      await whenThereIsRoom(work, () => gallery.keep(job, part.first + index, image), DISK_ATTEMPTS)
    return drawn
  }

  /** While the disk is full what was drawn is held, and its person reads why; without this an end would be lost. */
  const whenThereIsRoom = <T>(work: Work, write: () => T | Promise<T>, attempts = Infinity): Promise<T> =>
    untilRoom(write, {
      pauseMs: DISK_PAUSES * retryPauseMs,
      attempts,
      signal: closing,
      onFull(error) {
        log.error({ job: work.job.id, err: error }, 'the disk is full; what was drawn waits for room')
        if (work.progress) work.progress = { ...work.progress, note: FULL_NOTE }
        progressed(work.job.id)
      },
    })

  /** All its pictures were drawn before the process died. */
  const isKept = (job: Job, { first, count }: Part): boolean =>
    gallery.ofJob(job.id).filter(({ index }) => index >= first && index < first + count).length === count

  /** What was remembered belongs to the part that was being drawn. */
  const resuming = (id: string, part: number) => {
    const reference = jobs.reference(id)
    const mark = `${part}:`
    return reference?.startsWith(mark) ? { resume: reference.slice(mark.length) } : {}
  }

  return drawJob
}

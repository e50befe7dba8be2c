/** Which job suits which machine, seeing where it has failed before. */
import type { ImageBackend, Job } from '../../domain.ts'
import { BackendError } from '../../errors.ts'
import type { QueueOptions } from '../queue.ts'
import { afterFailure, mayPass, type Failed, type Next } from './afterFailure.ts'
import type { InLine } from './fairOrder.ts'
import type { Health } from './health.ts'
import type { JobTable } from './jobTable.ts'
import { isUp, mayDraw } from './machines.ts'

export type Matching = ReturnType<typeof createMatching>

/** In memory: after a start every machine may try every job. */
export function createMatching({
  backends,
  jobs,
  health,
}: Pick<QueueOptions, 'backends'> & { jobs: Pick<JobTable, 'retries'>; health: Pick<Health, 'asideUntil'> }) {
  /** How a job has failed up to now: others with the same model come first. */
  const failed = new Map<string, Failed[]>()

  /** Machines that can be reached, may draw the job and have not failed it. */
  const othersFor = (job: Pick<InLine, 'model' | 'isPaid'>, before: readonly Failed[]) =>
    backends
      .all()
      .filter((other) => before.every(({ backend }) => backend !== other.id))
      .filter((other) => isUp(other) && mayDraw(other, job))

  return {
    /** Not the machine on which it failed before, while another one can draw it; never again the one that it does not suit. */
    isBestFor(backend: ImageBackend, job: InLine, at: number): boolean {
      if (!mayDraw(backend, job)) return false
      const before = failed.get(job.id)
      const here = before?.filter((each) => each.backend === backend.id)
      if (!before || !here || here.length === 0) return true
      if (here.some(({ kind }) => !mayPass(kind))) return false
      return !othersFor(job, before).some((other) => health.asideUntil(other.id, at) === undefined)
    },

    /** What becomes of the job after this failure. */
    nextFor(backend: ImageBackend, job: Job, error: unknown): Next {
      if (!(error instanceof BackendError)) return 'report'
      const before = failed.get(job.id) ?? []
      const wanted = { model: job.request.model, isPaid: job.reservedUsd !== undefined }
      const canMove = othersFor(wanted, [...before, { backend: backend.id, kind: error.kind }]).length > 0
      return afterFailure(
        { backend: backend.id, kind: error.kind },
        { before, retries: jobs.retries(job.id), canMove },
      )
    },

    noteFailure(job: Job, failure: Failed): void {
      failed.set(job.id, [...(failed.get(job.id) ?? []), failure])
    },

    /** It waits no more. */
    forget(job: Job): void {
      failed.delete(job.id)
    },

    /** The machines that may draw it, up or not. */
    machinesFor: (job: Pick<InLine, 'model' | 'isPaid'>): string[] =>
      backends
        .all()
        .filter((backend) => mayDraw(backend, job))
        .map(({ id }) => id),
  }
}

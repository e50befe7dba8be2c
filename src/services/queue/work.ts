/** One job in the hands of a machine. */
import type { ImageBackend, Job, Progress } from '../../domain.ts'

export type Work = {
  backend: ImageBackend
  job: Job
  /** Of the backend when it was begun (health.ts). */
  era: number
  controller: AbortController
  progress: Progress | undefined
}

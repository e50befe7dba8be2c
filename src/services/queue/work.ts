/** One job in the hands of a machine. */
import type { ImageBackend, Job, Progress } from '../../domain.ts'

export type Work = {
  backend: ImageBackend
  job: Job
  /** Of the backend when it was begun (health.ts). */
  era: number
  controller: AbortController
  /** The machine has done its part; what it drew is being decoded and stored. */
  isOffMachine: boolean
  progress: Progress | undefined
}

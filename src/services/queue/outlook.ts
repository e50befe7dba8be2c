/** How long jobs take and when they will be drawn, by what was measured. */
import { picturesOf, type Job, type JobRequest } from '../../domain.ts'
import type { Stats } from '../stats.ts'
import type { FairOrder, InLine } from './fairOrder.ts'
import { endOf, forecast, type Slot } from './forecast.ts'
import { sizeOf } from './jobTable.ts'
import { remembering } from './remembering.ts'

export type Outlook = {
  /** What a job takes, in seconds, more than 0; undefined when its model has drawn nothing yet. */
  expectedSeconds(request: JobRequest): number | undefined
  /** Until the pictures of a job are there: whole seconds, at least 1; undefined when that is not known. */
  secondsLeft(job: Job): number | undefined
  /** The line has changed: look again. `isDrawn`: by a job that was drawn, so that there is more to measure by. */
  forget(how: { isDrawn: boolean }): void
}

/** The least that a job weighs in the fair order, in seconds. */
const MOMENT = 0.001

type Measured = Pick<InLine, 'model' | 'size' | 'pictures'>

export function createOutlook({
  stats,
  order,
  lanes,
  now,
}: {
  stats: Pick<Stats, 'secondsPerPicture'>
  order: Pick<FairOrder, 'list'>
  lanes: {
    slots(secondsOf: (job: Job) => number | undefined): Slot[]
    machinesFor(job: Pick<InLine, 'model' | 'isPaid'>): string[]
  }
  now: () => number
}): Outlook {
  let readyAt: Map<string, number> | undefined
  let perPicture = measure()

  /** Asks for each model and size once. */
  function measure() {
    return remembering(({ model, size }: Measured) => stats.secondsPerPicture(model, size))
  }

  function secondsOf(job: Measured): number | undefined {
    const seconds = perPicture(`${job.model} ${job.size}`, job)
    return seconds === undefined ? undefined : Math.max(MOMENT, seconds * job.pictures)
  }

  function foresee(): Map<string, number> {
    const ofRunning = (job: Job) => secondsOf(measuredBy(job.request))
    const machines = remembering((job: InLine) => new Set(lanes.machinesFor(job)))
    const line = order.list().map((job) => ({
      id: job.id,
      notBefore: job.notBefore,
      seconds: secondsOf(job),
      backends: machines(`${job.isPaid} ${job.model}`, job),
    }))
    return forecast(lanes.slots(ofRunning), line, now())
  }

  function readyAtOf(job: Job): number | undefined {
    // Of what is drawn the line says nothing, and to order a long one takes its time.
    if (job.state === 'running') return endOf(job, secondsOf(measuredBy(job.request)))
    if (job.state !== 'waiting') return undefined
    readyAt ??= foresee()
    return readyAt.get(job.id)
  }

  return {
    expectedSeconds: (request) => secondsOf(measuredBy(request)),
    secondsLeft(job) {
      const at = readyAtOf(job)
      return at === undefined ? undefined : Math.max(1, Math.ceil((at - now()) / 1000))
    },
    forget({ isDrawn }) {
      readyAt = undefined
      if (isDrawn) perPicture = measure()
    },
  }
}

const measuredBy = (request: JobRequest): Measured => ({
  model: request.model,
  size: sizeOf(request),
  pictures: picturesOf(request),
})

/** Shows a job's progress seldom enough for Discord: only the newest state is ever shown, the rest is left out. */
import type { Log } from '../log.ts'
import type { JobUpdate } from '../services/queue.ts'
import type { Upload } from './render/blocks.ts'

export type Preview = {
  /** The picture in the message now. */
  shown: { name: string; description: string }
  /** Given when this edit uploads it. */
  files?: Upload[]
}

export type Painter = {
  push: (update: JobUpdate) => void
  /** No edit begins after this; resolves when the one under way is through. */
  stop: () => Promise<void>
}

export type Timing = {
  /**
   * Before the first edit: a job that is drawn in less shows its pictures at once, and when a whole class asks in the
   * same moment, everyone is acknowledged before anyone's message is edited.
   */
  patienceMs: number
  /** Between edits of the place in line: this long, or this part of the time that was told, whichever is longer. */
  placeMs: number
  placePart: number
  /** Between edits of the steps. */
  stepMs: number
  /** A preview is uploaded once at each of these parts of the work. */
  previewsAt: readonly number[]
}

const usual: Timing = {
  patienceMs: 250,
  placeMs: 5000,
  placePart: 0.25,
  stepMs: 2000,
  previewsAt: [0.2, 0.6],
}

/** @param paint edits the message; what it throws is logged, the next state is tried again */
export function createPainter(
  paint: (update: JobUpdate, preview: Preview | undefined) => Promise<void>,
  log: Log,
  timing: Timing = usual,
): Painter {
  const born = Date.now()
  let newest: JobUpdate | undefined
  let shownAs: string | undefined
  let shownAt: number | undefined
  let toldMs = 0
  let preview: Preview['shown'] | undefined
  let previews = 0
  let timer: NodeJS.Timeout | undefined
  let painting: Promise<void> | undefined
  let isStopped = false

  function plan(): void {
    if (isStopped || painting || !newest || looks(newest) === shownAs) return
    clearTimeout(timer)
    timer = setTimeout(start, Math.max(0, dueAt(newest) - Date.now()))
  }

  function dueAt({ job }: JobUpdate): number {
    if (shownAt === undefined) return born + timing.patienceMs
    return (
      shownAt +
      (job.state === 'waiting' ? Math.max(timing.placeMs, timing.placePart * toldMs) : timing.stepMs)
    )
  }

  function start(): void {
    const update = newest
    if (isStopped || !update) return
    painting = show(update)
      .catch((error: unknown) => log.warn({ err: error }, 'progress could not be shown'))
      .finally(() => {
        painting = undefined
        plan()
      })
  }

  async function show(update: JobUpdate): Promise<void> {
    const files = await newPreview(update)
    const [file] = files
    if (file) preview = { name: file.name, description: file.description }
    if (isStopped) return
    shownAs = looks(update)
    shownAt = Date.now()
    // Where nothing is known of the time, a place is taken for a second.
    toldMs = 1000 * (update.secondsLeft ?? update.place ?? 0)
    await paint(update, preview && { shown: preview, ...(file ? { files } : {}) })
  }

  async function newPreview({ progress }: JobUpdate): Promise<Upload[]> {
    const part = timing.previewsAt[previews]
    if (!progress?.preview || part === undefined || workDone(progress) < part) return []
    previews += 1
    const data = await progress.preview()
    const extension = String.fromCharCode(...data.subarray(0, 4)) === 'RIFF' ? 'webp' : 'png'
    const description = `What the machine sees after step ${progress.step} of ${progress.steps}`
    return [{ name: `preview-${previews}.${extension}`, data, description }]
  }

  return {
    push(update) {
      newest = update
      plan()
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await painting
    },
  }
}

/** 0 to 1 over all pictures of the job. */
function workDone({ pictureIndex, pictureCount, step, steps }: NonNullable<JobUpdate['progress']>): number {
  return (pictureIndex + step / steps) / Math.max(1, pictureCount)
}

/** Two updates that look the same need no second edit. */
function looks({ job, place, progress }: JobUpdate): string {
  return `${job.state} ${place ?? ''} ${progress?.pictureIndex ?? ''} ${progress?.step ?? ''} ${progress?.note ?? ''}`
}

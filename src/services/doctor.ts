/** Looks at everything that draws and tells what is wrong with it: what /doctor shows. */
import { readFileSync } from 'node:fs'
import type { Finding, ImageBackend } from '../domain.ts'
import { BackendError } from '../errors.ts'
import type { Backends } from './backends.ts'
import type { JobQueue } from './queue.ts'
import { failureInWords, type Failure } from './queue/failures.ts'
import type { Stats } from './stats.ts'

export type Examined = {
  backend: string
  isUp: boolean
  lanes: number
  findings: Finding[]
  /** Since the bot was started. */
  lastFailure: Failure | undefined
  /** Until when it gets no job because it failed, in ms since 1970. */
  asideUntil?: number | undefined
}

export type Report = {
  backends: Examined[]
  models: { id: string; typical: ReturnType<Stats['typicalSeconds']> }[]
  versions: { darkroom: string; node: string }
}

export type Doctor = {
  /** Takes no longer than the limit for one backend. Never throws because of a backend. */
  examine(): Promise<Report>
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** @param limitMs how long one backend may take */
export function createDoctor(
  services: {
    backends: Pick<Backends, 'all' | 'models'>
    queue: Pick<JobQueue, 'lastFailure' | 'asideUntil'>
    stats: Pick<Stats, 'typicalSeconds'>
  },
  limitMs = 8000,
): Doctor {
  const { backends, queue, stats } = services
  return {
    async examine() {
      const examined = backends.all().map(async (backend) => ({
        backend: backend.id,
        lanes: backend.lanes,
        findings: await diagnose(backend, limitMs),
        // After the look, which may have found out.
        isUp: backend.isUp?.() ?? true,
        lastFailure: queue.lastFailure(backend.id),
        asideUntil: queue.asideUntil(backend.id),
      }))
      return {
        backends: await Promise.all(examined),
        models: backends.models().map(({ id }) => ({ id, typical: stats.typicalSeconds(id) })),
        versions: { darkroom: version, node: process.version },
      }
    },
  }
}

async function diagnose(backend: ImageBackend, limitMs: number): Promise<Finding[]> {
  if (!backend.diagnose) return []
  const controller = new AbortController()
  const { promise: tooLong, resolve } = Promise.withResolvers<Finding[]>()
  const timer = setTimeout(() => {
    resolve([hanging(limitMs)])
    controller.abort()
  }, limitMs)
  try {
    // A backend that ignores the signal must not hold up the others.
    return await Promise.race([backend.diagnose(controller.signal), tooLong])
  } catch (error) {
    return [broken(error)]
  } finally {
    clearTimeout(timer)
  }
}

const hanging = (limitMs: number): Finding => ({
  ok: false,
  sentence: `The look at this machine was not finished after ${limitMs / 1000} seconds.`,
  mend: 'See whether the machine is on and busy, then run /doctor again.',
})

const broken = (error: unknown): Finding => ({
  ok: false,
  sentence: `The look at this machine failed (${failureInWords(error)}).`,
  mend:
    error instanceof BackendError
      ? 'See whether the machine is on and can be reached from where the bot runs, then run /doctor again.'
      : 'Read the log of the bot, and please report this as a bug.',
})

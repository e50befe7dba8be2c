/** When waiting jobs will be drawn, if they take as long as the last ones did and nobody else comes. Pure. */
import type { Job } from '../../domain.ts'

/** One slot of a machine. `freeAt` in ms since 1970; undefined: not known. */
export type Slot = { backend: string; freeAt: number | undefined }

export type Waiting = {
  id: string
  notBefore: number
  /** Undefined: never measured. */
  seconds: number | undefined
  /** The machines that may draw it. */
  backends: ReadonlySet<string>
}

/**
 * Gives each job of the line in turn to the slot that is free first.
 * @returns when the pictures of each job will be there, in ms since 1970; jobs of which that is not known are left out
 */
export function forecast(slots: readonly Slot[], line: readonly Waiting[], now: number): Map<string, number> {
  const free = slots.map((slot) => ({ ...slot }))
  const readyAt = new Map<string, number>()
  for (const { id, notBefore, seconds, backends } of line) {
    let best: { backend: string; freeAt: number | undefined } | undefined
    for (const slot of free) {
      if (slot.freeAt === undefined || !backends.has(slot.backend)) continue
      if (best?.freeAt === undefined || slot.freeAt < best.freeAt) best = slot
    }
    if (best?.freeAt === undefined) continue
    const begin = Math.max(best.freeAt, notBefore, now)
    // What has never been measured hides all that comes after it on this slot.
    best.freeAt = seconds === undefined ? undefined : begin + seconds * 1000
    if (best.freeAt !== undefined) readyAt.set(id, best.freeAt)
  }
  return readyAt
}

/** When a job that is being drawn will be through, in ms since 1970; undefined when that is not known. */
export function endOf({ startedAt }: Job, seconds: number | undefined): number | undefined {
  return startedAt === undefined || seconds === undefined ? undefined : startedAt + seconds * 1000
}

/** The last failure of each backend, in memory, for /doctor. */
import { isDiskFull } from '../../diskRoom.ts'
import { BackendError, UserError } from '../../errors.ts'

export type Failure = { at: number; sentence: string }

const LONGEST = 200

export type Failures = ReturnType<typeof createFailures>

export function createFailures(now: () => number) {
  const failures = new Map<string, Failure>()
  return {
    note(backend: string, error: unknown): void {
      // What a person can mend says nothing about the machine.
      if (error instanceof UserError) return
      failures.set(backend, { at: now(), sentence: failureInWords(error) })
    },
    last: (backend: string): Failure | undefined => failures.get(backend),
  }
}

/** Addresses can hold passwords, and what broke unexpectedly can hold anything. */
export function failureInWords(error: unknown): string {
  if (isDiskFull(error)) return 'could not be kept, because the disk of the bot is full'
  if (!(error instanceof BackendError)) return 'broke in a way that is not known; the log has the details'
  const detail = error.message
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '(address)')
    .replaceAll(/\b(bearer|token|basic|authorization)\b[\s:=]+\S+/gi, '$1 (hidden)')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `${error.kind}: ${detail.length > LONGEST ? `${detail.slice(0, LONGEST)}…` : detail}`
}

/**
 * Which machines may be given a job now. One that failed is set aside for a while, longer each time; after each pause one job
 * tries it, and when that is drawn the machine has all its lanes again.
 */

import type { Work } from './work.ts'

/** So many times the first pause; the last one from then on. */
const GROWTH = [1, 3, 10, 30, 60]
const LONGEST_PAUSE_MS = 60_000

export type Health = {
  /** To be handed to `failed`: what began before the last failure says nothing new. */
  era(backend: string): number
  /** How many more jobs may begin there; `works` are the jobs that it has, also those of which it has done its part. */
  room(
    machine: { id: string; lanes: number },
    works: readonly Pick<Work, 'era' | 'isOffMachine'>[],
    now: number,
  ): number
  failed(backend: string, era: number, now: number, retryAfterMs?: number): void
  /** It has drawn something; what it began before its last failure says nothing of what it is like now. */
  worked(backend: string, era: number): void
  /** Until when it is set aside, in ms since 1970; undefined when it is not. */
  asideUntil(backend: string, now: number): number | undefined
  /** When the next pause of any machine ends. */
  nextEnd(now: number): number | undefined
}

type State = { failures: number; era: number; until: number }

/** In memory: a start looks at every machine anew. */
export function createHealth(firstPauseMs: number): Health {
  const states = new Map<string, State>()
  const stateOf = (backend: string): State => states.get(backend) ?? { failures: 0, era: 0, until: 0 }

  return {
    era: (backend) => stateOf(backend).era,
    room({ id, lanes }, works, now) {
      const { failures, era, until } = stateOf(id)
      const free = lanes - works.filter(({ isOffMachine }) => !isOffMachine).length
      if (failures === 0) return free
      if (until > now) return 0
      // Until its picture is stored nobody knows whether it was one.
      const trying = works.filter((each) => each.era === era).length
      return Math.min(free, 1 - trying)
    },
    failed(backend, era, now, retryAfterMs = 0) {
      const state = stateOf(backend)
      // Four jobs that were on one machine when it went down are one failure, not four.
      if (era !== state.era) return
      const pause = Math.max((GROWTH[state.failures] ?? GROWTH.at(-1) ?? 1) * firstPauseMs, retryAfterMs)
      states.set(backend, {
        failures: state.failures + 1,
        era: era + 1,
        until: now + Math.min(pause, LONGEST_PAUSE_MS),
      })
    },
    worked(backend, era) {
      const state = states.get(backend)
      if (state?.era === era) states.set(backend, { ...state, failures: 0, until: 0 })
    },
    asideUntil(backend, now) {
      const { until } = stateOf(backend)
      return until > now ? until : undefined
    },
    nextEnd(now) {
      const ends = [...states.values()].map(({ until }) => until).filter((until) => until > now)
      return ends.length > 0 ? Math.min(...ends) : undefined
    },
  }
}

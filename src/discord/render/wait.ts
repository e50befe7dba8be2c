/** How long something will take, in words that promise no more than is known. Pure. */
import { count } from './blocks.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** "about 40 seconds", "about two minutes": the nearest that can be said, so that it is as often too long as too short. */
export function aboutSeconds(seconds: number): string {
  if (seconds <= 3) return 'a few seconds'
  const step = stepFor(seconds)
  const about = Math.round(seconds / step) * step
  if (about < 2 * MINUTE && about !== MINUTE) return `about ${about} seconds`
  if (about < HOUR) return `about ${count(about / MINUTE, 'minute')}`
  return about === HOUR ? 'about an hour' : 'more than an hour'
}

/** Finer than this nothing is known; from here on in minutes. */
function stepFor(seconds: number): number {
  if (seconds < 10) return 1
  if (seconds < MINUTE) return 5
  return seconds < 2 * MINUTE ? 10 : MINUTE
}

/** How long something will take, in words that promise no more than is known. Pure. */
import { count } from './blocks.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/** "about 40 seconds", "about two minutes"; rounded up. */
export function aboutSeconds(seconds: number): string {
  if (seconds <= 5) return 'a few seconds'
  if (seconds <= 55) return `about ${Math.ceil(seconds / 5) * 5} seconds`
  if (seconds <= HOUR - MINUTE) return `about ${count(Math.ceil(seconds / MINUTE), 'minute')}`
  return seconds <= HOUR ? 'about an hour' : 'more than an hour'
}

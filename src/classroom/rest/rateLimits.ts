/** The rate-limit headers that Discord sends, and its refusals when a test wants them. */
import { createHash } from 'node:crypto'

/** About what is seen in practice on message routes. */
const LIMIT = 5
const WINDOW_MS = 5000

export type Limits = {
  /** Counts one request; `refusedFor`: seconds to wait when limits are enforced. */
  take(
    method: string,
    routePath: string,
    major: string,
  ): { headers: Record<string, string>; refusedFor?: number }
}

/** Unless `enforce`, the headers never say that nothing is left, so that no client waits. */
export function createLimits(now: () => number, enforce: boolean): Limits {
  const windows = new Map<string, { used: number; endsAt: number }>()
  return {
    take(method, routePath, major) {
      const key = `${method} ${routePath} ${major}`
      const known = windows.get(key)
      const window = known && known.endsAt > now() ? known : { used: 0, endsAt: now() + WINDOW_MS }
      windows.set(key, window)
      window.used += 1
      const left = LIMIT - window.used
      const seconds = Math.max(0.001, (window.endsAt - now()) / 1000)
      const headers = {
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(Math.max(enforce ? 0 : 1, left)),
        'x-ratelimit-reset': (window.endsAt / 1000).toFixed(3),
        'x-ratelimit-reset-after': seconds.toFixed(3),
        'x-ratelimit-bucket': createHash('md5').update(`${method} ${routePath}`).digest('hex'),
      }
      return enforce && left < 0 ? { headers, refusedFor: seconds } : { headers }
    },
  }
}

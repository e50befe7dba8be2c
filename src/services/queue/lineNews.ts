/** Tells those in line that it has moved: seldom and a few at a time, so that a long line holds up nobody's acknowledgement. */
import { setImmediate as immediate } from 'node:timers/promises'

/** A message shows a new place every few seconds at most, so nobody misses anything. */
const EVERY_MS = 1000
/** So many are told before other work gets its turn. */
const AT_ONCE = 20

export type LineNews = {
  moved(): void
  close(): void
}

/** @param inLine whom to tell, next ones first */
export function createLineNews(
  inLine: () => readonly { id: string }[],
  tell: (id: string) => void,
): LineNews {
  let timer: NodeJS.Timeout | undefined
  let isTelling = false
  let hasMoved = false
  let toldAt = -Infinity

  function plan(): void {
    if (timer || isTelling || !hasMoved) return
    timer = setTimeout(() => void tellAll(), Math.max(0, toldAt + EVERY_MS - performance.now())).unref()
  }

  async function tellAll(): Promise<void> {
    timer = undefined
    isTelling = true
    hasMoved = false
    const all = inLine()
    for (const [index, { id }] of all.entries()) {
      tell(id)
      if (index % AT_ONCE === AT_ONCE - 1) await immediate()
    }
    toldAt = performance.now()
    isTelling = false
    plan()
  }

  return {
    moved() {
      hasMoved = true
      plan()
    },
    close() {
      clearTimeout(timer)
      // Nothing is planned any more.
      isTelling = true
    },
  }
}

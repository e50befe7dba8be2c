/**
 * Tells those in line that it has moved: a few at a time, and who is far back more seldom, so that a long line holds up nobody's
 * acknowledgement.
 */
import { setImmediate as immediate } from 'node:timers/promises'

/** A message shows a new place every few seconds at most, so nobody misses anything. */
const EVERY_MS = 1000
/** Those behind the first ones hear of it less often. */
const FIRST = 20
const OTHERS_EVERY_MS = 5000
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
  let isClosed = false
  let toldAt = -Infinity
  let toldOthersAt = -Infinity

  function plan(): void {
    if (timer || isTelling || isClosed || !hasMoved) return
    timer = setTimeout(() => void tellAll(), Math.max(0, toldAt + EVERY_MS - performance.now())).unref()
  }

  async function tellAll(): Promise<void> {
    timer = undefined
    isTelling = true
    const all = inLine()
    const isForAll = toldOthersAt + OTHERS_EVERY_MS <= performance.now()
    if (isForAll) toldOthersAt = performance.now()
    // Who is not told now is told later, also when nothing moves any more.
    hasMoved = !isForAll && all.length > FIRST
    for (const [index, { id }] of (isForAll ? all : all.slice(0, FIRST)).entries()) {
      if (isClosed) return
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
      isClosed = true
    },
  }
}

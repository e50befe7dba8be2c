/** A machine that has to load models does not change them with every picture: among the next ones, a loaded one may go first. */
import type { InLine } from './fairOrder.ts'

/** So many of those who are next are looked at. */
export const LOOK_AHEAD = 3
/** So often a job lets others go before it. */
const MOST_PASSES = 2

export type LoadedFirst = {
  /**
   * The first one, or one behind it whose model is loaded. Counts whom that passes over.
   * @param next at most LOOK_AHEAD, in the fair order
   */
  choose(next: readonly InLine[], isLoaded: (model: string) => boolean): InLine | undefined
}

/** In memory: after a start nobody was passed over. @param isWaiting of others nothing is kept */
export function createLoadedFirst(isWaiting: (id: string) => boolean): LoadedFirst {
  const passes = new Map<string, number>()

  return {
    choose(next, isLoaded) {
      const [first] = next
      // Whose turn is taken already, and who goes before the line, is not passed over.
      if (!first || isLoaded(first.model) || first.startTag !== null) return first
      const loaded = next.findIndex((job) => isLoaded(job.model) && job.isFirst === first.isFirst)
      if (loaded === -1) return first
      const passed = next.slice(0, loaded)
      if (passed.some(({ id }) => (passes.get(id) ?? 0) >= MOST_PASSES)) return first
      for (const id of passes.keys()) if (!isWaiting(id)) passes.delete(id)
      for (const { id } of passed) passes.set(id, (passes.get(id) ?? 0) + 1)
      return next[loaded]
    },
  }
}

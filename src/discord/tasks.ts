/** Keeps count of work that goes on by itself, so that stopping and tests can wait for it. */
export type Tasks = {
  /** The work must handle its own errors. */
  add: (work: Promise<void>) => void
  /** Resolves when nothing is under way, also when work started other work meanwhile. */
  idle: () => Promise<void>
}

export function createTasks(): Tasks {
  const running = new Set<Promise<void>>()
  return {
    add(work) {
      running.add(work)
      void work.finally(() => running.delete(work))
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}

/** Inputs that a command works with while no row names them: what it keeps, and what the draft named that it has taken up. */
import { AsyncLocalStorage } from 'node:async_hooks'

export type InputHolds = {
  /** Runs a command. What is held in it, also by what it calls, is let go when it ends. */
  during<T>(command: () => Promise<T>): Promise<T>
  /** Held until the command ends that calls this; outside of `during` nothing happens. */
  hold(ids: readonly string[]): void
  /** The command that calls this needs them no more. */
  letGo(ids: readonly string[]): void
  /** Whether any command holds it. */
  isHeld(id: string): boolean
}

export function createInputHolds(): InputHolds {
  const current = new AsyncLocalStorage<Set<string>>()
  const commands = new Set<Set<string>>()

  return {
    async during(command) {
      const held = new Set<string>()
      commands.add(held)
      try {
        return await current.run(held, command)
      } finally {
        commands.delete(held)
      }
    },
    hold(ids) {
      const held = current.getStore()
      for (const id of ids) held?.add(id)
    },
    letGo(ids) {
      const held = current.getStore()
      for (const id of ids) held?.delete(id)
    },
    isHeld: (id) => [...commands].some((held) => held.has(id)),
  }
}

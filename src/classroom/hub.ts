/** What happens in the class, told to the gateway and to the open pages in the order in which it happened. */
import type { InteractionState, Json, Message } from './types.ts'

/** A gateway dispatch; `visibleTo`: only this person's page shows it, no bot hears of it. */
export type Dispatch = { kind: 'dispatch'; type: string; data: Json; visibleTo?: string }

type InteractionChange = {
  kind: 'interaction'
  id: string
  userId: string
  state: Exclude<InteractionState, 'waiting'>
  responseMessage?: Message
  modal?: Json
  choices?: Json[]
}

export type ClassEvent = Dispatch | InteractionChange | { kind: 'commands' }

export type Hub = {
  emit(event: ClassEvent): void
  /** Gives back how to stop listening. */
  on(listener: (event: ClassEvent) => void): () => void
}

export function createHub(): Hub {
  const listeners = new Set<(event: ClassEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) listener(event)
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

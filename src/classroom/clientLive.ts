/** The live connection of one person's client. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { InteractionEvent, LiveEvent } from './clientTypes.ts'

const REMEMBERED = 500

export type Live = {
  /** The first answer to an interaction, also when it came before the question. */
  answerTo(interaction: string): Promise<InteractionEvent>
  on: (listener: (event: LiveEvent) => void) => () => void
  close: () => Promise<void>
}

/** Connects; rejects when the classroom refuses. */
export async function openLive(base: string, person: string): Promise<Live> {
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/page/live?person=${person}`)
  const answers = new Map<string, InteractionEvent>()
  const waiting = new Map<string, (event: InteractionEvent) => void>()
  const listeners = new Set<(event: LiveEvent) => void>()

  function remember(event: InteractionEvent): void {
    if (answers.has(event.id)) return
    answers.set(event.id, event)
    waiting.get(event.id)?.(event)
    waiting.delete(event.id)
    if (answers.size > REMEMBERED) answers.delete(answers.keys().next().value ?? '')
  }
  socket.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as LiveEvent
    if (event.type === 'interaction') remember(event)
    for (const listener of listeners) listener(event)
  })
  socket.on('close', () => {
    // Who still waits hears that nothing will come.
    for (const [id, resolve] of waiting) resolve({ type: 'interaction', id, state: 'failed' })
    waiting.clear()
  })
  await once(socket, 'open')
  socket.on('error', () => undefined)

  return {
    answerTo(interaction) {
      const known = answers.get(interaction)
      if (known) return Promise.resolve(known)
      const { promise, resolve } = Promise.withResolvers<InteractionEvent>()
      if (socket.readyState === WebSocket.OPEN) waiting.set(interaction, resolve)
      else resolve({ type: 'interaction', id: interaction, state: 'failed' })
      return promise
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

/** Gateway sessions: what each has heard of, kept so that it can be heard again after a broken line. */
import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'
import { isHeard } from './gatewayIntents.ts'
import { Op } from './gatewayProtocol.ts'
import type { State } from './state.ts'

/** Events kept for a resume; older ones are lost, as they are on Discord. */
const REPLAYED = 1000
/** For how long a session without a line can be resumed. */
const RESUMABLE_MS = 3 * 60 * 1000

export type Session = {
  id: string
  sequence: number
  intents: number
  events: string[]
  socket: WebSocket | undefined
}

export type Sessions = {
  open(intents: number, socket: WebSocket): Session
  find(id: string): Session | undefined
  emit(session: Session, type: string, data: unknown): void
  /** Sends on the new line all that came after a sequence number; false when there was no such number. */
  resume(session: Session, socket: WebSocket, after: number): boolean
  /** The line is gone; `forGood`: the client gave the session up. */
  leave(session: Session, forGood: boolean): void
  clear(): void
  close(): void
}

export function createSessions(state: State): Sessions {
  const sessions = new Map<string, Session>()

  function emit(session: Session, type: string, data: unknown): void {
    session.sequence += 1
    const text = JSON.stringify({ op: Op.dispatch, t: type, s: session.sequence, d: data })
    session.events.push(text)
    if (session.events.length > REPLAYED) session.events.shift()
    session.socket?.send(text)
  }

  const stopListening = state.hub.on((event) => {
    if (event.kind !== 'dispatch' || event.visibleTo !== undefined) return
    for (const session of sessions.values()) {
      const data = isHeard(state, session.intents, event.type, event.data)
      if (data) emit(session, event.type, data)
    }
  })

  return {
    emit,
    open(intents, socket) {
      const session = { id: randomBytes(16).toString('hex'), sequence: 0, intents, events: [], socket }
      sessions.set(session.id, session)
      return session
    },
    find: (id) => sessions.get(id),
    resume(session, socket, after) {
      const missed = session.sequence - after
      if (!(after >= 0 && missed >= 0 && missed <= session.events.length)) return false
      session.socket?.terminate()
      session.socket = socket
      for (const text of missed > 0 ? session.events.slice(-missed) : []) socket.send(text)
      emit(session, 'RESUMED', { _trace: [] })
      return true
    },
    leave(session, forGood) {
      session.socket = undefined
      if (forGood) sessions.delete(session.id)
      else setTimeout(() => !session.socket && sessions.delete(session.id), RESUMABLE_MS).unref()
    },
    clear: () => sessions.clear(),
    close: stopListening,
  }
}

/** What happens in the class, told to each open page as its person sees it. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { ClassEvent, Dispatch } from './hub.ts'
import { pageChannel, seesChannel } from './pageApi.ts'
import type { State } from './state.ts'
import type { Channel, Json, Member } from './types.ts'

export type PageLive = {
  accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  close(): void
}

/** The page's names of gateway events. */
const NAMES: Record<string, string> = {
  MESSAGE_CREATE: 'message-create',
  MESSAGE_UPDATE: 'message-update',
  MESSAGE_DELETE: 'message-delete',
  CHANNEL_CREATE: 'channel-create',
  CHANNEL_UPDATE: 'channel-update',
  CHANNEL_DELETE: 'channel-delete',
  THREAD_CREATE: 'channel-create',
  THREAD_UPDATE: 'channel-update',
  THREAD_DELETE: 'channel-delete',
  TYPING_START: 'typing',
}

export function createPageLive(state: State): PageLive {
  const server = new WebSocketServer({ noServer: true })
  const people = new Map<WebSocket, Member>()

  const stopListening = state.hub.on((event) => {
    for (const [socket, { user }] of people) {
      const member = state.members.get(user.id)
      const told = member && forPerson(state, member, event)
      if (told) socket.send(JSON.stringify(told))
    }
  })

  function connect(socket: WebSocket, member: Member): void {
    people.set(socket, member)
    socket.on('close', () => people.delete(socket))
    socket.on('error', () => undefined)
  }

  return {
    accept(request, socket, head) {
      const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
      const member = state.members.get(searchParams.get('person') ?? '')
      if (!member || member.user.bot) socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
      else server.handleUpgrade(request, socket, head, (ws) => connect(ws, member))
    },
    close() {
      stopListening()
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

/** The event for one person's page, or undefined when it is not for them. */
function forPerson(state: State, member: Member, event: ClassEvent): object | undefined {
  if (event.kind === 'commands') return { type: 'commands' }
  if (event.kind === 'dispatch') return dispatched(state, member, event)
  if (event.userId !== member.user.id) return undefined
  const { kind: _1, userId: _2, choices: _3, ...rest } = event
  return { type: 'interaction', ...rest }
}

function dispatched(state: State, member: Member, { type, data, visibleTo }: Dispatch): object | undefined {
  const name = NAMES[type]
  if (name === undefined || (visibleTo ?? member.user.id) !== member.user.id) return undefined
  if (name.startsWith('channel-')) return channelEvent(state, member, name, data)
  const channel = state.channels.get(String(data.channel_id))
  if (!channel || !seesChannel(state, member, channel)) return undefined
  if (name === 'typing') return { type: name, channel: data.channel_id, user: data.user_id }
  return { type: name, message: data }
}

function channelEvent(state: State, member: Member, name: string, data: Json): object | undefined {
  const channel = data as Channel
  const isDeleted = name === 'channel-delete'
  if (!isDeleted && !seesChannel(state, member, channel)) return undefined
  const known = state.channels.get(channel.id) ?? channel
  return { type: name, channel: isDeleted ? { id: channel.id } : pageChannel(state, known) }
}

/** The gateway over WebSocket: hello, identify, heartbeats, resume (documentation, "Gateway"). */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { Intent } from './gatewayIntents.ts'
import { Close, frame, Op } from './gatewayProtocol.ts'
import { createSessions, type Session, type Sessions } from './gatewaySessions.ts'
import type { ClassroomOptions, GatewayDrop } from './options.ts'
import { asObject } from './rules/errors.ts'
import type { State } from './state.ts'
import type { Json } from './types.ts'
import { guildCreateJson, memberJson } from './views.ts'

export type Gateway = {
  accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  drop: (how: GatewayDrop) => void
  close(): void
}

type Options = Pick<ClassroomOptions, 'heartbeatIntervalMs' | 'privilegedIntents'>

const NEEDS_SESSION: readonly number[] = [Op.presence, Op.voice, Op.requestMembers]

export function createGateway(state: State, options: Options): Gateway {
  const server = new WebSocketServer({ noServer: true })
  const sessions = createSessions(state)
  const heartbeatMs = options.heartbeatIntervalMs ?? 41_250

  function connect(socket: WebSocket, request: IncomingMessage): void {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (!['10', null].includes(searchParams.get('v'))) {
      socket.close(Close.invalidVersion, 'Invalid API version')
      return
    }
    let session: Session | undefined
    let lastBeat = Date.now()
    const timer = setInterval(() => {
      if (Date.now() - lastBeat > heartbeatMs * 2) socket.close(Close.timedOut, 'Session timed out')
    }, heartbeatMs)

    const handlers: Record<number, (data: Json) => void> = {
      [Op.heartbeat]: () => {
        lastBeat = Date.now()
        socket.send(frame(Op.ack))
      },
      [Op.identify]: (data) => {
        if (session) socket.close(Close.authenticatedTwice, 'Already authenticated.')
        else session = identify(state, sessions, options, socket, data)
      },
      [Op.resume]: (data) => {
        session = resume(state, sessions, socket, data)
      },
      [Op.requestMembers]: (data) => session && requestMembers(state, sessions, session, data),
      [Op.presence]: () => undefined,
      [Op.voice]: () => undefined,
    }
    socket.on('message', (raw: Buffer) => {
      const message = parse(raw)
      const op = Number(message?.op)
      const handle = handlers[op]
      if (!message) socket.close(Close.decode, 'Error while decoding payload.')
      else if (!handle) socket.close(Close.unknownOpcode, 'Unknown opcode.')
      else if (!session && NEEDS_SESSION.includes(op))
        socket.close(Close.notAuthenticated, 'Not authenticated.')
      else handle(asObject(message.d) ?? {})
    })
    socket.on('close', (code) => {
      clearInterval(timer)
      // A client that closes with 1000 or 1001 gives its session up.
      if (session?.socket === socket) sessions.leave(session, code === 1000 || code === 1001)
    })
    socket.on('error', () => undefined)
    socket.send(frame(Op.hello, { heartbeat_interval: heartbeatMs, _trace: [] }))
  }

  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (ws) => connect(ws, request)),
    drop(how) {
      if (how === 'invalid') sessions.clear()
      for (const socket of server.clients) {
        if (how === 'reconnect') socket.send(frame(Op.reconnect))
        else if (how === 'invalid') socket.send(frame(Op.invalidSession, false))
        else if (how === 'drop') socket.terminate()
        else socket.close(how)
      }
    },
    close() {
      sessions.close()
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

/** Some clients write "Bot " before the token, some do not. */
const isToken = (state: State, { token }: Json): boolean =>
  typeof token === 'string' && token.replace(/^Bot /, '') === state.token

function identify(
  state: State,
  sessions: Sessions,
  options: Options,
  socket: WebSocket,
  data: Json,
): Session | undefined {
  const intents = Number(data.intents)
  const isDisallowed = (intents & Intent.privileged) !== 0 && !options.privilegedIntents
  if (!isToken(state, data)) socket.close(Close.wrongToken, 'Authentication failed.')
  else if (!Number.isInteger(intents) || intents < 0) socket.close(Close.invalidIntents, 'Invalid intent(s).')
  else if (isDisallowed) socket.close(Close.disallowedIntents, 'Disallowed intent(s).')
  else {
    const session = sessions.open(intents, socket)
    sessions.emit(session, 'READY', ready(state, session, data))
    const hasAllMembers = (intents & Intent.guildMembers) !== 0
    if ((intents & Intent.guilds) !== 0 && state.isBotHere)
      sessions.emit(session, 'GUILD_CREATE', guildCreateJson(state, hasAllMembers))
    return session
  }
  return undefined
}

/** `resume_gateway_url` must be ours, or the client would look for its session at the real Discord. */
const ready = (state: State, session: Session, { shard }: Json): Json => ({
  v: 10,
  user: state.bot.user,
  guilds: state.isBotHere ? [{ id: state.guild.id, unavailable: true }] : [],
  session_id: session.id,
  resume_gateway_url: `${state.origin.replace(/^http/, 'ws')}/gateway`,
  application: { id: state.guild.application_id, flags: 0 },
  session_type: 'normal',
  private_channels: [],
  relationships: [],
  user_settings: {},
  shard: Array.isArray(shard) ? shard : [0, 1],
})

function resume(state: State, sessions: Sessions, socket: WebSocket, data: Json): Session | undefined {
  const session = sessions.find(String(data.session_id))
  if (!session || !isToken(state, data)) {
    socket.send(frame(Op.invalidSession, false))
    return undefined
  }
  if (sessions.resume(session, socket, Number(data.seq))) return session
  socket.close(Close.invalidSequence, 'Invalid seq.')
  return undefined
}

function requestMembers(state: State, sessions: Sessions, session: Session, data: Json): void {
  const wanted = [data.user_ids ?? []].flat().map(String)
  const query = typeof data.query === 'string' ? data.query.toLowerCase() : undefined
  const isWanted = (user: { id: string; username: string }) =>
    wanted.includes(user.id) || (query !== undefined && user.username.startsWith(query))
  const found = state.members.values().filter(({ user }) => isWanted(user))
  sessions.emit(session, 'GUILD_MEMBERS_CHUNK', {
    guild_id: state.guild.id,
    members: found.map(memberJson),
    chunk_index: 0,
    chunk_count: 1,
    not_found: wanted.filter((id) => !state.members.get(id)),
    ...(typeof data.nonce === 'string' ? { nonce: data.nonce } : {}),
  })
}

function parse(raw: Buffer): Json | undefined {
  try {
    return asObject(JSON.parse(raw.toString()))
  } catch {
    return undefined
  }
}

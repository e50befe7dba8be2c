/** A server on loopback only that refuses whatever another web site could send to it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

const HOST = '127.0.0.1'
/** Node's 5 seconds make some clients lose an upload that starts just then. */
const KEEP_ALIVE_MS = 65_000

type Handlers = {
  request: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  sockets: Record<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>
}

/**
 * Only requests that were addressed to this machine by its loopback names and, if a browser sent them, by our own
 * page: otherwise any web site could drive the classroom (DNS rebinding, cross-site requests).
 */
function isOurs(request: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  const { host, origin } = request.headers
  const names = [`${HOST}:${port}`, `localhost:${port}`]
  // A browser leaves the standard port out.
  if (port === 80) names.push(HOST, 'localhost')
  return (
    names.includes(host ?? '') && (origin === undefined || names.includes(origin.replace(/^http:\/\//, '')))
  )
}

/** `port` 0: any free one. Rejects when it is taken. */
export async function listen(
  port: number,
  handlers: Handlers,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (isOurs(request, portOf())) void handlers.request(request, response)
    else
      response.writeHead(403, { 'content-type': 'text/plain' }).end('This address is not for other sites.\n')
  })
  const portOf = () => (server.address() as AddressInfo).port
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that is reset before the handshake has nobody else to listen to its error.
    socket.on('error', () => socket.destroy())
    const path = (request.url ?? '').split('?')[0]?.replace(/\/$/, '') ?? ''
    const accept = handlers.sockets[path]
    if (accept && isOurs(request, portOf())) accept(request, socket, head)
    else socket.end(`HTTP/1.1 ${accept ? '403 Forbidden' : '404 Not Found'}\r\nconnection: close\r\n\r\n`)
  })
  server.listen(port, HOST)
  await once(server, 'listening')
  return {
    url: `http://${HOST}:${portOf()}`,
    async close() {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

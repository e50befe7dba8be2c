/**
 * The offline classroom: a loopback Discord (REST v10, gateway, attachment files) that an unmodified Discord client
 * connects to, and the page that shows it. It never imports the bot; they meet over HTTP and WebSocket.
 */
import { createHub } from './hub.ts'
import { createGateway } from './gateway.ts'
import { handleRequest } from './http.ts'
import { listen } from './listen.ts'
import { createPageLive } from './pageLive.ts'
import { createRest } from './rest/index.ts'
import { createState } from './state.ts'
import type { Classroom, ClassroomOptions } from './options.ts'
import { setOverwrite } from './channels.ts'
import { addBot, removeBot } from './botMembership.ts'

export type { Classroom, ClassroomOptions, Exchange, Fault, GatewayDrop } from './options.ts'

/** Opens the class of `dataDir`, or makes a new one. Listens on 127.0.0.1 only. Rejects when the port is taken. */
export async function startClassroom(options: ClassroomOptions): Promise<Classroom> {
  const log = options.log ?? (() => undefined)
  const hub = createHub()
  const state = createState(options, hub)
  const gateway = createGateway(state, options)
  const live = createPageLive(state)
  const rest = createRest(state, { ...options, log })
  const server = await listen(options.port, {
    request: (request, response) => handleRequest(state, rest, request, response, log),
    sockets: { '/gateway': gateway.accept, '/page/live': live.accept },
  }).catch((error: unknown) => {
    state.close()
    throw error
  })
  state.origin = server.url
  return {
    url: server.url,
    apiUrl: `${server.url}/api`,
    guildId: state.guild.id,
    token: state.token,
    dropGateway: gateway.drop,
    removeBot: () => removeBot(state),
    addBot: () => addBot(state),
    setOverwrite: (channelId, overwrite) => setOverwrite(state, channelId, overwrite),
    async close() {
      gateway.close()
      live.close()
      await server.close()
      state.close()
    },
  }
}

/** Sorts requests: the bot's REST calls, the page's own, attachment files, and the files of the page. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveAttachment, servePage } from './static.ts'
import { handlePage } from './pageApi.ts'
import type { Rest } from './rest/index.ts'
import type { State } from './state.ts'

export async function handleRequest(
  state: State,
  rest: Rest,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string, data?: object) => void,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', state.origin)
    if (url.pathname.startsWith('/api/')) await rest(request, response, url)
    else if (url.pathname.startsWith('/page/')) await handlePage(state, request, response, url, log)
    else if (url.pathname.startsWith('/attachments/')) await serveAttachment(state, request, response, url)
    else await servePage(state, request, response, url)
  } catch (error) {
    // Requests that were under way when the classroom closed.
    if (state.isClosed) return
    log('a request failed', { err: error, method: request.method })
    if (!response.headersSent) response.writeHead(500)
    response.end()
  }
}

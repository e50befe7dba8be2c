/** The REST API, version 10: one file per group of routes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { BodyError, bodyObject, readBody, type Body } from '../body.ts'
import { ApiError, apiError, refuse } from '../errors.ts'
import type { ClassroomOptions, Fault } from '../options.ts'
import { checkSnowflake } from '../rules/index.ts'
import type { State } from '../state.ts'
import { applicationRoutes } from './applications.ts'
import { channelRoutes } from './channels.ts'
import { commandRoutes } from './commands.ts'
import { guildRoutes } from './guilds.ts'
import { interactionRoutes } from './interactions.ts'
import { memberRoutes } from './members.ts'
import { messageRoutes } from './messages.ts'
import { overwriteRoutes } from './overwrites.ts'
import { pinRoutes } from './pins.ts'
import { createLimits } from './rateLimits.ts'
import { roleRoutes } from './roles.ts'
import { createRouter, type Answer, type Match } from './router.ts'
import { threadRoutes } from './threads.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

const findRoute = createRouter([
  ...applicationRoutes,
  ...channelRoutes,
  ...commandRoutes,
  ...guildRoutes,
  ...interactionRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...overwriteRoutes,
  ...pinRoutes,
  ...roleRoutes,
  ...threadRoutes,
  ...userRoutes,
  ...webhookRoutes,
])

export type Rest = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

const BASE = '/api/v10'
/** Params that are no ids. */
const FREE_PARAMS = new Set(['token', 'emoji'])
const NO_BODY: Body = { type: 'none', value: undefined, uploads: [] }

type Options = Pick<ClassroomOptions, 'observe' | 'rest' | 'enforceRateLimits'> & {
  log: (line: string, data?: object) => void
}

type Given = { status: number; body?: unknown; headers: Record<string, string> }

export function createRest(state: State, options: Options): Rest {
  const limits = createLimits(state.now, options.enforceRateLimits ?? false)

  async function answer(
    request: IncomingMessage,
    path: string,
    url: URL,
    body: () => Promise<Body>,
  ): Promise<Given> {
    const method = request.method ?? 'GET'
    const match = findRoute(method, path)
    if (!match) {
      options.log(`the classroom does not implement ${method} ${path}`, { method, path })
      return { status: 501, body: { message: '501: Not Implemented', code: 0 }, headers: {} }
    }
    if (!match.route.open && request.headers.authorization !== `Bot ${state.token}`)
      throw apiError('unauthorized')
    const { headers, refusedFor } = limits.take(method, match.route.path, majorOf(match))
    if (refusedFor !== undefined) return rateLimited(refusedFor, false, headers)
    try {
      const { params } = match
      for (const [name, value] of Object.entries(params))
        if (!FREE_PARAMS.has(name)) refuse(checkSnowflake(`${name}_id`, value))
      const read = await body()
      const input = {
        params,
        query: url.searchParams,
        body: bodyObject(read),
        list: read.value,
        uploads: read.uploads,
      }
      return toGiven(await match.route.handler({ state, ...input }), headers)
    } catch (error) {
      if (error instanceof ApiError) return { status: error.status, body: error.body, headers }
      throw error
    }
  }

  return async (request, response, url) => {
    const method = request.method ?? 'GET'
    const path = url.pathname.startsWith(`${BASE}/`) ? decodePath(url.pathname.slice(BASE.length)) : undefined
    let body = NO_BODY
    let isRead = false
    const read = async () => {
      isRead = true
      return (body = await readBody(request, 'payload_json').catch(refuseBody))
    }
    const hasFiles = request.headers['content-type']?.startsWith('multipart/') ?? false
    const fault = path === undefined ? undefined : options.rest?.({ method, path, hasFiles })
    if (fault?.kind === 'delay') await pause(fault.ms)
    if (fault?.kind === 'drop' && !fault.after) {
      request.socket.destroy()
      return
    }
    const injected = fault && fromFault(fault)
    const isDone = fault?.kind === 'answer' && fault.after === true && path !== undefined
    if (isDone) await answer(request, path, url, read).catch(toApiError)
    else if (injected) await read().catch(() => undefined)
    const given =
      injected ??
      (path === undefined
        ? { status: 404, body: { message: '404: Not Found', code: 0 }, headers: {} }
        : await answer(request, path, url, read).catch(toApiError))
    if (fault?.kind === 'drop' || (fault?.kind === 'hold' && !(await fault.until()))) {
      request.socket.destroy()
      return
    }
    // A refused request may have a body that nobody read; who observes wants to see it.
    if (options.observe && !isRead) await read().catch(() => undefined)
    request.resume()
    send(response, given)
    options.observe?.({
      method,
      path: path ?? url.pathname,
      query: queryOf(url),
      requestType: body.type,
      requestBody: body.value,
      files: body.uploads.map(({ field, name, type, size }) => ({ field, name, type, size })),
      status: given.status,
      responseBody: given.body,
    })
  }
}

function toGiven(result: Answer, headers: Record<string, string>): Given {
  return result ? { status: result.status ?? 200, body: result.body, headers } : { status: 204, headers }
}

function send(response: ServerResponse, { status, body, headers }: Given): void {
  // A 204 with a content type makes @discordjs/rest look for JSON.
  if (body === undefined) return void response.writeHead(status, headers).end()
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function toApiError(error: unknown): Given {
  if (error instanceof ApiError) return { status: error.status, body: error.body, headers: {} }
  throw error
}

function refuseBody(error: unknown): never {
  if (error instanceof BodyError)
    throw apiError(error.reason === 'too-large' ? 'entityTooLarge' : 'invalidJson')
  throw error
}

function fromFault(fault: Fault): Given | undefined {
  if (fault.kind === 'answer') return { status: fault.status, body: fault.body, headers: fault.headers ?? {} }
  return fault.kind === 'rate-limit' ? rateLimited(fault.seconds, fault.global ?? false, {}) : undefined
}

function rateLimited(seconds: number, global: boolean, headers: Record<string, string>): Given {
  return {
    status: 429,
    body: { message: 'You are being rate limited.', code: 0, retry_after: seconds, global },
    headers: {
      ...headers,
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global ? { 'x-ratelimit-global': 'true' } : { 'x-ratelimit-reset-after': String(seconds) }),
    },
  }
}

/** Limits are per channel, guild or webhook token. */
const majorOf = ({ params }: Match): string => params.token ?? params.channel ?? params.guild ?? ''

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function queryOf(url: URL): Record<string, string | string[]> {
  const names = [...new Set(url.searchParams.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = url.searchParams.getAll(name)
      return [name, values.length > 1 ? values : (values[0] ?? '')]
    }),
  )
}

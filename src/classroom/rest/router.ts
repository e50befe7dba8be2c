/** Routes of the REST API as a table: a method, a path with `:names`, a function. */
import type { State } from '../state.ts'
import type { Json, Upload } from '../types.ts'

export type ApiRequest = {
  state: State
  /** Values of the path's `:names`. */
  params: Record<string, string>
  query: URLSearchParams
  /** An object, also when the request had none. */
  body: Json
  /** The body of a bulk PUT. */
  list: unknown
  uploads: Upload[]
}

/** Undefined: 204. `status` default 200. */
export type Answer = { status?: number; body: unknown } | undefined

export type Handler = (request: ApiRequest) => Answer | Promise<Answer>

export type Route = {
  method: string
  path: string
  handler: Handler
  /** No bot token is needed. */ open?: true
}

export const route = (method: string, path: string, handler: Handler): Route => ({ method, path, handler })

/** A route whose path carries its own token. */
export const openRoute = (method: string, path: string, handler: Handler): Route => ({
  method,
  path,
  handler,
  open: true,
})

export type Match = { route: Route; params: Record<string, string> }

/** Finds routes; those with fewer `:names` win, so that `@original` is not taken for an id. */
export function createRouter(routes: Route[]): (method: string, path: string) => Match | undefined {
  const table = routes
    .map((one) => ({ route: one, segments: one.path.split('/') }))
    .sort((a, b) => count(a.segments) - count(b.segments))
  return (method, path) => {
    const given = path.split('/')
    for (const { route, segments } of table) {
      if (route.method !== method || segments.length !== given.length) continue
      if (!segments.every((segment, i) => segment.startsWith(':') || segment === given[i])) continue
      const names = segments.flatMap((segment, i) =>
        segment.startsWith(':') ? [[segment.slice(1), given[i] ?? '']] : [],
      )
      return { route, params: Object.fromEntries(names) as Record<string, string> }
    }
    return undefined
  }
}

const count = (segments: string[]): number => segments.filter((segment) => segment.startsWith(':')).length

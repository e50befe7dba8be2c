/** Which operation of the document a request calls. */
import { discordSpec } from './specDocument.ts'
import type { Operation, Parameter } from './specDocument.ts'

export type Route = {
  /** As in the document, `/channels/{channel_id}/messages`. */
  template: string
  method: string
  operation: Operation
  parameters: Parameter[]
  segments: string[]
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete']
let routes: Route[] | undefined

const isVariable = (segment: string): boolean => segment.startsWith('{')

/** Fewest variables first, so that `@original` wins over `{message_id}`. */
const allRoutes = (): Route[] => {
  routes ??= Object.entries(discordSpec().paths)
    .flatMap(([template, item]) =>
      METHODS.filter((method) => method in item).map((method) => {
        const operation = item[method] as Operation
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
        return { template, method, operation, parameters, segments: template.slice(1).split('/') }
      }),
    )
    .sort((a, b) => a.segments.filter(isVariable).length - b.segments.filter(isVariable).length)
  return routes
}

/** The route and the values of its path variables, or undefined when Discord has no such operation. */
export function findRoute(
  method: string,
  path: string,
): { route: Route; values: Record<string, string> } | undefined {
  const given = path.replace(/^\//, '').split('/')
  for (const route of allRoutes()) {
    if (route.method !== method.toLowerCase() || route.segments.length !== given.length) continue
    if (!route.segments.every((segment, i) => isVariable(segment) || segment === given[i])) continue
    const values = route.segments.flatMap((segment, i) =>
      isVariable(segment) ? [[segment.slice(1, -1), given[i] ?? '']] : [],
    )
    return { route, values: Object.fromEntries(values) as Record<string, string> }
  }
  return undefined
}

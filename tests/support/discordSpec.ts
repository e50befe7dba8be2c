/** Holds the traffic between a bot and the classroom against Discord's OpenAPI document, both ways. */
import { pointerTo, schemaAt } from './specDocument.ts'
import { schemaErrors } from './specErrors.ts'
import { eventErrors } from './specEvents.ts'
import { undeclaredKeys } from './specExceptions.ts'
import { unknownKeys } from './specLint.ts'
import { findRoute } from './specRoutes.ts'
import type { Route } from './specRoutes.ts'
import type { Exchange } from '../../src/classroom/index.ts'

export type SpecCheck = {
  /** For `startClassroom({ observe })`. */
  onExchange: (exchange: Exchange) => void
  /** For a gateway dispatch: its type and data. */
  event: (type: string, data: unknown) => void
  /** One line for each distinct fault; empty when all traffic fits. */
  violations: string[]
  /** Operations seen, "GET /gateway/bot", for tests that want to know what they covered. */
  operations: Set<string>
  /** Types of the events seen. */
  events: Set<string>
}

/** `serverErrors`: the test makes the classroom fail with 5xx on purpose. */
export function createSpecCheck(options: { serverErrors?: boolean } = {}): SpecCheck {
  const violations: string[] = []
  const operations = new Set<string>()
  const events = new Set<string>()
  const report = (subject: string, lines: string[]): void => {
    for (const line of lines) {
      const violation = `${subject}: ${line}`
      if (!violations.includes(violation)) violations.push(violation)
    }
  }
  return {
    violations,
    operations,
    events,
    onExchange(exchange) {
      const found = findRoute(exchange.method, exchange.path)
      if (found === undefined) {
        report(`${exchange.method} ${exchange.path}`, ['Discord has no such operation'])
        return
      }
      const { route, values } = found
      const name = `${exchange.method} ${route.template}`
      operations.add(name)
      report(`${name} path`, pathErrors(route, values))
      report(`${name} query`, queryErrors(route, exchange.query))
      report(`${name} request`, requestErrors(route, exchange))
      if (exchange.status < 500)
        report(`${name} response ${exchange.status}`, responseErrors(route, exchange))
      else if (options.serverErrors !== true) report(`${name} response`, [`status ${exchange.status}`])
    },
    event(type, data) {
      events.add(type)
      report(`event ${type}`, eventErrors(type, data))
    },
  }
}

/** Where the schema of a parameter stands; it may belong to the operation or to the whole path. */
const parameterPointer = (route: Route, name: string): string => {
  const own = route.operation.parameters?.findIndex((parameter) => parameter.name === name) ?? -1
  if (own >= 0) return pointerTo('paths', route.template, route.method, 'parameters', String(own), 'schema')
  const all = schemaAt(pointerTo('paths', route.template, 'parameters')) as unknown as { name: string }[]
  const index = all.findIndex((parameter) => parameter.name === name)
  return pointerTo('paths', route.template, 'parameters', String(index), 'schema')
}

const pathErrors = (route: Route, values: Record<string, string>): string[] =>
  Object.entries(values).flatMap(([name, value]) =>
    schemaErrors(parameterPointer(route, name), value).map((line) => `${name} ${line}`),
  )

const queryErrors = (route: Route, query: Record<string, string | string[]>): string[] => {
  const declared = route.parameters.filter((parameter) => parameter.in === 'query')
  const missing = declared.filter(({ name, required }) => required === true && !(name in query))
  const errors = missing.map(({ name }) => `${name} is required`)
  for (const [name, value] of Object.entries(query)) {
    if (!declared.some((parameter) => parameter.name === name)) errors.push(`${name} is not declared`)
    else errors.push(...oneOfReadings(parameterPointer(route, name), value).map((line) => `${name} ${line}`))
  }
  return errors
}

/** A query value is text; the schema may mean a number, a boolean or a list. */
const oneOfReadings = (pointer: string, value: string | string[]): string[] => {
  const readings: unknown[] = [value]
  if (typeof value === 'string') {
    if (/^(?:true|false|-?[0-9]+)$/.test(value)) readings.push(JSON.parse(value))
    readings.push(value.split(','))
  }
  const results = readings.map((reading) => schemaErrors(pointer, reading))
  return results.some((errors) => errors.length === 0) ? [] : (results[0] ?? [])
}

const CONTENT_TYPES: Record<string, string> = { json: 'application/json', multipart: 'multipart/form-data' }

const requestErrors = (route: Route, exchange: Exchange): string[] => {
  const { requestBody } = route.operation
  if (exchange.requestType === 'none') return requestBody?.required === true ? ['a body is required'] : []
  if (requestBody === undefined) return ['this operation takes no body']
  const type = CONTENT_TYPES[exchange.requestType] ?? exchange.requestType
  if (requestBody.content?.[type] === undefined) return [`content type ${type} is not listed`]
  const pointer = pointerTo('paths', route.template, route.method, 'requestBody', 'content', type, 'schema')
  const errors = exchange.files.filter(({ field }) => !/^files\[[0-9]\]$/.test(field))
  const files = Object.fromEntries(exchange.files.map(({ field }) => [field, '']))
  const body =
    exchange.files.length > 0 ? { ...(exchange.requestBody as object), ...files } : exchange.requestBody
  return [
    ...errors.map(({ field }) => `file field ${field} is not one of files[0] to files[9]`),
    ...schemaErrors(pointer, body),
    ...lint(`${exchange.method} ${route.template} request`, pointer, exchange.requestBody),
  ]
}

const responseErrors = (route: Route, exchange: Exchange): string[] => {
  const { responses } = route.operation
  const { status } = exchange
  const key = [String(status), `${Math.floor(status / 100)}XX`].find((candidate) => candidate in responses)
  if (key === undefined) return ['this status is not listed']
  const response = responses[key] ?? {}
  const own = ['paths', route.template, route.method, 'responses', key]
  const keys = '$ref' in response ? response.$ref.slice(2).split('/') : own
  const media = schemaAt(pointerTo(...keys)) as { content?: Record<string, unknown> }
  if (media.content?.['application/json'] === undefined) {
    return (exchange.responseBody ?? undefined) === undefined ? [] : ['this answer has no body']
  }
  const pointer = pointerTo(...keys, 'content', 'application/json', 'schema')
  return [
    ...schemaErrors(pointer, exchange.responseBody),
    ...lint(`${exchange.method} ${route.template} response`, pointer, exchange.responseBody),
  ]
}

const lint = (subject: string, pointer: string, value: unknown): string[] =>
  unknownKeys(schemaAt(pointer), value)
    .filter((at) => !undeclaredKeys.some(({ where }) => where.test(`${subject} ${at}`)))
    .map((at) => `${at} is not a known key`)

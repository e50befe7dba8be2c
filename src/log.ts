/**
 * The log: JSON lines without secrets and without the words of students.
 *
 * Two nets. `scrub` walks what is logged: it hides values by the name of their key and reduces errors to what helps
 * (a DiscordAPIError carries the interaction token in `url` and the student's words in `requestBody`). `scrubLine`
 * then looks at the finished line, whatever way a value came into it: messages, stacks, JSON in strings.
 */
import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.ts'

export type Log = Logger

type MakeChild = (this: Log, fields: Bindings, options?: ChildLoggerOptions) => Log

const HIDDEN = '[hidden]'
const MAX_DEPTH = 6
const MAX_ITEMS = 50

/** Keys whose values are never written, compared without case, `_` and `-`. */
const hiddenKeys = new Set([
  'token',
  'discordtoken',
  'interactiontoken',
  'authorization',
  'password',
  'apikey',
  'prompt',
  'negative',
  'negativeprompt',
  'infotext',
  'requestbody',
  'rawerror',
])

/** The same keys inside a finished line, with a string as the value. */
const hiddenInLine =
  /"((?:discord_?|interaction_?)?token|authorization|password|api_?key|(?:negative_?)?prompt|negative|infotext)":"(?:[^"\\]|\\.)*"/gi
/** Addresses that hold an interaction or webhook token: /webhooks/ID/TOKEN and /interactions/ID/TOKEN. */
const tokenInAddress = /(\/(?:webhooks|interactions)\/\d+\/)[^/\s"'?\\]+/gi
/** user:password@ before a host. */
const passwordInAddress = /(\w:\/\/)[^\s/@"'\\]+@/g
/** What a bot token looks like. */
const botToken = /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,45}\b/g

/** What a token of Replicate looks like. */
const replicateToken = /\br8_\w{20,}/g

/** A pino log at the level of the settings, to `destination` or standard output. */
export function createLog(
  config: Pick<Config, 'logLevel' | 'discordToken' | 'replicateApiToken'>,
  destination?: DestinationStream,
): Log {
  const tokens = [config.discordToken, config.replicateApiToken]
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (level: string) => ({ level }),
      log: (fields: Record<string, unknown>) => scrub(fields, 0) as Record<string, unknown>,
    },
    hooks: { streamWrite: (line: string) => scrubLine(line, tokens) },
  }
  const log: Log = pino(options, destination ?? standardOutput())
  // pino formats the fields of a line, but not those that a child carries.
  // oxlint-disable-next-line typescript/unbound-method -- it gets its `this` below
  const child: MakeChild = log.child
  const scrubbed: MakeChild = function (fields, options) {
    return child.call(this, scrub(fields, 0) as Bindings, options)
  }
  log.child = scrubbed as unknown as Log['child']
  return log
}

/** Bytes that wait while standard output goes to a full disk; what is more is left out of the log. */
const MOST_WAITING = 1_000_000

/** Without a listener pino would try a full disk again without end, and the bot would stand still. */
function standardOutput(): DestinationStream {
  const destination = pino.destination({ fd: 1, sync: true, maxLength: MOST_WAITING })
  destination.on('error', () => undefined)
  return destination
}

function scrubLine(line: string, tokens: readonly (string | undefined)[]): string {
  let safe = line
    .replace(hiddenInLine, (_, key: string) => `"${key}":"${HIDDEN}"`)
    .replace(tokenInAddress, `$1${HIDDEN}`)
    .replace(passwordInAddress, `$1${HIDDEN}@`)
    .replace(botToken, HIDDEN)
    .replace(replicateToken, HIDDEN)
  // Short tokens are made-up ones for a stand-in Discord: replacing "x" everywhere would break the line.
  for (const token of tokens) if (token && token.length >= 8) safe = safe.replaceAll(token, HIDDEN)
  return safe
}

function scrub(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  if (value instanceof Error) return errorFields(value, depth)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => scrub(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isHidden(key) ? HIDDEN : scrub(item, depth + 1)]),
  )
}

function isHidden(key: string): boolean {
  return hiddenKeys.has(key.toLowerCase().replaceAll(/[_-]/g, ''))
}

/** What helps to find the fault. Everything else an error may carry (bodies, headers, requests) stays out. */
function errorFields(error: Error, depth: number): object {
  const extra = error as Error & Record<string, unknown>
  const fields: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack }
  for (const key of ['code', 'kind', 'backend', 'status', 'method', 'url', 'syscall', 'path']) {
    if (typeof extra[key] === 'string' || typeof extra[key] === 'number') fields[key] = extra[key]
  }
  if (error.cause !== undefined && depth < MAX_DEPTH) fields['cause'] = scrub(error.cause, depth + 1)
  if (error instanceof AggregateError && depth < MAX_DEPTH) fields['errors'] = scrub(error.errors, depth + 1)
  return fields
}

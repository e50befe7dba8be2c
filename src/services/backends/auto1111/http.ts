/**
 * HTTP to one machine. Not fetch: it gives up when headers take longer than 300 s, and a picture may (auto1111 contract, section 8).
 * The address and its password never leave this file.
 */
import { Buffer } from 'node:buffer'
import http from 'node:http'
import https from 'node:https'

export type Answer = { status: number; body: unknown; text: string; retryAfterMs: number | undefined }

export type CallOptions = {
  /** Sent as JSON by POST; without it the call is a GET. */
  json?: object
  /** An empty POST, as for `interrupt`. */
  method?: 'GET' | 'POST'
  signal?: AbortSignal
  /** Until the whole answer is there; absent: for ever. */
  timeoutMs?: number
}

export type Call = (path: string, options?: CallOptions) => Promise<Answer>

export type LostKind = 'refused' | 'unreachable' | 'timeout' | 'cut' | 'too-large' | 'untrusted'

/** No answer came. Says nothing about where the machine is. */
export class Lost extends Error {
  override readonly name = 'Lost'
  readonly kind: LostKind

  constructor(kind: LostKind) {
    super(lostSentence[kind])
    this.kind = kind
  }
}

const lostSentence: Record<LostKind, string> = {
  refused: 'nothing listens there: the program is not running, or on another port',
  unreachable: 'the machine cannot be reached: it is off, or the network does not let us through',
  timeout: 'it did not answer in time',
  cut: 'it closed the connection in the middle',
  'too-large': 'its answer was too large',
  untrusted: 'it does not speak https, or its certificate is not trusted',
}

const CONNECT_MS = 3000
/** Four pictures of 2048 x 2048 as base64 are about 90 MB. */
const MAX_BYTES = 256 * 1024 * 1024

/** Calls to the machine at `address`, which may hold `user:password@` and a path (`--subpath`). */
export function createHttp(address: string): Call {
  const url = new URL(address)
  const prefix = url.pathname.replace(/\/+$/, '')
  const { username, password } = url
  const auth =
    username === '' && password === ''
      ? undefined
      : `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`
  const client = url.protocol === 'https:' ? https : http

  return (path, { json, method = json === undefined ? 'GET' : 'POST', signal, timeoutMs } = {}) => {
    const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json))
    const headers: http.OutgoingHttpHeaders = {
      accept: 'application/json',
      ...(auth === undefined ? {} : { authorization: auth }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'content-length': body?.length ?? 0,
    }
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const request = client.request(
        {
          protocol: url.protocol,
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port,
          path: prefix + path,
          method,
          headers,
          agent: false,
        },
        (response) => void receive(response),
      )
      const timers = [setTimeout(() => fail(new Lost('unreachable')), CONNECT_MS)]
      if (timeoutMs !== undefined) timers.push(setTimeout(() => fail(new Lost('timeout')), timeoutMs))
      // Passed on as it is: the reason may well look like an error of the network.
      const onAbort = () => {
        done(() => reject(signal?.reason as Error))
        request.destroy()
      }
      signal?.addEventListener('abort', onAbort, { once: true })

      async function receive(response: http.IncomingMessage): Promise<void> {
        try {
          const text = await readAll(response)
          done(() => resolve(answer(response, text)))
        } catch (error) {
          fail(error)
        }
      }
      function done(settle: () => void): void {
        for (const timer of timers) clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        settle()
      }
      function fail(error: unknown): void {
        done(() => reject(error instanceof Error && 'code' in error ? new Lost(lostKind(error)) : error))
        request.destroy()
      }
      request.on('socket', (socket) => {
        // A machine that lost its power never says so: only this notices it during a long picture.
        socket.setKeepAlive(true, 30_000)
        socket.once('connect', () => clearTimeout(timers[0]))
      })
      request.on('error', fail)
      request.end(body)
    })
  }
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) throw new Lost('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function answer({ statusCode = 0, headers }: http.IncomingMessage, text: string): Answer {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return {
    status: statusCode,
    body,
    text,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  }
}

function lostKind(error: Error): LostKind {
  const code = String((error as NodeJS.ErrnoException).code)
  if (code === 'ECONNREFUSED') return 'refused'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_')) return 'cut'
  if (code === 'ETIMEDOUT') return 'timeout'
  if (/CERT|SIGNATURE|^ERR_(TLS|SSL)|^EPROTO/.test(code)) return 'untrusted'
  return 'unreachable'
}

/** A "%" that is no escape stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

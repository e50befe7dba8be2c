/**
 * Replicate over HTTP, through its npm package but without its retries: those have no delay, ignore Retry-After and buy
 * a picture again when the line drops (replicate contract, section 2).
 */
import Replicate from 'replicate'
import { z } from 'zod'

const REQUEST_TIMEOUT_MS = 30_000
const FAULT_HEADER = 'x-fault'
/** The package asks again for 429 and, on GET, for 5xx. No server sends this one, and it asks once for it. */
const FAULT_STATUS = 470
const DEFAULT_RETRY_AFTER_MS = 10_000

/** Why a call failed, with nothing of the request in it: the package's own errors carry the token. */
export class Fault extends Error {
  override readonly name = 'Fault'
  /** 0: no answer came, so nobody knows whether the request arrived. */
  readonly status: number
  readonly retryAfterMs: number
  /** Names of inputs that were not accepted. */
  readonly fields: readonly string[]

  constructor({ status, retryAfterMs, fields }: FaultFields) {
    super(status === 0 ? 'no answer' : `answered with status ${status}`)
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.fields = fields
  }

  /** True when the request may have been carried out all the same. */
  get isAmbiguous(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

const faultSchema = z.object({ status: z.number(), retryAfterMs: z.number(), fields: z.array(z.string()) })
type FaultFields = z.infer<typeof faultSchema>

/** What we read of a prediction; the package's types promise more than every answer keeps. */
const predictionSchema = z.object({
  id: z.string().min(1),
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  input: z.record(z.string(), z.unknown()).nullish(),
  output: z.unknown(),
  error: z.unknown(),
  logs: z.string().nullish(),
  data_removed: z.boolean().nullish(),
  created_at: z.string().nullish(),
  metrics: z.object({ predict_time: z.number().optional(), total_time: z.number().optional() }).nullish(),
})
export type Prediction = z.infer<typeof predictionSchema>

const versionSchema = z.object({
  id: z.string(),
  openapi_schema: z
    .object({
      components: z.object({
        schemas: z.object({ Input: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
      }),
    })
    .nullish()
    .catch(undefined),
})
const modelSchema = z.object({ latest_version: versionSchema.nullish() })

export type Api = ReturnType<typeof createApi>

export type ApiOptions = { token: string; apiUrl: string; timeoutMs?: number | undefined }

export function createApi({ token, apiUrl, timeoutMs = REQUEST_TIMEOUT_MS }: ApiOptions) {
  /** How much Replicate's clock is ahead of ours: a laptop's may be wrong by hours. */
  let clockOffset = 0

  async function once(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    try {
      const timeout = AbortSignal.timeout(timeoutMs)
      const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
      const response = await fetch(url, { ...init, signal, redirect: 'error' })
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) clockOffset = date - Date.now()
      // The body too: a line that drops within it is a fault like any other.
      const body = await response.text()
      if (!response.ok) return faultResponse(faultOf(response, body))
      return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } })
    } catch {
      return faultResponse({ status: 0, retryAfterMs: 0, fields: [] })
    }
  }

  const client = new Replicate({
    auth: token,
    baseUrl: apiUrl,
    fetch: once,
    // Otherwise each output begins to download at once, without our limits.
    useFileOutput: false,
    // "data-uri" would send the token as the input of the prediction (replicate contract, section 1).
    fileEncodingStrategy: 'default',
  })

  /** The one place where errors of the package end. */
  async function call<T>(schema: z.ZodType<T>, work: () => Promise<unknown>): Promise<T> {
    let value: unknown
    try {
      value = await work()
    } catch (error) {
      throw new Fault(fieldsOf(error))
    }
    const result = schema.safeParse(value)
    if (!result.success) throw new Fault({ status: 502, retryAfterMs: 0, fields: [] })
    return result.data
  }

  const split = (name: string): [string, string] => {
    const [owner = '', model = ''] = name.split('/')
    return [owner, model]
  }

  return {
    /** Replicate's time, in ms since 1970. */
    now: () => Date.now() + clockOffset,
    account: (signal?: AbortSignal) =>
      call(z.object({ username: z.string() }), () => client.accounts.current({ ...(signal && { signal }) })),
    model: (name: string, signal?: AbortSignal) =>
      call(modelSchema, () => client.models.get(...split(name), { ...(signal && { signal }) })),
    versions: (name: string, signal?: AbortSignal) =>
      call(z.object({ results: z.array(versionSchema) }), () =>
        client.models.versions.list(...split(name), { ...(signal && { signal }) }),
      ),
    version: (name: string, id: string, signal?: AbortSignal) =>
      call(versionSchema, () =>
        client.models.versions.get(...split(name), id, { ...(signal && { signal }) }),
      ),
    /** One POST, whatever happens. Without a version: an official model, which is called by its name. */
    create: (
      { model, version }: { model: string; version?: string | undefined },
      input: object,
      cancelAfterSeconds: number,
    ) =>
      call(predictionSchema, async () => {
        const route = version === undefined ? `/models/${model}/predictions` : '/predictions'
        const response = await client.request(route, {
          method: 'POST',
          headers: { 'Cancel-After': `${Math.max(5, Math.ceil(cancelAfterSeconds))}s` },
          data: { ...(version !== undefined && { version }), input },
        })
        return await response.json()
      }),
    get: (id: string, signal?: AbortSignal) =>
      call(predictionSchema, () => client.predictions.get(id, { ...(signal && { signal }) })),
    cancel: (id: string) => call(z.unknown(), () => client.predictions.cancel(id)),
    /** The newest page; enough for what was bought in the last minutes. */
    recent: (createdAfter: number) =>
      call(z.object({ results: z.array(predictionSchema) }), async () => {
        const params = { created_after: new Date(createdAfter).toISOString() }
        return await (await client.request('/predictions', { method: 'GET', params })).json()
      }),
    /** The address under which a model finds the file. */
    upload: async (png: Uint8Array) => {
      const blob = new Blob([new Uint8Array(png)], { type: 'image/png' })
      const file = await call(z.object({ urls: z.object({ get: z.string() }) }), () =>
        client.files.create(blob),
      )
      return file.urls.get
    },
  }
}

function faultResponse(fault: FaultFields): Response {
  return new Response('', { status: FAULT_STATUS, headers: { [FAULT_HEADER]: JSON.stringify(fault) } })
}

function faultOf(response: Response, body: string): FaultFields {
  const fields = [...new Set([...body.matchAll(/\binput\.(\w{1,40})/g)].map(([, name = '']) => name))].slice(
    0,
    5,
  )
  return { status: response.status, retryAfterMs: retryAfterOf(response, body), fields }
}

/** From the header, the newer bodies' `retry_after`, or the sentence "resets in ~30s". */
function retryAfterOf(response: Response, body: string): number {
  const header = response.headers.get('retry-after')
  if (header !== null && /^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header ?? '')
  if (!Number.isNaN(date)) return Math.max(0, date - Date.now())
  const said =
    /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(body) ?? /resets in ~?\s*(\d+(?:\.\d+)?)\s*s/.exec(body)
  return said?.[1] === undefined ? DEFAULT_RETRY_AFTER_MS : Number(said[1]) * 1000
}

function fieldsOf(error: unknown): FaultFields {
  const nothing = { status: 0, retryAfterMs: 0, fields: [] }
  if (!(error instanceof Error) || !('response' in error) || !(error.response instanceof Response))
    return nothing
  const header = error.response.headers.get(FAULT_HEADER)
  const fault = faultSchema.safeParse(header === null ? undefined : JSON.parse(header))
  return fault.success ? fault.data : nothing
}

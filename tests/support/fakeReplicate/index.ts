/**
 * A stand-in for Replicate on loopback, for tests and for trying the bot without an account: real HTTP, the answers and
 * faults of the real one as far as they are known. Written from the public description of the API and the contract.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { savedPicture } from './comfyui.ts'
import { fakeModels, faultsOf, type FakeModel } from './models.ts'
import {
  newPrediction,
  pictureOf,
  swapped,
  statusOf,
  viewOf,
  type Ending,
  type FakePrediction,
} from './predictions.ts'

export const TOKEN = 'r8_FakeTokenThatMustNeverBePrintedAnywhere'

/** What the fake does wrong, each until it is set back; functions decide for one request. */
export type Faults = {
  /** The status of every answer under a path. */
  status: (request: SeenRequest) => number | undefined
  /** A header of those answers. */
  retryAfter: string | undefined
  /** The prediction is created, but its answer never comes. */
  dropCreate: () => boolean
  /** The line drops before anything was done. */
  dropBefore: (request: SeenRequest) => boolean
  ending: (input: Record<string, unknown>) => Ending
  gone: (model: string) => boolean
  /** Instead of the address of a finished picture. */
  output: (address: string) => unknown
  file: (response: ServerResponse) => boolean
  /** A face swap that finds no face gives the target back. */
  noFace: boolean
}

export type SeenRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: string }

export type FakeOptions = {
  port?: number
  /** Times are divided by this. */
  speed?: number
  coldMs?: number
  predictMs?: number
  retentionMs?: number
  /** Creates allowed in a window; the real ones are 600 a minute, and 6 without a payment method. */
  limit?: { count: number; windowMs: number }
}

export type FakeReplicate = Awaited<ReturnType<typeof startFakeReplicate>>

export async function startFakeReplicate(options: FakeOptions = {}) {
  const { speed = 1, coldMs = 0, predictMs = 3000, retentionMs = 3_600_000 } = options
  const requests: SeenRequest[] = []
  const predictions: FakePrediction[] = []
  const files = new Map<string, Buffer>()
  const faults: Faults = {
    status: () => undefined,
    retryAfter: undefined,
    dropCreate: () => false,
    dropBefore: () => false,
    ending: () => 'succeeded',
    gone: () => false,
    output: (address) => address,
    file: () => false,
    noFace: false,
  }
  const settings = {
    coldMs,
    predictMs,
    retentionMs,
    limit: options.limit ?? { count: 600, windowMs: 60_000 },
    token: TOKEN,
  }
  let created: number[] = []

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const { pathname, searchParams } = new URL(request.url ?? '/', origin)
    const method = request.method ?? 'GET'
    const seen = { method, path: pathname, headers: request.headers, body: body.toString('latin1') }
    requests.push(seen)
    if (faults.dropBefore(seen)) return void response.destroy()
    if (pathname.startsWith('/files/')) return await sendFile(pathname, response)
    const status = faults.status(seen)
    // As nasty as it can be: the answer repeats the key.
    if (status !== undefined)
      return json(
        response,
        status,
        { title: 'Error', detail: `You sent ${request.headers.authorization} to /srv/api/main.py`, status },
        faults.retryAfter === undefined ? {} : { 'retry-after': faults.retryAfter },
      )
    if (request.headers.authorization !== `Bearer ${settings.token}`)
      return json(response, 401, {
        title: 'Unauthenticated',
        detail: `You did not pass a valid authentication token: ${request.headers.authorization}`,
        status: 401,
      })
    const route = `${method} ${pathname.replace(/^\/v1/, '')}`
    if (route === 'GET /account')
      return json(response, 200, { type: 'organization', username: 'art-class', name: 'Art class' })
    if (route === 'POST /files') return storeFile(body, response)
    if (route === 'GET /predictions') return list(searchParams, response)
    const [, id, cancel] = /^\w+ \/predictions\/(\w+)(\/cancel)?$/.exec(route) ?? []
    if (id !== undefined) return one(id, cancel !== undefined, response)
    if (route === 'POST /predictions') return await create(seen, undefined, response)
    const [, official] = /^POST \/models\/([^/]+\/[^/]+)\/predictions$/.exec(route) ?? []
    if (official !== undefined) return await create(seen, official, response)
    const [, name, versions, version] =
      /^GET \/models\/([^/]+\/[^/]+)(\/versions)?(?:\/(\w+))?$/.exec(route) ?? []
    if (name !== undefined) return showModel(name, versions !== undefined, version, response)
    return notFound(response)
  }

  function json(
    response: ServerResponse,
    status: number,
    value: unknown,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(value))
  }
  const notFound = (response: ServerResponse) =>
    json(response, 404, {
      title: 'Not found',
      detail: 'The requested resource could not be found.',
      status: 404,
    })

  function showModel(
    name: string,
    wantsVersions: boolean,
    version: string | undefined,
    response: ServerResponse,
  ): void {
    const model = fakeModels.find((each) => each.name === name)
    if (!model || faults.gone(name)) return notFound(response)
    const [owner, short] = name.split('/')
    const view = (id: string) => ({
      id,
      created_at: '2024-01-01T00:00:00.000000Z',
      cog_version: '0.9.0',
      openapi_schema: { components: { schemas: { Input: { type: 'object', properties: model.input } } } },
    })
    if (version !== undefined)
      return model.versions.includes(version) ? json(response, 200, view(version)) : notFound(response)
    if (wantsVersions)
      return json(response, 200, {
        previous: null,
        next: null,
        results: model.versions.toReversed().map(view),
      })
    const latest = view(model.versions.at(-1) ?? '0'.repeat(64))
    return json(response, 200, {
      owner,
      name: short,
      is_official: model.versions.length === 0,
      visibility: 'public',
      latest_version: latest,
    })
  }

  async function create(
    seen: SeenRequest,
    official: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const now = Date.now()
    created = created.filter((time) => time > now - settings.limit.windowMs)
    if (created.length >= settings.limit.count) {
      const seconds = Math.max(0, ((created[0] ?? now) + settings.limit.windowMs - now) / 1000)
      const rounded = Math.round(seconds * 1000) / 1000
      return json(response, 429, {
        title: '',
        detail: `Request was throttled. Your rate limit resets in ~${rounded}s.`,
        status: 429,
        retry_after: rounded,
      })
    }
    const sent = JSON.parse(seen.body) as { version?: string; input?: Record<string, unknown> }
    const input = sent.input ?? {}
    const found = official === undefined ? byVersion(sent.version ?? '') : byName(official)
    if (!found || faults.gone(found.model.name))
      return json(response, 422, {
        title: 'Invalid version or not permitted',
        detail: 'The specified version does not exist',
        status: 422,
      })
    const broken = faultsOf(found.model, input)
    if (broken.length > 0) {
      const detail = broken.map(({ field, says }) => `- ${field}: ${says}`).join('\n')
      const invalid = broken.map(({ field, says }) => ({ type: 'invalid', field, description: says }))
      return json(response, 422, {
        title: 'Input validation failed',
        detail,
        status: 422,
        invalid_fields: invalid,
      })
    }
    created.push(now)
    const cancelAfter = /^(\d+)s$/.exec(String(seen.headers['cancel-after'] ?? ''))?.[1]
    const prediction = newPrediction(
      { ...found, input },
      {
        coldMs: settings.coldMs / speed,
        predictMs: settings.predictMs / speed,
        predictTime: settings.predictMs / 1000,
        ending: faults.ending(input),
        cancelAfterMs: cancelAfter === undefined ? 1_800_000 : Number(cancelAfter) * 1000,
      },
    )
    predictions.push(prediction)
    if (faults.dropCreate()) return void response.destroy()
    const prefer = /wait(?:=(\d+))?/.exec(String(seen.headers['prefer'] ?? ''))
    if (prefer) await held(prediction, Number(prefer[1] ?? 60) * 1000)
    return json(response, 201, viewOf(prediction, origin, settings.retentionMs))
  }

  /** `Prefer: wait` holds the answer until the end, at most so long. */
  async function held(prediction: FakePrediction, ms: number): Promise<void> {
    const until = Date.now() + ms
    while (Date.now() < until && ['starting', 'processing'].includes(statusOf(prediction)))
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  const byName = (name: string): { model: FakeModel; version: undefined } | undefined => {
    const model = fakeModels.find((each) => each.name === name && each.versions.length === 0)
    return model && { model, version: undefined }
  }
  const byVersion = (asked: string): { model: FakeModel; version: string } | undefined => {
    const id = asked.split(':').at(-1) ?? ''
    const model = fakeModels.find(({ versions }) => versions.includes(id))
    return model && { model, version: id }
  }

  function list(params: URLSearchParams, response: ServerResponse): void {
    const after = Date.parse(params.get('created_after') ?? '')
    const results = predictions
      .filter(({ createdAt }) => Number.isNaN(after) || createdAt > after)
      .toReversed()
      .slice(0, 100)
      .map((each) => viewOf(each, origin, settings.retentionMs))
    json(response, 200, { previous: null, next: null, results })
  }

  function one(id: string, isCancel: boolean, response: ServerResponse): void {
    const prediction = predictions.find((each) => each.id === id)
    if (!prediction) return notFound(response)
    if (isCancel && ['starting', 'processing'].includes(statusOf(prediction)))
      prediction.canceledAt = Date.now()
    const view = viewOf(prediction, origin, settings.retentionMs)
    if (Array.isArray(view['output']) && view['output'].length > 0)
      view['output'] = view['output'].map((address) => faults.output(String(address)))
    return json(response, 200, view)
  }

  function storeFile(body: Buffer, response: ServerResponse): void {
    const start = body.indexOf('\x89PNG', 0, 'latin1')
    const end = body.indexOf('IEND', start, 'latin1') + 8
    const id = `file${files.size + 1}`
    files.set(id, body.subarray(start, end))
    const get = `${origin}/v1/files/${id}`
    json(response, 201, {
      id,
      content_type: 'image/png',
      size: end - start,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      urls: { get },
    })
  }

  function uploaded(address: unknown): Buffer | undefined {
    const name = typeof address === 'string' ? /file\d+$/.exec(address)?.[0] : undefined
    return name === undefined ? undefined : files.get(name)
  }

  async function sendFile(pathname: string, response: ServerResponse): Promise<void> {
    if (faults.file(response)) return
    const prediction = predictions.find(({ id }) => pathname.includes(id))
    if (!prediction || Date.now() - prediction.createdAt > settings.retentionMs) return notFound(response)
    if (prediction.workflow !== undefined) {
      const saved = await savedPicture(prediction.workflow, pathname.split('/').at(-1) ?? '')
      if (!saved) return notFound(response)
      return void response.writeHead(200, { 'content-type': 'image/png' }).end(saved)
    }
    const { input, model } = prediction
    const picture = model.swapsFaces
      ? await swapped(uploaded(input['input_image']), faults.noFace)
      : await pictureOf(input, uploaded(input['image']))
    response.writeHead(200, { 'content-type': 'image/png' }).end(picture)
  }

  return {
    apiUrl: `${origin}/v1`,
    origin,
    /** For `replicateFileHosts`. */
    fileHost: `127.0.0.1:${port}`,
    token: TOKEN,
    requests,
    predictions,
    faults,
    settings,
    files,
    /** POSTs that ask for a picture. */
    purchases: () =>
      requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/predictions')),
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

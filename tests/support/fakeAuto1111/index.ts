/**
 * A stand-in for AUTOMATIC1111 and Forge with their traps (auto1111 contract), over real HTTP on 127.0.0.1.
 * `npm run fake:auto1111` starts it by hand.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createEngine, Raised, type Engine, type Fault } from './engine.ts'
import { scriptList, type FakeFaces } from './faces.ts'
import * as lists from './lists.ts'

export type FakeOptions = {
  program?: 'a1111' | 'forge' | 'sdnext' | 'sdcpp'
  port?: number
  msPerStep?: number
  /** `--api-auth`, as user:password. */
  auth?: string
  /** False: started without `--api`. */
  api?: boolean
  /** `--nowebui`: no /internal routes. */
  noWebUi?: boolean
  models?: lists.FakeModel[]
  subpath?: string
  /** Older than 1.9: no schedulers. */
  isOld?: boolean
  /** The extensions that swap faces; absent: none. */
  faces?: Partial<FakeFaces>
}

export type FakeAuto1111 = {
  url: string
  /** As the bot is given it, with user and password. */
  address: string
  engine: Engine
  models: lists.FakeModel[]
  faces: FakeFaces
  requests: { method: string; path: string; body: Record<string, unknown> }[]
  /** Bodies of txt2img and img2img so far. */
  jobs(): Record<string, unknown>[]
  fail(fault: Fault): void
  /** Accepts requests from now on, and never answers one. */
  hang(): void
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

type Body = Record<string, unknown>

export async function startFakeAuto1111(options: FakeOptions = {}): Promise<FakeAuto1111> {
  const { program = 'a1111', models = lists.fakeModels(), msPerStep = 5, subpath = '' } = options
  const isForge = program === 'forge'
  const faces: FakeFaces = { scripts: {}, source: 1, target: 1, ...options.faces }
  const engine = createEngine({ models, msPerStep, isForge, faces })
  const requests: FakeAuto1111['requests'] = []
  let isHanging = false
  const server = createServer((request, response) => void serve(request, response))
  engine.onCrash(() => void close())
  engine.onHang(() => void (isHanging = true))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const path = url.pathname.slice(subpath.length)
    const body = (request.headers['content-type'] === 'application/json' ? await json(request) : {}) as Body
    requests.push({ method: request.method ?? '', path, body })
    if (isHanging) return
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof value === 'string' ? value : JSON.stringify(value))
    }
    try {
      if (!url.pathname.startsWith(subpath) || !isMounted(path)) return send(404, { detail: 'Not Found' })
      if (isProtected(path) && !isLetIn(request))
        throw new Raised('HTTPException', 'Incorrect username or password', 401)
      const [first] = engine.faults
      if (path.endsWith('2img') && first?.kind === 'answer') {
        engine.faults.shift()
        response.writeHead(first.status ?? 200, first.headers)
        return void response.end(first.body)
      }
      const found = await answer(request.method ?? '', path, body, url)
      if (found === undefined) return send(404, { detail: 'Not Found' })
      send(200, found.value)
    } catch (error) {
      if (!(error instanceof Raised)) throw error
      send(error.status, errorBody(error))
    }
  }

  function errorBody({ python, message }: Raised): object {
    const isHttp = python === 'HTTPException'
    // Forge has switched the middleware of AUTOMATIC1111 off (section 12).
    if (isForge) return isHttp ? { detail: message } : { error: python, detail: '', body: '', message }
    return { error: python, detail: isHttp ? message : '', body: '', errors: isHttp ? '' : message }
  }

  function isMounted(path: string): boolean {
    if (path.startsWith('/internal/')) return options.noWebUi !== true
    if (path === '/') return options.noWebUi !== true
    return options.api !== false
  }

  /** `--api-auth` covers the routes of the Api class only (section 2). */
  const isProtected = (path: string) =>
    options.auth !== undefined && path.startsWith('/sdapi/') && !path.endsWith('loras')
  const isLetIn = ({ headers }: IncomingMessage) =>
    headers.authorization === `Basic ${Buffer.from(options.auth ?? '').toString('base64')}`

  async function answer(
    method: string,
    path: string,
    body: Body,
    url: URL,
  ): Promise<{ value: unknown } | undefined> {
    if (path === '/') return { value: '<html>Stable Diffusion</html>' }
    if (path === '/sdcpp/v1/capabilities')
      return program === 'sdcpp' ? { value: { features: [] } } : undefined
    if (path === '/sdapi/v1/version') return program === 'sdnext' ? { value: { app: 'sd.next' } } : undefined
    const extension = /^\/(reactor|roop)\/models$/.exec(path)?.[1] as 'reactor' | 'roop' | undefined
    if (extension) {
      const list = faces.scripts[extension]
      return list && { value: { models: list } }
    }
    if (path === '/internal/ping') return { value: {} }
    if (path === '/internal/pending-tasks')
      return { value: { size: engine.tasks.pending.size, tasks: [...engine.tasks.pending] } }
    if (path === '/internal/progress') return { value: await internalProgress(body) }
    const name = path.replace('/sdapi/v1/', '')
    if (method === 'POST') return await post(name, body)
    return await get(name, url)
  }

  async function post(name: string, body: Body): Promise<{ value: unknown } | undefined> {
    if (name === 'txt2img' || name === 'img2img')
      return { value: await engine.generate(body, name === 'img2img') }
    if (name === 'interrupt') {
      // Hits whoever is running (section 8).
      engine.state.interrupted = true
      return { value: {} }
    }
    return undefined
  }

  async function get(name: string, url: URL): Promise<{ value: unknown } | undefined> {
    const found: Record<string, unknown> = {
      'sd-models': models,
      samplers: lists.samplers,
      ...(options.isOld ? {} : { schedulers: lists.schedulers }),
      ...(isForge ? { 'sd-modules': lists.vaes } : { 'sd-vae': lists.vaes }),
      loras: lists.loras,
      upscalers: lists.upscalers,
      'latent-upscale-modes': lists.latentModes,
      'prompt-styles': lists.styles,
      embeddings: lists.embeddings,
      scripts: scriptList(faces),
      options: engine.opts,
    }
    if (name in found) return { value: found[name] }
    if (name !== 'progress') return undefined
    const skips = url.searchParams.get('skip_current_image') === 'true'
    const { image } = skips ? { image: undefined } : await engine.currentImage('png')
    return {
      value: {
        // Unlike /internal/progress it begins at 0.01 while something runs.
        progress: engine.state.job_count === 0 ? 0 : Math.min(1, engine.progress() + 0.01),
        eta_relative: 0,
        state: engine.state,
        current_image: image?.toString('base64') ?? null,
        textinfo: null,
      },
    }
  }

  async function internalProgress(body: Body): Promise<object> {
    const id = String(body['id_task'])
    const { tasks } = engine
    const active = tasks.current === id
    const place = { active, queued: tasks.pending.has(id), completed: tasks.finished.includes(id) }
    if (!active)
      return { ...place, id_live_preview: -1, textinfo: place.queued ? 'In queue: 1/1' : 'Waiting...' }
    const format = String(engine.opts['live_previews_image_format'])
    const { id: previewId, image } =
      body['live_preview'] === false ? { id: -1, image: undefined } : await engine.currentImage(format)
    const isNew = image !== undefined && previewId !== body['id_live_preview']
    return {
      ...place,
      progress: engine.progress(),
      eta: null,
      live_preview: isNew ? `data:image/${format};base64,${image.toString('base64')}` : null,
      id_live_preview: previewId,
      textinfo: null,
    }
  }

  async function close(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}${subpath}`
  return {
    url,
    address:
      options.auth === undefined
        ? url
        : url.replace('//', `//${options.auth.split(':').map(encodeURIComponent).join(':')}@`),
    engine,
    models,
    faces,
    requests,
    jobs: () => requests.filter(({ path }) => path.endsWith('2img')).map(({ body }) => body),
    fail: (fault) => void engine.faults.push(fault),
    hang: () => void (isHanging = true),
    close,
  }
}

/** Serves the files of the page and the attachments of messages. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { contentType } from './media.ts'
import { fileFolder } from './files.ts'
import type { State } from './state.ts'

const PAGE_DIR = fileURLToPath(new URL('page', import.meta.url))

const PAGE_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Kinds of attachments that a browser may show; all others are only saved, so that none can run as a page of ours. */
const SHOWN = /^(image\/(png|jpeg|gif|webp|avif)|video\/(mp4|webm)|audio\/(mpeg|ogg)|text\/plain)/

/** Nothing is loaded from, sent to or framed by any other place. */
function pagePolicy(origin: string): string {
  const { host, port } = new URL(origin)
  const live = `ws://${host} ws://localhost:${port}`
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self'",
    "font-src 'self'",
    `connect-src 'self' ${live}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const SAFE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

const OTHER_SITE = new Set(['cross-site', 'same-site'])

/** Another site may link to the page, but not load its parts. */
export function isFromOtherSite(request: IncomingMessage): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers
  return OTHER_SITE.has(String(site)) && mode !== 'navigate'
}

export async function servePage(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const file = pageFile(url.pathname)
  const type = file && PAGE_TYPES[path.extname(file)]
  if (!file || !type) return refuse(response, 404)
  await serveFile(request, response, file, {
    ...SAFE,
    'content-type': type,
    'content-security-policy': pagePolicy(state.origin),
    'cache-control': 'no-cache',
  })
}

/** A file inside the page's folder, or undefined. */
function pageFile(pathname: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return undefined
  }
  const file = path.join(PAGE_DIR, decoded.endsWith('/') ? `${decoded}index.html` : decoded)
  const isInside = file.startsWith(PAGE_DIR + path.sep) && !decoded.includes('\0')
  return isInside && !path.basename(file).startsWith('.') ? file : undefined
}

export async function serveAttachment(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const match = /^\/attachments\/(\d+)\/(\d+)\/([^/]+)$/.exec(url.pathname)
  const filename = match?.[3] && decodeURIComponent(match[3])
  if (!match || !filename || path.basename(filename) !== filename || filename.startsWith('.'))
    return refuse(response, 404)
  const file = path.join(fileFolder(state, match[1] ?? '', match[2] ?? ''), filename)
  const type = contentType(filename, '')
  const isShown = SHOWN.test(type)
  await serveFile(request, response, file, {
    ...SAFE,
    'content-type': isShown ? type : 'application/octet-stream',
    ...(isShown ? {} : { 'content-disposition': 'attachment' }),
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=31536000, immutable',
  })
}

async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  headers: Record<string, string>,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405)
  if (isFromOtherSite(request)) return refuse(response, 403)
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) return refuse(response, 404)
  response.writeHead(200, { ...headers, 'content-length': info.size })
  if (request.method === 'HEAD') return void response.end()
  // A browser that goes away in the middle is no failure.
  await pipeline(createReadStream(file), response).catch(() => response.destroy())
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...SAFE, 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`)
}

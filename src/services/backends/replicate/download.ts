/**
 * Fetches a finished picture at once (Replicate deletes it after an hour) and trusts nothing about it: host, size and
 * kind are checked, and what is kept was decoded and written anew (replicate contract, section 3).
 */
import sharp, { type Sharp } from 'sharp'
import { BackendError } from '../../../errors.ts'

const MAX_BYTES = 30_000_000
const MAX_PIXELS = 4096 * 4096
const FRAME_SIDE = 256
const MAX_REDIRECTS = 3
const TIMEOUT_MS = 60_000
const ATTEMPTS = 3

export type Download = { png: Uint8Array; width: number; height: number }

type Options = { hosts: readonly string[]; signal: AbortSignal; maxBytes?: number | undefined }

/** @throws BackendError bad-response when it is no picture or comes from elsewhere, unavailable when it does not come */
export async function download(address: string, options: Options): Promise<Download> {
  const picture = await open(address, options)
  const { data, info } = await written(picture.png())
  return { png: data, width: info.width, height: info.height }
}

/** As WebP of at most 256 px. @throws as `download` */
export async function downloadFrame(address: string, options: Options): Promise<Uint8Array> {
  const picture = await open(address, options)
  const small = picture.resize(FRAME_SIDE, FRAME_SIDE, { fit: 'inside', withoutEnlargement: true })
  return (await written(small.webp({ quality: 80 }))).data
}

async function open(address: string, { hosts, signal, maxBytes = MAX_BYTES }: Options): Promise<Sharp> {
  const bytes = await fetchPicture(address, hosts, signal, maxBytes)
  if (!isPicture(bytes)) throw bad('The file from Replicate is not a picture.')
  return sharp(bytes, { limitInputPixels: MAX_PIXELS })
}

async function written(picture: Sharp) {
  try {
    return await picture.toBuffer({ resolveWithObject: true })
  } catch {
    throw bad('The picture from Replicate is damaged.')
  }
}

async function fetchPicture(
  address: string,
  hosts: readonly string[],
  signal: AbortSignal,
  maxBytes: number,
) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(
        address,
        hosts,
        AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        maxBytes,
      )
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof BackendError && error.kind !== 'unavailable') throw error
      if (attempt >= ATTEMPTS) throw away()
    }
  }
}

async function fetchOnce(
  address: string,
  hosts: readonly string[],
  signal: AbortSignal,
  maxBytes: number,
): Promise<Buffer> {
  let url = allowed(address, hosts)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    // Without the API's token: the files are open to whoever knows the address.
    const response = await fetch(url, { redirect: 'manual', signal })
    const target = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && target !== null) {
      await response.body?.cancel()
      url = allowed(new URL(target, url).href, hosts)
      continue
    }
    if (response.status === 404 || response.status === 410)
      throw bad('The picture is not at Replicate any more.')
    if (!response.ok) throw away()
    return await readLimited(response, maxBytes)
  }
  throw bad('The picture at Replicate is moved about too often.')
}

/** What may be asked: https, on the hosts of the settings and below them. Loopback (a stand-in) may do without https. */
function allowed(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || url.username !== '' || url.password !== '')
    throw bad('The picture from Replicate has no proper address.')
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)
  const isKnown = hosts.some((entry) => {
    const host = entry.toLowerCase()
    return url.host === host || url.host.endsWith(`.${host}`)
  })
  if (!isSecure || !isKnown)
    throw bad('The picture lies on a host from which pictures are not taken (REPLICATE_FILE_HOSTS).')
  return url
}

async function readLimited(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw bad('The picture from Replicate is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** PNG, JPEG or WebP by their first bytes: what a server calls a file is not asked. */
function isPicture(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 12).toString('latin1')
  return (
    head.startsWith('\x89PNG\r\n\x1a\n') ||
    head.startsWith('\xff\xd8\xff') ||
    (head.startsWith('RIFF') && head.endsWith('WEBP'))
  )
}

const bad = (detail: string) => new BackendError('replicate', 'bad-response', detail)
const away = () =>
  new BackendError('replicate', 'unavailable', 'The picture could not be fetched from Replicate.')

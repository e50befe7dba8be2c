/**
 * Addresses of attachment files. Kept messages hold a placeholder instead of host and port, which may differ after a
 * restart; what goes out is signed like Discord's (`ex`, `is`, `hm`), so that nobody relies on an address ending in
 * the file's name. The signature is not checked.
 */
import { createHash } from 'node:crypto'

const PLACEHOLDER = 'classroom-file:'
const DAY_S = 24 * 60 * 60

/** The kept form of the address of a file. */
export const keptAddress = (channelId: string, attachmentId: string, filename: string): string =>
  `${PLACEHOLDER}/attachments/${channelId}/${attachmentId}/${encodeURIComponent(filename)}`

const kept = /classroom-file:(\/attachments\/\d+\/\d+\/[^"\\?\s<>)]+)/g

/** The value with full addresses. They stay the same for a day, so that pages need not load pictures again. */
export function withAddresses<T>(value: T, origin: string, now: number): T {
  const issued = Math.floor(now / 1000 / DAY_S) * DAY_S
  const hex = (seconds: number) => seconds.toString(16)
  const text = JSON.stringify(value).replaceAll(kept, (_, path: string) => {
    const hm = createHash('sha256').update(`${path}${issued}`).digest('hex')
    return `${origin}${path}?ex=${hex(issued + 2 * DAY_S)}&is=${hex(issued)}&hm=${hm}`
  })
  return JSON.parse(text) as T
}

/** The kept form of one of our own addresses that a bot sends back; any other address as it is. */
export function toKeptAddress(url: string, origin: string): string {
  const path = url.startsWith(origin) ? url.slice(origin.length).split('?')[0] : undefined
  return path?.startsWith('/attachments/') ? `${PLACEHOLDER}${path}` : url
}

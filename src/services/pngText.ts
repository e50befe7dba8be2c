/**
 * Text inside PNG files: the chunks tEXt and iTXt of the PNG specification (third edition, 11.3.3).
 * They go before the first IDAT, because some readers (sharp among them) do not keep later ones.
 */
import { crc32, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** What a program that reads no further than this can be trusted with: larger texts are not ours. */
const MAX_INFLATED = 1_000_000
/** Of all texts together, unpacked: a file of 2 MB can hold two thousand packed texts of 1 MB each. */
const MAX_TEXTS = 8_000_000
const MOST_TEXTS = 300

/** A picture of 4096 x 4096 in pieces of 8 kB has about 6,000. */
const MOST_CHUNKS = 20_000
/** What pictures of image programs are made of; none of these says who made them or how. */
const PICTURE_CHUNKS = ['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'cHRM', 'IDAT', 'IEND']

type Chunk = { type: string; data: Buffer; start: number }

/**
 * Adds texts by keyword (1 to 79 Latin-1 characters): as tEXt when Latin-1 can hold them, else as iTXt (UTF-8).
 * @throws Error when the bytes are not a PNG
 */
export function addPngText(png: Uint8Array, texts: Record<string, string>): Buffer {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const firstData = chunks(file).find(({ type }) => type === 'IDAT')
  if (!firstData) throw new Error('not a PNG with a picture in it')
  const added = Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text))
  return Buffer.concat([file.subarray(0, firstData.start), ...added, file.subarray(firstData.start)])
}

/**
 * All texts by keyword; of two with the same keyword the first. A compressed one that is broken or grows beyond 1 MB is left out, and
 * so is all that comes after 8 MB of text.
 * @throws Error when the bytes are not a PNG
 */
export function readPngText(png: Uint8Array): Record<string, string> {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength)
  const texts = new Map<string, string>()
  let left = MAX_TEXTS
  let looks = 0
  for (const chunk of chunks(file)) {
    const keyword = keywordOf(chunk)
    if (keyword === undefined || texts.has(keyword)) continue
    looks += 1
    if (looks > MOST_TEXTS) break
    const text = readTextChunk(chunk, Math.min(left, MAX_INFLATED))
    if (text === undefined || text.length > left) continue
    left -= text.length
    texts.set(keyword, text)
  }
  return Object.fromEntries(texts)
}

/**
 * The same picture to the bit, without texts and whatever else is in the file, in a fraction of the time that encoding it anew takes.
 * @returns undefined for what is better encoded anew: no PNG, half of one, or one with its own colour profile or several frames
 */
export function barePng(bytes: Uint8Array): Buffer | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isPng(file)) return undefined
  const kept: Buffer[] = []
  let looks = 0
  for (const { type, data, start } of chunks(file)) {
    looks += 1
    if (type === 'iCCP' || type === 'acTL' || looks > MOST_CHUNKS) return undefined
    if (PICTURE_CHUNKS.includes(type)) kept.push(file.subarray(start, start + 12 + data.length))
    // What comes behind the end is no picture.
    if (type === 'IEND') return data.length === 0 ? Buffer.concat([SIGNATURE, ...kept]) : undefined
  }
  return undefined
}

const isPng = (file: Buffer): boolean => file.subarray(0, SIGNATURE.length).equals(SIGNATURE)

function* chunks(file: Buffer): Generator<Chunk> {
  if (!isPng(file)) throw new Error('not a PNG')
  let start = SIGNATURE.length
  while (start + 12 <= file.length) {
    const length = file.readUInt32BE(start)
    const end = start + 8 + length
    if (end + 4 > file.length) return
    yield { type: file.toString('latin1', start + 4, start + 8), data: file.subarray(start + 8, end), start }
    start = end + 4
  }
}

function textChunk(keyword: string, text: string): Buffer {
  const head = Buffer.from(`${keyword}\0`, 'latin1')
  if (isLatin1(text)) return chunk('tEXt', Buffer.concat([head, Buffer.from(text, 'latin1')]))
  // Not compressed, no language, no translated keyword.
  return chunk('iTXt', Buffer.concat([head, Buffer.from([0, 0, 0, 0]), Buffer.from(text, 'utf8')]))
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), framed.length - 4)
  return framed
}

function isLatin1(text: string): boolean {
  for (const character of text) {
    if ((character.codePointAt(0) ?? 0) > 0xff) return false
  }
  return true
}

/** At most 79 bytes (PNG, 11.3.3); undefined for chunks that are no text. */
function keywordOf({ type, data }: Chunk): string | undefined {
  const end = data.subarray(0, 80).indexOf(0)
  return end >= 1 && ['tEXt', 'zTXt', 'iTXt'].includes(type) ? data.toString('latin1', 0, end) : undefined
}

/** @param most bytes that a packed text may have; what is not packed is as long as its chunk */
function readTextChunk({ type, data }: Chunk, most: number): string | undefined {
  const rest = data.subarray(data.indexOf(0) + 1)
  if (type === 'tEXt') return rest.length > MAX_TEXTS ? undefined : rest.toString('latin1')
  if (type === 'zTXt') return inflate(rest.subarray(1), most)?.toString('latin1')
  const language = rest.indexOf(0, 2)
  const translated = rest.indexOf(0, language + 1)
  if (language < 0 || translated < 0) return undefined
  const bytes = rest.subarray(translated + 1)
  if (bytes.length > MAX_TEXTS) return undefined
  return (rest[0] === 1 ? inflate(bytes, most) : bytes)?.toString('utf8')
}

/** Pictures of strangers are read too: one bad text must not hide the others. */
function inflate(data: Buffer, most: number): Buffer | undefined {
  if (most < 1) return undefined
  try {
    return inflateSync(data, { maxOutputLength: most })
  } catch {
    return undefined
  }
}

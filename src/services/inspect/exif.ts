/**
 * The few texts of an EXIF block (TIFF 6.0, EXIF 2.3) in which programs keep recipes: ASCII tags of the first directory (ComfyUI's
 * WebP) and UserComment (AUTOMATIC1111's JPEG, WebP and AVIF). Offsets come from outside and are checked before each read.
 */

const EXIF_DIRECTORY = 0x8769
const USER_COMMENT = 0x9286
const ASCII = 2
const UNDEFINED = 7
const BYTE = 1
/** A directory of a photograph has some tens of tags. */
const MOST_TAGS = 500
/** Of all texts together: five hundred tags may all point to the same megabytes. */
const MOST_BYTES = 4_000_000

type Tag = { id: number; type: number; data: Buffer; pointer: number }

/** ASCII texts of the first directory and the user comment; empty for what is no EXIF block. */
export function readExif(block: Buffer): { texts: string[]; userComment: string | undefined } {
  const tiff = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block
  const order = tiff.toString('latin1', 0, 2)
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return { texts: [], userComment: undefined }
  const isLittle = order === 'II'
  const first = directory(tiff, u32(tiff, 4, isLittle), isLittle)
  const exif = first.find(({ id }) => id === EXIF_DIRECTORY)
  const inner = exif ? directory(tiff, exif.pointer, isLittle) : []
  const comment = [...inner, ...first].find(({ id }) => id === USER_COMMENT)
  const texts: string[] = []
  let left = MOST_BYTES
  for (const { type, data } of first) {
    if (type !== ASCII || data.length > left) continue
    left -= data.length
    texts.push(withoutEnd(data.toString('utf8')))
  }
  return { texts, userComment: comment && decodeComment(comment.data.subarray(0, MOST_BYTES)) }
}

function directory(tiff: Buffer, start: number, isLittle: boolean): Tag[] {
  if (start + 2 > tiff.length) return []
  const count = Math.min(u16(tiff, start, isLittle), MOST_TAGS)
  const tags: Tag[] = []
  for (let at = start + 2; tags.length < count && at + 12 <= tiff.length; at += 12) {
    const type = u16(tiff, at + 2, isLittle)
    const length = u32(tiff, at + 4, isLittle)
    const pointer = u32(tiff, at + 8, isLittle)
    const isText = type === ASCII || type === UNDEFINED || type === BYTE
    // Up to four bytes stand in the tag itself.
    const from = length <= 4 ? at + 8 : pointer
    const data = isText && from + length <= tiff.length ? tiff.subarray(from, from + length) : Buffer.alloc(0)
    tags.push({ id: u16(tiff, at, isLittle), type, data, pointer })
  }
  return tags
}

const u16 = (data: Buffer, at: number, isLittle: boolean) =>
  isLittle ? data.readUInt16LE(at) : data.readUInt16BE(at)
const u32 = (data: Buffer, at: number, isLittle: boolean) =>
  isLittle ? data.readUInt32LE(at) : data.readUInt32BE(at)

/** The first eight bytes name the code. Some programs leave them out. */
function decodeComment(data: Buffer): string {
  const code = data.toString('latin1', 0, 8)
  const text = data.subarray(8)
  if (code === 'UNICODE\0') return withoutEnd(decodeUtf16(text))
  if (code === 'ASCII\0\0\0' || code === '\0'.repeat(8)) return withoutEnd(text.toString('utf8'))
  return withoutEnd(data.toString('utf8'))
}

/** The standard leaves the byte order open and programs disagree, so the reading with more plain letters wins. */
function decodeUtf16(data: Buffer): string {
  const even = data.subarray(0, data.length - (data.length % 2))
  const little = even.toString('utf16le')
  const big = Buffer.from(even).swap16().toString('utf16le')
  return (plainLetters(big) >= plainLetters(little) ? big : little).replace(/^\uFEFF/, '')
}

const plainLetters = (text: string) => text.match(/[ -~\n]/g)?.length ?? 0

/** Not by a regular expression: that looks through a long row of spaces again from each of them. */
function withoutEnd(text: string): string {
  const end = text.length - 1
  let last = end
  while (last >= 0 && (text[last] === '\0' || text[last]?.trim() === '')) last -= 1
  return last === end ? text : text.slice(0, last + 1)
}

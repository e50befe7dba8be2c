/** Picture files with recipes inside, in the form in which each program writes them. Made here, byte by byte; no file of others. */
import sharp from 'sharp'
import { addPngText } from '../../src/services/pngText.ts'

const blank = () => sharp({ create: { width: 16, height: 16, channels: 3, background: 'teal' } })

/** AUTOMATIC1111, Forge, ComfyUI and Darkroom write texts by keyword. */
export const pngWith = async (texts: Record<string, string>): Promise<Buffer> =>
  addPngText(await blank().png().toBuffer(), texts)

/** How a program writes the user comment: AUTOMATIC1111 in big-endian UTF-16; others little-endian, or in plain bytes. */
export type CommentCode = 'UTF-16BE' | 'UTF-16LE' | 'ASCII' | 'none'

/** JPEG with the recipe as the EXIF user comment. */
export async function jpegWith(comment: string, code: CommentCode = 'UTF-16BE'): Promise<Buffer> {
  const jpeg = await blank().jpeg().toBuffer()
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), commentExif(comment, code)])
  const head = Buffer.alloc(4)
  head.writeUInt16BE(0xffe1, 0)
  head.writeUInt16BE(block.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)])
}

/** WebP with an EXIF block. */
export async function webpWith(exif: Buffer): Promise<Buffer> {
  const webp = await blank().webp().toBuffer()
  // The extended header: it has EXIF (bit 3), and width and height minus one in three bytes each.
  const extended = Buffer.from([0x08, 0, 0, 0, 15, 0, 0, 15, 0, 0])
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    riffChunk('VP8X', extended),
    webp.subarray(12),
    riffChunk('EXIF', exif),
  ])
  return riffChunk('RIFF', body)
}

/** AVIF with the recipe as the EXIF user comment: libheif takes it over from a JPEG. */
export const avifWith = async (comment: string): Promise<Buffer> =>
  sharp(await jpegWith(comment))
    .keepExif()
    .avif()
    .toBuffer()

/** ComfyUI's saved WebP: "workflow:…" as the camera's maker, "prompt:…" as its model. */
export const comfyExif = (prompt: string, workflow: string): Buffer =>
  tiff([
    [0x010f, Buffer.from(`workflow:${workflow}\0`)],
    [0x0110, Buffer.from(`prompt:${prompt}\0`)],
  ])

/** An EXIF block whose second directory holds the user comment. */
export function commentExif(comment: string, code: CommentCode): Buffer {
  const utf16 = Buffer.from(comment, 'utf16le')
  const bytes = {
    'UTF-16BE': () => Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), Buffer.from(utf16).swap16()]),
    'UTF-16LE': () => Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), utf16]),
    ASCII: () => Buffer.concat([Buffer.from('ASCII\0\0\0', 'latin1'), Buffer.from(comment, 'utf8')]),
    none: () => Buffer.from(comment, 'utf8'),
  }[code]()
  return tiff([], bytes)
}

/** Big-endian TIFF: a first directory of ASCII tags, which may point to a second one with the user comment. */
function tiff(ascii: [tag: number, text: Buffer][], comment?: Buffer): Buffer {
  const tags = ascii.length + (comment ? 1 : 0)
  const directory = Buffer.alloc(2 + tags * 12 + 4)
  directory.writeUInt16BE(tags, 0)
  const extra: Buffer[] = []
  let end = 8 + directory.length
  const place = (data: Buffer) => {
    const at = end
    extra.push(data)
    end += data.length
    return at
  }
  const write = (index: number, [tag, type, count, value]: [number, number, number, number]) => {
    directory.writeUInt16BE(tag, 2 + index * 12)
    directory.writeUInt16BE(type, 4 + index * 12)
    directory.writeUInt32BE(count, 6 + index * 12)
    directory.writeUInt32BE(value, 10 + index * 12)
  }
  for (const [index, [tag, text]] of ascii.entries()) write(index, [tag, 2, text.length, place(text)])
  if (comment) {
    const inner = Buffer.alloc(2 + 12 + 4)
    inner.writeUInt16BE(1, 0)
    inner.writeUInt16BE(0x9286, 2)
    inner.writeUInt16BE(7, 4)
    inner.writeUInt32BE(comment.length, 6)
    inner.writeUInt32BE(end + inner.length, 10)
    write(ascii.length, [0x8769, 4, 1, place(inner)])
    place(comment)
  }
  return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), directory, ...extra])
}

function riffChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

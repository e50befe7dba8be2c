/** From the bytes of a picture file to the texts kept inside it. No pixel is decoded. */
import sharp from 'sharp'
import { UserError } from '../../errors.ts'
import { readPngText } from '../pngText.ts'
import { readExif } from './exif.ts'
import type { PictureFormat } from './found.ts'

export type PictureTexts = {
  format: PictureFormat
  /** By keyword, as in PNG; `UserComment` for the one in EXIF, `prompt` and `workflow` also from ComfyUI's WebP. */
  texts: Record<string, string>
  /** The file holds a signed note about its origin (Content Credentials). */
  hasCredentials: boolean
}

/**
 * The kind of file by its first bytes, and its texts.
 * @throws UserError invalid-options when it is no picture that can be read
 */
export async function textsIn(bytes: Uint8Array): Promise<PictureTexts> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const format = formatOf(file)
  if (!format) {
    throw new UserError(
      'invalid-options',
      'This file is not a picture that I can read; please attach a PNG, JPEG, WebP, AVIF or GIF.',
    )
  }
  const texts = { ...(await exifTexts(file)), ...(format === 'PNG' ? readPngText(file) : {}) }
  return { format, texts, hasCredentials: file.includes('c2pa') && file.includes('jumb') }
}

function formatOf(file: Buffer): PictureFormat | undefined {
  const begin = file.toString('latin1', 0, 16)
  if (begin.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG'
  if (begin.startsWith('\xff\xd8\xff')) return 'JPEG'
  if (begin.startsWith('RIFF') && begin.slice(8, 12) === 'WEBP') return 'WebP'
  if (/^ftyp(avi[fs]|mif1)/.test(begin.slice(4))) return 'AVIF'
  if (/^GIF8[79]a/.test(begin)) return 'GIF'
  return undefined
}

async function exifTexts(file: Buffer): Promise<Record<string, string>> {
  const { exif } = await sharp(file, { failOn: 'none', limitInputPixels: false })
    .metadata()
    .catch(() => ({ exif: undefined }))
  if (!exif) return {}
  const { texts, userComment } = readExif(exif)
  const found: Record<string, string> = {}
  // ComfyUI puts "prompt:{...}" and "workflow:{...}" into the tags for a camera's maker and model.
  for (const text of texts) {
    const [, keyword, value] = /^(prompt|workflow):([^]*)$/i.exec(text) ?? []
    if (keyword && value) found[keyword.toLowerCase()] = value
  }
  return userComment ? { ...found, UserComment: userComment } : found
}

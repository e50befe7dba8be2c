/** Uploads: how many, how large, and whether each `attachment://name` has its file. */
import { asObject, asObjects, asText, tooLong } from './errors.ts'
import type { Json, RuleError } from './errors.ts'

/** `field` is the form field, `files[3]`; without it the place in the list counts. */
export type UploadedFile = { name: string; size: number; field?: string }

const MEBIBYTE = 2 ** 20
const MAX_FILES = 10
const MAX_FILE_BYTES = 10 * MEBIBYTE
const MAX_REQUEST_BYTES = 25 * MEBIBYTE

const entityTooLarge: RuleError = { path: [], code: '40005', message: 'Request entity too large' }

const uploadIndex = (file: UploadedFile, place: number): string =>
  /^files\[([0-9]+)\]$/.exec(file.field ?? '')?.[1] ?? String(place)

/** The attachments that the message already has and keeps: all, or those that `attachments` names. */
const keptAttachments = (body: Json, existing: Json[]): Json[] => {
  if (!Array.isArray(body.attachments)) return existing
  const named = new Set(asObjects(body.attachments).map((attachment) => String(attachment.id)))
  return existing.filter((attachment) => named.has(String(attachment.id)))
}

/** At most 10 files, 10 MiB (or `limit`) each, 25 MiB together. */
export function checkFiles(
  body: Json,
  files: UploadedFile[],
  existing: Json[] = [],
  limit = MAX_FILE_BYTES,
): RuleError[] {
  const errors: RuleError[] = []
  if (files.length + keptAttachments(body, existing).length > MAX_FILES) {
    errors.push(tooLong(['attachments'], MAX_FILES))
  }
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  if (bytes > MAX_REQUEST_BYTES || files.some((file) => file.size > limit)) errors.push(entityTooLarge)
  return errors
}

/** Names that `attachment://` may use: of this request's files (renamed by `attachments`) and of those kept. */
export function attachmentNames(body: Json, files: UploadedFile[], existing: Json[] = []): Set<string> {
  const described = asObjects(body.attachments)
  const names = files.map((file, place) => {
    const index = uploadIndex(file, place)
    const renamed = described.find((attachment) => String(attachment.id) === index)?.filename
    return asText(renamed) || file.name
  })
  return new Set([...names, ...keptAttachments(body, existing).map((one) => asText(one.filename))])
}

/** Every `attachment://name` anywhere in components and embeds, with the path of its `url`. */
export function checkReferences(body: Json, names: Set<string>): RuleError[] {
  const errors: RuleError[] = []
  const visit = (value: unknown, path: string[]): void => {
    if (Array.isArray(value)) return value.forEach((item, i) => visit(item, [...path, String(i)]))
    const object = asObject(value)
    if (object === undefined) return
    for (const [key, child] of Object.entries(object)) {
      if (key !== 'url' || typeof child !== 'string') visit(child, [...path, key])
      else if (child.startsWith('attachment://') && !names.has(child.slice('attachment://'.length))) {
        errors.push({
          path: [...path, key],
          code: 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
          message: `The referenced attachment '${child.slice('attachment://'.length)}' was not found`,
        })
      }
    }
  }
  visit(body.components, ['components'])
  visit(body.embeds, ['embeds'])
  return errors
}

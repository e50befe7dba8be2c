/** Rules for a whole message: what its fields may be together. */
import { checkComponents } from './components.ts'
import { asObject, asObjects, asText, lengthOf, tooLong, under } from './errors.ts'
import type { Json, RuleError } from './errors.ts'
import { attachmentNames, checkFiles, checkReferences } from './files.ts'
import type { UploadedFile } from './files.ts'

const COMPONENTS_V2 = 1 << 15

const MAX_CONTENT = 2000
const MAX_EMBED_TEXT = 6000
const MAX_FORUM_TAGS = 5
const FORWARD = 1

/** The message that an edit starts from, as far as the rules look at it. */
export type ExistingMessage = {
  flags?: number
  content?: string
  attachments?: readonly object[]
  embeds?: readonly object[]
  components?: readonly object[]
  poll?: unknown
  sticker_items?: readonly object[]
}

export type MessageContext = {
  kind: 'channel' | 'webhook' | 'callback'
  isEdit?: boolean
  existing?: ExistingMessage
  /** Bytes that one file may have; 10 MiB when not given. */
  fileSizeLimit?: number
}

/**
 * Checks a message to be sent or edited. In an edit, fields that the body leaves out keep the value of `existing`.
 * Sources: Discord's message and component documentation; the sum of V2 texts is practice.
 */
export function checkMessage(body: Json, files: UploadedFile[], context: MessageContext): RuleError[] {
  const existing: Json = context.isEdit === true ? { ...context.existing } : {}
  const attachments = asObjects(existing.attachments)
  const v2 = ((Number(body.flags) | Number(existing.flags)) & COMPONENTS_V2) !== 0
  return [
    ...(lengthOf(body.content) > MAX_CONTENT ? [tooLong(['content'], MAX_CONTENT)] : []),
    ...checkEmbeds(body),
    ...checkMentions(body),
    ...checkComponents(body.components, v2),
    ...(v2 ? checkLegacyFields(body, existing) : []),
    ...checkFiles(body, files, attachments, context.fileSizeLimit),
    ...checkReferences(body, attachmentNames(body, files, attachments)),
    ...checkNotEmpty(body, files, existing),
  ]
}

/** A post in a forum: the thread's tags and its first message. */
export function checkForumPost(body: Json, files: UploadedFile[] = []): RuleError[] {
  const tags = Array.isArray(body.applied_tags) ? body.applied_tags.length : 0
  return [
    ...(tags > MAX_FORUM_TAGS ? [tooLong(['applied_tags'], MAX_FORUM_TAGS)] : []),
    ...under(['message'], checkMessage(asObject(body.message) ?? {}, files, { kind: 'channel' })),
  ]
}

const embedLength = (embed: Json): number =>
  lengthOf(embed.title) +
  lengthOf(embed.description) +
  lengthOf(asObject(embed.footer)?.text) +
  lengthOf(asObject(embed.author)?.name) +
  asObjects(embed.fields).reduce((sum, field) => sum + lengthOf(field.name) + lengthOf(field.value), 0)

const checkEmbeds = (body: Json): RuleError[] => {
  const length = asObjects(body.embeds).reduce((sum, embed) => sum + embedLength(embed), 0)
  if (length <= MAX_EMBED_TEXT) return []
  return [
    {
      path: ['embeds'],
      code: 'MAX_EMBED_SIZE_EXCEEDED',
      message: `Embed size exceeds maximum size of ${MAX_EMBED_TEXT}`,
    },
  ]
}

const checkMentions = (body: Json): RuleError[] => {
  const mentions = asObject(body.allowed_mentions) ?? {}
  const parse = Array.isArray(mentions.parse) ? mentions.parse : []
  return ['users', 'roles'].flatMap((kind) => {
    const ids = mentions[kind]
    if (!parse.includes(kind) || !Array.isArray(ids) || ids.length === 0) return []
    return [
      {
        path: ['allowed_mentions'],
        code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        message: `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      },
    ]
  })
}

const isFilled = (value: unknown): boolean =>
  typeof value === 'string' || Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null

/** The value a field has after the request. */
const after = (body: Json, existing: Json, key: string): unknown => (key in body ? body[key] : existing[key])

/** With the V2 flag only components show; the older fields must be empty, also those that the message had before. */
const checkLegacyFields = (body: Json, existing: Json): RuleError[] =>
  ['content', 'embeds', 'poll', 'sticker_ids']
    .filter((key) => isFilled(after(body, existing, key)))
    .map((key) => ({
      path: [key],
      code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      message: `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    }))

const checkNotEmpty = (body: Json, files: UploadedFile[], existing: Json): RuleError[] => {
  const forwards = asObject(body.message_reference)?.type === FORWARD
  const filled =
    files.length > 0 ||
    asText(after(body, existing, 'content')).trim() !== '' ||
    [
      'embeds',
      'components',
      'poll',
      'sticker_ids',
      'sticker_items',
      'attachments',
      'shared_client_theme',
    ].some((key) => isFilled(after(body, existing, key)))
  return filled || forwards ? [] : [{ path: [], code: '50006', message: 'Cannot send an empty message' }]
}

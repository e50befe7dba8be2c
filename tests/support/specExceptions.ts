/**
 * Where correct traffic and Discord's OpenAPI document differ: the one list of known false positives, with reasons.
 * Nothing is excepted anywhere else.
 */
import type { Schema, Spec } from './specDocument.ts'

export type SpecException = { name: string; reason: string; apply: (spec: Spec) => void }

const FIELD_ERRORS = '_errors'
const PERMISSION_KEYS = ['allow', 'deny', 'permissions', 'default_member_permissions']

/** Every schema object of the document, nested ones included. */
function* nodes(value: unknown): Generator<Schema> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Schema
  for (const child of Object.values(value)) yield* nodes(child)
}

export const specExceptions: SpecException[] = [
  {
    name: 'permission bits as strings in requests',
    reason:
      'Typed integer in the document, but its README says that integers may be sent as strings, the documentation shows strings, and every library sends strings because the bits exceed 2^53.',
    apply(spec) {
      for (const node of nodes(spec)) {
        for (const key of PERMISSION_KEYS) {
          const field = (node.properties as Record<string, Schema> | undefined)?.[key]
          if (!Array.isArray(field?.type) || !field.type.includes('integer')) continue
          field.type = [...(field.type as string[]), 'string']
          field.pattern = '^[0-9]+$'
        }
      }
    },
  },
  {
    name: 'forwarded messages',
    reason: 'MessageReferenceType lists 0 only; the documentation has 1 (FORWARD) since 2024.',
    apply(spec) {
      const kinds = spec.components.schemas.MessageReferenceType?.oneOf as Schema[]
      kinds.push({ title: 'FORWARD', const: 1 })
    },
  },
  {
    name: 'names as codes of field errors',
    reason:
      'The items of `_errors` are typed with an integer code; Discord answers with names such as BASE_TYPE_REQUIRED (documentation, "Error Messages").',
    apply(spec) {
      const inner = spec.components.schemas.InnerErrors?.properties as Record<string, Schema>
      inner[FIELD_ERRORS] = {
        type: 'array',
        items: {
          type: 'object',
          properties: { code: { type: ['string', 'integer'] }, message: { type: 'string' } },
          required: ['code', 'message'],
        },
      }
    },
  },
]

/** Keys that the document does not name but correct traffic has; `where` is "METHOD /route/{id} request /pointer". */
export const undeclaredKeys: { where: RegExp; reason: string }[] = [
  {
    where: /commands.* request (?:\/\d+)?\/nsfw$/,
    reason: 'The documentation has `nsfw` on commands; the request schemas lack it.',
  },
  {
    where: / request .*\/emoji\/animated$/,
    reason: 'discord.js sends emoji as it received them, `animated` included.',
  },
  {
    where: /(?:PATCH|callback|webhooks|threads).* request (?:\/data|\/message)?\/(?:tts|enforce_nonce)$/,
    reason:
      'discord.js builds every message body alike; Discord ignores these two where they have no meaning.',
  },
  {
    where: /messages\/\{message_id\}\/threads request \/type$/,
    reason: 'discord.js sends the type of the thread also where the parent message decides it.',
  },
  { where: /permissions\/\{overwrite_id\} request \/id$/, reason: 'discord.js repeats the id of the path.' },
]

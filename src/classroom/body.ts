/** Reads request bodies: JSON, or multipart with one JSON part and files. */
import type { IncomingMessage } from 'node:http'
import { asObject } from './rules/errors.ts'
import type { Json, Upload } from './types.ts'

/** A little over Discord's 25 MiB, which the rules check; beyond that nothing is read. */
const MOST_BYTES = 32 * 2 ** 20

export type Body = { type: 'json' | 'multipart' | 'none'; value: unknown; uploads: Upload[] }

export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly reason: 'too-large' | 'invalid'

  constructor(reason: 'too-large' | 'invalid') {
    super(reason)
    this.reason = reason
  }
}

/** `jsonPart`: the multipart field that holds the JSON. @throws BodyError */
export async function readBody(request: IncomingMessage, jsonPart: string): Promise<Body> {
  const bytes = await readBytes(request)
  const type = request.headers['content-type'] ?? ''
  if (bytes.byteLength === 0) return { type: 'none', value: undefined, uploads: [] }
  if (!type.startsWith('multipart/form-data'))
    return { type: 'json', value: parse(bytes.toString()), uploads: [] }
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw new BodyError('invalid')
    })
  const fields = [...form]
  const json = form.get(jsonPart)
  const value =
    typeof json === 'string'
      ? parse(json)
      : Object.fromEntries(fields.filter(([, field]) => typeof field === 'string'))
  const uploads = await Promise.all(
    fields.flatMap(([field, file]) => (typeof file === 'string' ? [] : [readUpload(field, file)])),
  )
  return { type: 'multipart', value, uploads }
}

export const bodyObject = ({ value }: Body): Json => asObject(value) ?? {}

async function readUpload(field: string, file: File): Promise<Upload> {
  const data = new Uint8Array(await file.arrayBuffer())
  return { field, name: file.name, type: file.type, size: data.byteLength, data }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).byteLength
    if (size > MOST_BYTES) throw new BodyError('too-large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BodyError('invalid')
  }
}

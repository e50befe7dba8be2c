/** Faces for practice that need nobody's consent: invented people, and one picture with three of them. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UserError } from '../../errors.ts'

const practiceFace = z.strictObject({
  name: z.string().regex(/^[a-z]+$/),
  file: z.string(),
  title: z.string(),
  author: z.string(),
  year: z.int(),
  licence: z.string(),
  source: z.string(),
  /** Alt text. */
  description: z.string(),
  /** How many faces the picture shows. */
  faces: z.int(),
})

export type PracticeFace = z.infer<typeof practiceFace>

const folder = new URL('../../../data/faces/', import.meta.url)
let known: readonly PracticeFace[] | undefined

/** All of them, in the order in which they are offered. */
export function practiceFaces(): readonly PracticeFace[] {
  known ??= z.array(practiceFace).parse(JSON.parse(readFileSync(new URL('faces.json', folder), 'utf8')))
  return known
}

/**
 * The picture file (JPEG) of one of them.
 * @throws UserError when there is none of that name
 */
export async function practicePicture(name: string): Promise<Uint8Array> {
  const face = practiceFaces().find((one) => one.name === name)
  if (face === undefined) {
    const names = practiceFaces().map((one) => one.name)
    throw new UserError(
      'not-found',
      `There is no practice face "${name}"; please choose one of ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`,
    )
  }
  return readFile(new URL(face.file, folder))
}

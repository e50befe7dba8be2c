/** Where a picture came from and what was made of it: the family, its drawing, and the line of credits. */
import type { DatabaseSync } from 'node:sqlite'
import sharp from 'sharp'
import type { Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Gallery } from './gallery.ts'
import { creditsLine } from './lineage/credits.ts'
import { drawInWorker } from './lineage/drawInWorker.ts'
import { createFamilies, type Family } from './lineage/family.ts'
import { familyAlt, familyInNumbers } from './lineage/words.ts'

export type FamilyTree = {
  family: Family
  /** E.g. "5 pictures by Ben, Mei and Noor". */
  summary: string
  /** One line of plain text without backticks: whose pictures it came from. */
  credits: string
  /** PNG, at most 4096 px a side and 8 MB. */
  image: { name: string; data: Buffer; alt: string }
}

export type Lineage = {
  /** The family alone, at most 100 pictures of the same server. */
  family(picture: Picture): Family
  /**
   * The family with its drawing. One is drawn at a time.
   * @throws UserError not-found when the picture is deleted meanwhile; the signal's reason
   */
  of(picture: Picture, signal: AbortSignal): Promise<FamilyTree>
}

const THUMB = 256
/** Large files are opened some at a time. */
const AT_ONCE = 4
/** How often a drawing is begun again because one of its pictures was deleted meanwhile. */
const TRIES = 3

export function createLineage(options: {
  database: DatabaseSync
  gallery: Pick<Gallery, 'get' | 'ofJob' | 'png'>
}): Lineage {
  const { database, gallery } = options
  const familyOf = createFamilies(database, gallery)
  let turn: Promise<unknown> = Promise.resolve()

  async function draw(picture: Picture, signal: AbortSignal): Promise<FamilyTree> {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted()
      if (!gallery.get(picture.id)) throw new UserError('not-found', 'This picture has just been deleted.')
      const family = familyOf(picture)
      const { ancestry, ...shown } = family
      const data = await drawInWorker({ family: shown, thumbs: await thumbsOf(family) }, signal)
      signal.throwIfAborted()
      // What is deleted while it is being drawn is not shown either.
      const isStill = [...shown.members, ...ancestry.members].every(
        (member) => !member.picture || gallery.get(member.id),
      )
      if (isStill || tries === TRIES) {
        if (!isStill)
          throw new UserError(
            'not-found',
            'Pictures of this family are just being deleted; please try again.',
          )
        return {
          family,
          summary: familyInNumbers(shown),
          credits: creditsLine(family),
          image: { name: `lineage-${picture.id}.png`, data, alt: familyAlt(shown) },
        }
      }
    }
  }

  async function thumbsOf({ members }: Family): Promise<Map<string, Uint8Array>> {
    const thumbs = new Map<string, Uint8Array>()
    const left = members.filter(({ picture }) => picture)
    const work = async () => {
      for (let member = left.pop(); member; member = left.pop()) {
        const thumb = await thumbOf(member.id)
        if (thumb) thumbs.set(member.id, thumb)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return thumbs
  }

  /** Undefined when the file is gone or damaged: its card stays without a picture. */
  async function thumbOf(id: string): Promise<Buffer | undefined> {
    try {
      const file = await gallery.png({ id })
      return await sharp(file)
        .resize(THUMB, THUMB, { fit: 'inside', kernel: 'lanczos3' })
        .png({ compressionLevel: 1 })
        .toBuffer()
    } catch {
      return undefined
    }
  }

  return {
    family: familyOf,
    of(picture, signal) {
      const drawn = turn.then(() => draw(picture, signal))
      turn = drawn.catch(() => undefined)
      return drawn
    },
  }
}

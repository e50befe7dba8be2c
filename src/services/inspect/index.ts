/** Reading the recipe out of any picture, explaining it, and offering to make it here. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { isDrawing, type Picture } from '../../domain.ts'
import type { Backends } from '../backends.ts'
import type { Gallery } from '../gallery.ts'
import { newId } from '../ids.ts'
import type { Found } from './found.ts'
import { inWords } from './inWords.ts'
import { optionsHere, type Here } from './optionsHere.ts'
import { promptInWords } from './promptWords.ts'
import { readRecipe } from './readRecipe.ts'

export type { Found } from './found.ts'
export type { Here } from './optionsHere.ts'

/** What a button "Make it here" does, kept for when it is pressed. */
export type Offer = Here & {
  /** Ours, of which it is another copy. */
  pictureId?: string | undefined
}

export type Inspect = {
  /** @throws UserError invalid-options when the bytes are no picture that can be read */
  read(bytes: Uint8Array): Promise<Found>
  /** The picture of this class that a file is a copy of: its name says which, and its recipe must be the same. */
  ours(found: Found, fileName: string, guildId: string): Picture | undefined
  /** Every setting, then every sign in the prompt, in plain words. `escape`: how words of the file are shown. */
  inWords(found: Found, escape: (words: string) => string): { settings: string[]; prompt: string[] }
  /** What of it can be made here. `classModel` draws where its own model is not here. */
  here(found: Found, classModel: string | undefined): Here
  /** @returns the id by which the offer is found again within a week */
  keep(offer: Offer): string
  /** Undefined when it is too old. */
  offer(id: string): Offer | undefined
}

const WEEK_MS = 7 * 24 * 60 * 60_000

const offerSchema = z.object({
  options: z.looseObject({ prompt: z.string() }),
  unmatched: z.array(z.string()),
  pictureId: z.string().optional(),
})

export function createInspect({
  database,
  backends,
  gallery,
  now = Date.now,
}: {
  database: DatabaseSync
  backends: Pick<Backends, 'models'>
  gallery: Pick<Gallery, 'get'>
  now?: () => number
}): Inspect {
  const insert = database.prepare('INSERT INTO offers VALUES ($id, $offer, $at)')
  const forget = database.prepare('DELETE FROM offers WHERE created_at < ?')
  const select = database.prepare('SELECT offer FROM offers WHERE id = ? AND created_at >= ?')

  return {
    read: readRecipe,
    ours(found, fileName, guildId) {
      const id = /\bpicture-([0-9a-z]{1,32})\./.exec(fileName)?.[1]
      const picture = id && found.tool === 'Darkroom' ? gallery.get(id) : undefined
      if (!picture || picture.guildId !== guildId || !isDrawing(picture)) return undefined
      const { seed, steps, model } = picture.recipe
      const { recipe } = found
      const isSame = recipe?.seed === String(seed) && recipe.steps === steps && recipe.model === model
      return isSame ? picture : undefined
    },
    inWords: (found, escape) => ({
      settings: inWords(found, escape),
      prompt: promptInWords(found, escape),
    }),
    here: (found, classModel) => optionsHere(found, backends.models(), classModel),
    keep(offer) {
      const id = newId()
      forget.run(now() - WEEK_MS)
      insert.run({ id, offer: JSON.stringify(offer), at: now() })
      return id
    },
    offer(id) {
      const row = select.get(id, now() - WEEK_MS)
      if (!row) return undefined
      const { options, ...rest } = offerSchema.parse(JSON.parse(String(row['offer'])))
      // Written by us from ImagineOptions; imagine.parse checks every value again.
      return { options, ...rest }
    },
  }
}

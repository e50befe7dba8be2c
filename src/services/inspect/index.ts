/** Reading the recipe out of any picture, explaining it, and offering to make it here. */
import { isDrawing, type Picture } from '../../domain.ts'
import type { Backends } from '../backends.ts'
import type { Gallery } from '../gallery.ts'
import type { Found } from './found.ts'
import { inWords } from './inWords.ts'
import { optionsHere, type Here } from './optionsHere.ts'
import { promptInWords } from './promptWords.ts'
import { readRecipe } from './readRecipe.ts'

export type { Found } from './found.ts'
export type { Here } from './optionsHere.ts'

export type Inspect = {
  /** @throws UserError invalid-options when the bytes are no picture that can be read */
  read(bytes: Uint8Array): Promise<Found>
  /** The picture of this class that a file is a copy of: its name says which, and its recipe must be the same. */
  ours(found: Found, fileName: string, guildId: string): Picture | undefined
  /** Every setting, then every sign in the prompt, in plain words. `escape`: how words of the file are shown. */
  inWords(found: Found, escape: (words: string) => string): { settings: string[]; prompt: string[] }
  /** What of it can be made here. `classModel` draws where its own model is not here. */
  here(found: Found, classModel: string | undefined): Here
}

export function createInspect({
  backends,
  gallery,
}: {
  backends: Pick<Backends, 'models'>
  gallery: Pick<Gallery, 'get'>
}): Inspect {
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
  }
}

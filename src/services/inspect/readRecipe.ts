/** From the bytes of a picture to its recipe, whichever program made it. */
import { UnreadableGraph } from './comfyGraph.ts'
import { recipeOfGraph } from './comfyRecipe.ts'
import type { Found, FoundRecipe } from './found.ts'
import { recipeOfInfotext } from './infotextRecipe.ts'
import { recipeOfOthers } from './otherTools.ts'
import { SWAP_DESCRIPTION } from '../infotext.ts'
import { textsIn, type PictureTexts } from './texts.ts'

const NO_RECIPE = [
  'There is no recipe in this file.',
  'Programs that draw write it beside the pixels, and it is easily lost: a preview or a thumbnail of a chat, a screenshot, a picture ' +
    'changed in another program, or a website that saves pictures anew has none.',
  'If you have it, attach the original file: open the picture in full size, download it, and attach that.',
]
const SWAP = {
  tool: 'Darkroom',
  why: [
    'It is a face swap: the face of one picture was put onto another one.',
    'A swap has no recipe, because it is not drawn out of noise: no prompt and no seed would make it again.',
    'If it was made in this class, press “How was this made?” under its message; that shows the two faces, the points and the blend.',
  ],
}
const BY_A_MACHINE = 'The file says that a machine made it, but not how.'

/**
 * What a picture file says about how it was made. Nothing in it is run and no pixel is decoded.
 * @throws UserError invalid-options when the bytes are no PNG, JPEG, WebP, AVIF or GIF
 */
export async function readRecipe(bytes: Uint8Array): Promise<Found> {
  const picture = await textsIn(bytes)
  const { format, texts } = picture
  const written = texts['parameters'] ?? texts['UserComment']
  const read =
    (written === undefined ? undefined : recipeOfInfotext(written)) ??
    recipeOfOthers(texts) ??
    comfy(texts) ??
    (texts['Description'] === SWAP_DESCRIPTION ? SWAP : undefined)
  if (read && 'recipe' in read) return { format, ...read, why: [] }
  return { format, tool: read?.tool, recipe: undefined, why: read?.why ?? whyNot(picture, written) }
}

type Read = { recipe: FoundRecipe; tool: string } | { tool: string; why: string[] }

function comfy(texts: Record<string, string>): Read | undefined {
  const comment = texts['UserComment']?.trimStart().startsWith('{') ? texts['UserComment'] : undefined
  const graphs = [texts['prompt'], comment, texts['workflow']].filter(
    (text) => text !== undefined && /"(class_type|nodes)"/.test(text),
  )
  if (graphs.length === 0) return undefined
  // CivitAI's own generator is a ComfyUI that adds this.
  const tool = comment?.includes('"extraMetadata"') ? 'CivitAI' : 'ComfyUI'
  const why: string[] = []
  for (const graph of graphs) {
    try {
      const recipe = recipeOfGraph(graph as string)
      if (recipe) return { recipe, tool }
      why.push(
        'Its workflow has no sampler that I know, so I cannot tell the settings; open the file in ComfyUI to see it.',
      )
    } catch (error) {
      if (!(error instanceof UnreadableGraph)) throw error
      why.push(error.message)
    }
  }
  return { tool, why: [...new Set(why)].slice(0, 1) }
}

function whyNot({ texts, hasCredentials }: PictureTexts, written: string | undefined): string[] {
  const isByMachine = hasCredentials || (texts['XML:com.adobe.xmp'] ?? '').includes('trainedAlgorithmicMedia')
  if (written?.trim()) {
    return [
      'It was made by something that I do not know: there is a text in it, but not in a form that I can read as a recipe.',
      `The text begins: “${written.trim().replaceAll(/\s+/g, ' ').slice(0, 300)}”`,
    ]
  }
  return isByMachine ? [BY_A_MACHINE, ...NO_RECIPE] : NO_RECIPE
}

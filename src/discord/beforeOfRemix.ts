/** The picture that a remix began from, as it is shown beside it. */
import sharp from 'sharp'
import { isDrawing, isSwap, type Job, type Parent, type Picture } from '../domain.ts'
import type { Services } from '../services/index.ts'
import { plain, shorten } from './render/blocks.ts'
import type { Finished } from './render/result.ts'
import { whatWasAsked } from './render/whatWasAsked.ts'

/** Wide enough to be looked at beside the remix; the kept picture itself stays with Darkroom. */
const LONGEST_SIDE = 768

/** Generations that are followed back. */
const MOST_GENERATIONS = 100

/** Undefined for everything that is no remix, and when the picture is gone. */
export async function beforeOf(
  { inputs, gallery }: Pick<Services, 'inputs' | 'gallery'>,
  { request, asker, parents }: Pick<Job, 'request' | 'asker' | 'parents'>,
): Promise<Finished['before']> {
  if (isSwap(request) || request.initImage === undefined) return undefined
  const kept = await inputs.png(request.initImage).catch(() => undefined)
  if (!kept) return undefined
  const whose = inWords(originOf(request.initImage, { author: asker, parents }, gallery))
  const data = await sharp(kept)
    .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85 })
    .toBuffer()
  // Nothing of the name that the file had, and nothing that looks like the name of a picture.
  const name = `before-${request.initImage.slice(0, 12)}.webp`
  return { file: { name, data, description: `Before: ${whose.alt}` }, whose: whose.markdown }
}

type Origin = { picture: Picture } | { broughtBy: string } | 'deleted'

/** Back over Again, Vary and Change, which begin from the same picture, to the remix that took it. */
function originOf(
  id: string,
  begun: Pick<Picture, 'author' | 'parents'>,
  gallery: Pick<Services['gallery'], 'get'>,
): Origin {
  let child = begun
  for (let generation = 0; generation < MOST_GENERATIONS; generation++) {
    const before = ({ pictureId }: Parent) => gallery.get(pictureId)
    const beganFrom = (picture: Picture | undefined) =>
      picture && isDrawing(picture) && picture.recipe.initImage === id
    // An experiment about strength begins from the picture itself, unless that one began from another.
    const remixed = child.parents.find(
      (parent) =>
        parent.relation === 'remix' || (parent.relation === 'experiment' && !beganFrom(before(parent))),
    )
    if (remixed) {
      const picture = before(remixed)
      return picture ? { picture } : 'deleted'
    }
    const known = child.parents.map(before)
    const sibling = known.find(beganFrom)
    if (!sibling) return known.includes(undefined) ? 'deleted' : { broughtBy: child.author.name }
    child = sibling
  }
  return 'deleted'
}

function inWords(origin: Origin): { alt: string; markdown: string } {
  if (origin === 'deleted') {
    const words = 'a picture that was deleted since'
    return { alt: words, markdown: words }
  }
  if ('broughtBy' in origin) {
    const name = origin.broughtBy
    return {
      alt: `a picture that ${name} brought`,
      markdown: `a picture that **${plain(name, 60)}** brought`,
    }
  }
  const { author, recipe } = origin.picture
  return {
    alt: `a picture by ${author.name}: ${isSwap(recipe) ? 'a face swap' : shorten(recipe.prompt, 600)}`,
    markdown: `a picture by **${plain(author.name, 60)}**, ${whatWasAsked(recipe, 100)}`,
  }
}

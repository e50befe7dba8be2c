/** One picture of a family tree: its thumbnail, who made it, and what was asked for. */
import { isSwap } from '../../domain.ts'
import { palette } from '../explain/palette.ts'
import { rect } from '../explain/svg.ts'
import { textPath, textWidth } from '../explain/text.ts'
import { drawableOr, drawnName, textLines, wrapped } from './drawText.ts'
import type { Member } from './family.ts'
import type { Form, Geometry, Point } from './geometry.ts'
import type { Placed } from './layout.ts'

const PAD = 12
const AUTHOR = { size: 24, weight: 'semiBold' } as const
const WORDS = { size: 21, leading: 26 }
const TAG = { size: 18, weight: 'semiBold' } as const

export function drawCard(geometry: Geometry, placed: Placed): string {
  const { form } = geometry
  const at = geometry.corner(placed)
  const { member } = placed.tree
  const box = { ...at, width: form.width, height: form.height }
  if (!member.picture) {
    return (
      outlined(box, { fill: palette.ground, colour: palette.grid, dash: '10 8' }) + deletedWords(form, at)
    )
  }
  const edge = member.isAsked ? { colour: palette.layout, width: 6 } : { colour: palette.grid, width: 2 }
  return outlined(box, { fill: palette.panel, ...edge }) + wordsOf(member, form, at)
}

/** Over the thumbnails: which picture was asked for is said in words, too. */
export function drawTag(geometry: Geometry, placed: Placed): string {
  if (!placed.tree.member.isAsked || !placed.tree.member.picture) return ''
  const { x, y } = geometry.corner(placed)
  const words = 'this picture'
  const width = textWidth(words, TAG) + 20
  // On the corner, beside the arrow, where it hides next to nothing of the picture.
  const left = x + geometry.form.width + 10 - width
  return (
    rect({ x: left, y: y - 18, width, height: 30 }, palette.layout, 10) +
    textPath(words, left + 10, y + 3, { ...TAG, fill: palette.ground })
  )
}

export const thumbCorner = (geometry: Geometry, placed: Placed): Point => {
  const { x, y } = geometry.corner(placed)
  return { x: x + PAD, y: y + PAD }
}

function wordsOf({ picture }: Member, form: Form, { x, y }: Point): string {
  if (!picture) return ''
  const isTall = form.name === 'tall'
  const left = x + PAD + (isTall ? 0 : form.thumb + 16)
  const top = y + PAD + (isTall ? form.thumb + 28 : 24)
  const width = x + form.width - PAD - left
  const [author = ''] = wrapped(drawnName(picture.author.name), width, 1, AUTHOR)
  const said = isSwap(picture.recipe) ? 'a face swap' : drawableOr(picture.recipe.prompt, 'in another script')
  const words = wrapped(said, width, isTall ? 2 : 4, WORDS)
  return (
    textPath(author, left, top, AUTHOR) + textLines(words, left, top + 30, { ...WORDS, fill: palette.quiet })
  )
}

function deletedWords(form: Form, { x, y }: Point): string {
  const lines = wrapped('a deleted picture', form.width - 2 * PAD, 2, WORDS)
  const middle = y + form.height / 2 + 7 - ((lines.length - 1) * WORDS.leading) / 2
  return textLines(lines, x + form.width / 2, middle, { ...WORDS, fill: palette.quiet, anchor: 'middle' })
}

type Edge = { fill: string; colour: string; width?: number; dash?: string }

function outlined(
  { x, y, width, height }: Point & { width: number; height: number },
  { fill, colour, width: stroke = 2, dash }: Edge,
): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="12" fill="${fill}" stroke="${colour}" stroke-width="${stroke}"${dashes}/>`
}

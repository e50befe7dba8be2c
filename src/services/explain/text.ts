/**
 * Text as glyph outlines, so that a picture has the same pixels on every machine: sharp's own text follows the fonts and the
 * hinting settings that fontconfig finds, even with `fontfile`, and SVG <text> draws boxes where no font is installed.
 */
import { readFileSync } from 'node:fs'
import { palette } from './palette.ts'
import { readTrueType, type TrueTypeFont } from './trueType.ts'

export type Weight = 'regular' | 'semiBold'

const files: Record<Weight, string> = {
  regular: 'IBMPlexSans-Regular.ttf',
  semiBold: 'IBMPlexSans-SemiBold.ttf',
}
const loaded = new Map<Weight, TrueTypeFont>()

function font(weight: Weight): TrueTypeFont {
  const known = loaded.get(weight)
  if (known) return known
  const fresh = readTrueType(readFileSync(new URL(`../../../data/fonts/${files[weight]}`, import.meta.url)))
  loaded.set(weight, fresh)
  return fresh
}

export type TextStyle = { size: number; weight?: Weight; fill?: string; anchor?: 'start' | 'middle' | 'end' }

/** Width of a line of text in pixels. */
export function textWidth(text: string, { size, weight = 'regular' }: TextStyle): number {
  const face = font(weight)
  let width = 0
  for (const character of text) width += face.advance(face.glyphIndex(character.codePointAt(0) ?? 0))
  return (width * size) / face.unitsPerEm
}

/** True when the shipped font has every character; others are drawn as a box. */
export function canDraw(text: string, weight: Weight = 'regular'): boolean {
  return Array.from(text).every((character) => font(weight).glyphIndex(character.codePointAt(0) ?? 0) !== 0)
}

/** One line of text as an SVG path; (x, y) is where its baseline starts, is centred or ends. */
export function textPath(text: string, x: number, y: number, style: TextStyle): string {
  const { size, weight = 'regular', fill = palette.text, anchor = 'start' } = style
  const face = font(weight)
  const scale = size / face.unitsPerEm
  const share = { start: 0, middle: 0.5, end: 1 }[anchor]
  let pen = x - share * textWidth(text, style)
  let path = ''
  for (const character of text) {
    const glyph = face.glyphIndex(character.codePointAt(0) ?? 0)
    for (const contour of face.contours(glyph)) {
      path += contourPath(
        contour,
        (px) => round(pen + px * scale),
        (py) => round(y - py * scale),
      )
    }
    pen += face.advance(glyph) * scale
  }
  return `<path fill="${fill}" d="${path}"/>`
}

const round = (value: number) => Math.round(value * 100) / 100

type Contour = ReturnType<TrueTypeFont['contours']>[number]

/** Quadratic curves; between two control points in a row lies an implied point on the curve. */
function contourPath(contour: Contour, toX: (x: number) => number, toY: (y: number) => number): string {
  const first = contour[0]
  const last = contour.at(-1)
  if (!first || !last) return ''
  const middle = (a: Contour[number], b: Contour[number]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  const start = first.onCurve ? first : last.onCurve ? last : middle(first, last)
  let path = `M${toX(start.x)} ${toY(start.y)}`
  contour.forEach((point, i) => {
    if (point.onCurve) {
      path += `L${toX(point.x)} ${toY(point.y)}`
      return
    }
    const next = contour[(i + 1) % contour.length] ?? first
    const end = next.onCurve ? next : middle(point, next)
    path += `Q${toX(point.x)} ${toY(point.y)} ${toX(end.x)} ${toY(end.y)}`
  })
  return `${path}Z`
}

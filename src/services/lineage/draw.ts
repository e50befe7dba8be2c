/** A family as one picture: cards with thumbnails, parents above their children, what changed at every arrow. */
import sharp from 'sharp'
import { palette } from '../explain/palette.ts'
import { canvas, type Box } from '../explain/svg.ts'
import { textPath } from '../explain/text.ts'
import { drawCard, drawTag, thumbCorner } from './drawCard.ts'
import { drawLines } from './drawLines.ts'
import { drawnName, wrapped } from './drawText.ts'
import type { Family } from './family.ts'
import { forestOf, type Forest } from './forest.ts'
import { bestGeometry, MARGIN, type Geometry } from './geometry.ts'
import { familyInNumbers, familyTitle } from './words.ts'

/** `thumbs`: small copies of the files by picture id, in any format; whose file is gone has none. */
export type DrawTask = { family: Omit<Family, 'ancestry'>; thumbs: ReadonlyMap<string, Uint8Array> }

/** Some servers take 8 MB at most. */
const MOST_BYTES = 7_800_000

/** PNG, at most 4096 px a side and 8 MB. Half a second of one core for a hundred, so it runs in a thread of its own. */
export async function drawFamily({ family, thumbs }: DrawTask, mostBytes = MOST_BYTES): Promise<Buffer> {
  const forest = forestOf(family)
  const geometry = bestGeometry(forest, family.members.length)
  const { scale, layout } = geometry
  const size = { width: Math.floor(geometry.width * scale), height: Math.floor(geometry.height * scale) }
  const placed = [...layout.placed.values()]
  const scaled = (shapes: string) => `<g transform="scale(${scale})">${shapes}</g>`
  const below = [
    heading(geometry, family, forest),
    drawLines(geometry, forest),
    ...placed.map((each) => drawCard(geometry, each)),
  ]
  const pictures = await Promise.all(
    placed.flatMap((each) => {
      const thumb = thumbs.get(each.tree.member.id)
      if (!thumb) return []
      const { x, y } = thumbCorner(geometry, each)
      const side = geometry.form.thumb * scale
      return [fitted(thumb, { x: x * scale, y: y * scale, width: side, height: side })]
    }),
  )
  const tags = placed.map((each) => drawTag(geometry, each)).join('')
  const over = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${scaled(tags)}</svg>`
  const drawing = await canvas(size.width, size.height, scaled(below.join('')))
    .composite([...pictures, { input: Buffer.from(over), left: 0, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return small(drawing.data, drawing.info, mostBytes)
}

async function fitted(thumb: Uint8Array, box: Box) {
  const [width, height] = [Math.floor(box.width), Math.floor(box.height)]
  const input = await sharp(thumb)
    .resize(width, height, { fit: 'contain', background: palette.ground })
    .flatten({ background: palette.ground })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return { input, left: Math.round(box.x), top: Math.round(box.y) }
}

/** As it is; if that is too large with fewer colours, and then with fewer pixels. */
async function small(
  data: Buffer,
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 },
  mostBytes: number,
): Promise<Buffer> {
  const whole = await sharp(data, { raw }).png({ compressionLevel: 6 }).toBuffer()
  if (whole.length <= mostBytes) return whole
  let { width } = raw
  for (;;) {
    const lighter = await sharp(data, { raw }).resize({ width }).png({ palette: true, effort: 4 }).toBuffer()
    if (lighter.length <= mostBytes) return lighter
    width = Math.round(width * 0.8)
  }
}

function heading({ width }: Geometry, family: DrawTask['family'], { further }: Forest): string {
  const title = { size: 34, weight: 'semiBold' } as const
  const quiet = { size: 24, fill: palette.quiet }
  const room = width - 2 * MARGIN
  const [first = ''] = wrapped(familyTitle(family), room, 1, title)
  const [second = ''] = wrapped(familyInNumbers(family, drawnName), room, 1, quiet)
  const legend = textPath('dotted: a second parent', MARGIN, 130, { ...quiet, fill: palette.guidance })
  return (
    textPath(first, MARGIN, 58, title) +
    textPath(second, MARGIN, 96, quiet) +
    (further.length > 0 ? legend : '')
  )
}

/** The pictures that were made on the way of one swap, with a sentence each. */
import sharp from 'sharp'
import { asSvg, boxShapes, meshShapes } from './drawing.ts'
import type { FoundFace } from './find.ts'
import { distance, type Landmarks } from './landmarks.ts'
import { type Area, cut, encode, type Picture, scaled, toSharp, within } from './pixels.ts'
import { greyOf, type Steps } from './swap.ts'
import type { Stage } from './types.ts'

export type Sides = {
  source: { picture: Picture; faces: readonly FoundFace[]; number: number }
  target: { picture: Picture; faces: readonly FoundFace[]; number: number }
}

/** Height of a stage picture in pixels, and the gap between two that stand side by side. */
const tall = 420
const gap = 12

export async function drawStages(sides: Sides, steps: Steps, rest: () => void): Promise<Stage[]> {
  const { source, target } = sides
  const faces = [source, target].map((side) => side.faces[side.number - 1] as FoundFace)
  const [sourceFace, targetFace] = faces as [FoundFace, FoundFace]
  const show = async (picture: Picture) =>
    encode(await scaled(picture, Math.min(1, 640 / Math.max(picture.width, picture.height))))
  rest()
  const boxes = await sideBySide([await withBoxes(source), await withBoxes(target)])
  rest()
  const landmarks = await sideBySide([
    await withMesh(source.picture, sourceFace),
    await withMesh(target.picture, targetFace),
  ])
  rest()
  const closed = distance(sourceFace.landmarks, 13, 14) < distance(sourceFace.landmarks, 61, 291) * 0.08
  return [
    {
      name: 'boxes',
      title: 'Find the faces',
      sentence: `A small network looks for faces: ${count(source.faces.length)} in the source, ${count(target.faces.length)} in the target. The bright boxes are the two that were chosen.`,
      png: boxes,
      alt: `The source and the target side by side, with numbered boxes: ${count(source.faces.length)} in the source, ${count(target.faces.length)} in the target.`,
    },
    {
      name: 'landmarks',
      title: 'Find 468 points on each',
      sentence: `A second network puts the same 468 points on every face: the same number is always the tip of the nose. They say where eyes, ${closed ? 'closed mouth' : 'mouth'} and chin are, not whose they are.`,
      png: landmarks,
      alt: 'Both faces, covered with a net of thin lines between 468 points; the net follows brows, eyes, nose and lips.',
    },
    {
      name: 'warp',
      title: 'Bend the face',
      sentence:
        'The net is made of triangles. Each triangle of the source is pulled into the shape of the same triangle of the target.',
      png: await show(onGrey(steps)),
      alt: 'The face of the source alone, bent into the outline and the pose of the target, with its own colours.',
    },
    {
      name: 'colour',
      title: 'Match the light',
      sentence:
        'The skin gets the mean colour and the soft light of the target; the eyes keep their own colour.',
      png: await show(onGrey({ ...steps, warped: steps.coloured })),
      alt: 'The same bent face, now with the skin colour and the light of the target.',
    },
    {
      name: 'mask',
      title: 'Cut it out softly',
      sentence:
        'White is taken from the new face, black from the target. The grey edge lets one pass into the other; hair, ears and forehead stay as they were.',
      png: await show(greyOf(steps.mask, steps.warped)),
      alt: 'A white shape of a face without forehead on black, with a soft grey edge.',
    },
    {
      name: 'blend',
      title: 'Lay it over',
      sentence:
        'Both are mixed as the mask says. No network drew anything here: every pixel is bent and coloured from the two pictures.',
      png: await show(cut(steps.result, steps.area)),
      alt: 'The target’s head with the features of the source’s face.',
    },
  ]
}

const count = (faces: number) => (faces === 1 ? 'one face' : `${faces} faces`)

async function withBoxes({ picture, faces, number }: Sides['source']): Promise<Buffer> {
  const scale = Math.min(1.5, tall / picture.height, 900 / picture.width)
  const small = await scaled(picture, scale)
  const boxes = faces.map(({ box }) => ({
    box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
  }))
  return toSharp(small)
    .composite([{ input: asSvg(boxShapes(boxes, small, number), small) }])
    .png()
    .toBuffer()
}

async function withMesh(picture: Picture, { box, landmarks }: FoundFace): Promise<Buffer> {
  const more = Math.max(box.width, box.height) * 0.2
  const area: Area = within(
    { x: box.x - more, y: box.y - more, width: box.width + 2 * more, height: box.height + 2 * more },
    picture,
  )
  const scale = tall / area.height
  const small = await scaled(cut(picture, area), scale)
  const moved: Landmarks = landmarks.map((value, i) => (value - (i % 2 === 0 ? area.x : area.y)) * scale)
  return toSharp(small)
    .composite([{ input: asSvg(meshShapes(moved), small) }])
    .png()
    .toBuffer()
}

async function sideBySide(pictures: readonly Buffer[]): Promise<Uint8Array> {
  const sizes = await Promise.all(pictures.map((picture) => sharp(picture).metadata()))
  const height = Math.max(...sizes.map((size) => size.height))
  let left = 0
  const placed = pictures.map((input, i) => {
    const { width, height: own } = sizes[i] as { width: number; height: number }
    const place = { input, left, top: Math.round((height - own) / 2) }
    left += width + gap
    return place
  })
  return sharp({ create: { width: left - gap, height, channels: 3, background: '#16171c' } })
    .composite(placed)
    .png()
    .toBuffer()
}

/** What the mesh left empty is grey, so that it does not look like dark skin or hair. */
function onGrey({ warped, covered }: Pick<Steps, 'warped' | 'covered'>): Picture {
  return { ...warped, rgb: warped.rgb.map((value, i) => (covered[Math.floor(i / 3)] === 0 ? 70 : value)) }
}

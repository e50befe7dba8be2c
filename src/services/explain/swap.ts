/** How a face swap was made: the stages of the engine inside the bot, made again from the kept pictures; of other engines only what goes in. */
import sharp from 'sharp'
import { isSwap, type Picture, type SwapRequest } from '../../domain.ts'
import { numberOf, type FaceKit } from '../faceKit.ts'
import { markSwap } from '../faces/index.ts'
import type { ExplainedImage, Explanation } from './kept.ts'
import { palette } from './palette.ts'
import { comparePixels } from './pixels.ts'
import { dot } from './svg.ts'

export type SwapPicture = Picture & { recipe: SwapRequest }

export const isSwapPicture = (picture: Picture): picture is SwapPicture => isSwap(picture.recipe)

type Pictures = { source: Uint8Array; target: Uint8Array; stored: Uint8Array }

/** Runs the swap again and shows each stage. `stored` is the file of the picture. */
export async function explainStages(
  { id, recipe }: SwapPicture,
  { source, target, stored }: Pictures,
  faces: FaceKit['faces'],
  signal: AbortSignal,
): Promise<Explanation> {
  const order = {
    source,
    target,
    sourceFace: numberOf(recipe.sourceFace),
    targetFace: numberOf(recipe.targetFace),
  }
  const { png, stages } = await faces.swap(order, signal)
  const { matches } = await comparePixels(await markSwap(png), stored)
  const images = stages.map((stage, i): ExplainedImage => ({
    name: `stage-${i + 1}-${stage.name}-${id}.png`,
    data: Buffer.from(stage.png),
    alt: stage.alt,
  }))
  const text = [
    `**${numbered(stages.length)} stages.** No diffusion model draws here, and nothing is learnt from the person: the program finds both faces, bends one onto the other and hides the seam. Here are the stages, in the order in which they stand below.`,
    ...stages.map(({ title, sentence }, i) => `**${i + 1}. ${title}.** ${sentence}`),
    matches
      ? '**Made again.** The stages come from running the swap once more with the kept pictures; that gave the very pixels of your picture. At the end the mark was put on.'
      : '**Made again.** The stages come from running the swap once more with the kept pictures; this time some pixels came out different, so take them as a likely course.',
  ]
  return { text, images, matches }
}

/** For an engine whose inside is not seen: both pictures as our own detector sees them. */
export async function explainInputs(
  { id, recipe }: SwapPicture,
  { source, target }: Pictures,
  faces: FaceKit['faces'],
  signal: AbortSignal,
): Promise<Explanation> {
  const looks = [
    { which: 'source', png: source, face: recipe.sourceFace },
    { which: 'target', png: target, face: recipe.targetFace },
  ] as const
  const images: ExplainedImage[] = []
  for (const { which, png, face } of looks) {
    const boxes = await faces.boxes(png, signal)
    images.push({
      name: `boxes-${which}-${id}.png`,
      data: Buffer.from(boxes.png),
      alt: `The ${which} picture. ${boxes.alt}`,
    })
    const points = await withLandmarks(png, face, faces, signal)
    if (!points) continue
    const alt = `The ${which} picture with a dot on each of ${points.count} points of face ${numberOf(face)}: along the eyes, the nose, the mouth and the edge of the face.`
    images.push({ name: `landmarks-${which}-${id}.png`, data: points.png, alt })
  }
  const text = [
    `**Not seen from outside.** The engine “${recipe.model}” gives back only the finished picture; what it does between is not seen, so it is not shown.`,
    '**What is shown.** Darkroom’s own face finder looked at both pictures: a box round each face, and the points by which a program knows where eyes, nose and mouth are. Engines of this kind begin with such a look, but theirs may differ.',
    '**What such engines usually do.** They turn the source face into a list of numbers that describes it, let a trained network paint a face with these numbers over the target, and sharpen it. That is said of the kind, not watched in this run.',
  ]
  return { text, images }
}

async function withLandmarks(png: Uint8Array, face: number, faces: FaceKit['faces'], signal: AbortSignal) {
  const { width, height, faces: all } = await faces.find(png, signal)
  const landmarks = all[face]?.landmarks
  if (!landmarks) return undefined
  const count = landmarks.length / 2
  const radius = Math.max(1, Math.round(Math.max(width, height) / 500))
  const dots = Array.from({ length: count }, (_, i) =>
    dot(landmarks[2 * i] ?? 0, landmarks[2 * i + 1] ?? 0, radius, palette.layout),
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${dots.join('')}</svg>`
  return {
    count,
    png: await sharp(png)
      .composite([{ input: Buffer.from(svg) }])
      .png()
      .toBuffer(),
  }
}

const numbered = (n: number) => ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven'][n] ?? String(n)

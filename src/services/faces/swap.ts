/** One face swap, from two pictures to the result and the pictures in between. */
import { transferColour } from './colour.ts'
import { distance, type Landmarks, pointCount } from './landmarks.ts'
import { eyesOf, faceMask, skinOf } from './mask.ts'
import { fromLab, toLab } from './planes.ts'
import { type Area, cut, paste, type Picture, resized, scaled, within } from './pixels.ts'
import { warp } from './warp.ts'

type Side = { picture: Picture; landmarks: Landmarks; box: Area }

/** What was made on the way; all but `result` show `area` of the target only, and smaller where the face is very large. */
export type Steps = {
  area: Area
  /** The source's face in the target's shape; black where there is none. */
  warped: Picture
  covered: Uint8Array
  coloured: Picture
  mask: Float32Array
  result: Picture
}

/** How much of the target round the face is worked on, in sizes of the face. */
const margin = 0.3
/** Pixels; wider faces are made at this width and enlarged, because twice as wide takes four times as long and as much memory. */
const mostWidth = 640

export async function swapFaces(source: Side, target: Side, rest: () => void): Promise<Steps> {
  const area = around(target)
  const whole = cut(target.picture, area)
  const before = await scaled(whole, Math.min(1, mostWidth / distance(target.landmarks, 234, 454)))
  const { width, height } = before
  const to = moved(target.landmarks, width / area.width, -area.x, -area.y)
  const faceWidth = distance(to, 234, 454)
  // A source that is larger than needed is made smaller first: picking single pixels of it would be rough.
  const needed = Math.min(1, faceWidth / distance(source.landmarks, 234, 454))
  const face = around(source)
  const small = await scaled(cut(source.picture, face), needed)
  const from = moved(source.landmarks, small.width / face.width, -face.x, -face.y)
  rest()
  const { picture: warped, covered } = warp(small, from, to, width, height)
  const mask = faceMask(to, width, height, covered)
  rest()
  const parts = { skin: skinOf(to, mask, width, height), eyes: eyesOf(to, width, height) }
  const coloured = fromLab(
    transferColour(toLab(warped), toLab(before), parts, { width, height, faceWidth }),
    width,
    height,
  )
  rest()
  const mixed = await blend(whole, coloured, mask)
  const result = paste(target.picture, mixed, area.x, area.y)
  return { area, warped, covered, coloured, mask, result }
}

function around({ box, picture }: Side): Area {
  const more = Math.max(box.width, box.height) * margin
  return within(
    { x: box.x - more, y: box.y - more, width: box.width + 2 * more, height: box.height + 2 * more },
    picture,
  )
}

function moved(landmarks: Landmarks, scale: number, x: number, y: number): Landmarks {
  const result = new Float32Array(pointCount * 2)
  for (let i = 0; i < pointCount; i++) {
    result[i * 2] = ((landmarks[i * 2] as number) + x) * scale
    result[i * 2 + 1] = ((landmarks[i * 2 + 1] as number) + y) * scale
  }
  return result
}

async function blend(below: Picture, small: Picture, mask: Float32Array): Promise<Picture> {
  const above = await resized(small, below.width, below.height)
  const shares =
    above === small
      ? mask
      : (await resized(greyOf(mask, small), below.width, below.height)).rgb.reduce(
          (all, value, i) => {
            if (i % 3 === 0) all[i / 3] = value / 255
            return all
          },
          new Float32Array(below.width * below.height),
        )
  const rgb = below.rgb.map((value, i) => {
    const share = shares[Math.floor(i / 3)] as number
    return Math.round(value + ((above.rgb[i] as number) - value) * share)
  })
  return { ...below, rgb }
}

/** A mask as a picture: 1 is white. */
export function greyOf(mask: Float32Array, { width, height }: { width: number; height: number }): Picture {
  const rgb = new Uint8Array(mask.length * 3)
  for (let i = 0; i < rgb.length; i++) rgb[i] = Math.round((mask[Math.floor(i / 3)] as number) * 255)
  return { width, height, rgb }
}

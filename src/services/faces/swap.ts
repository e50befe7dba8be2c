/** One face swap, from two pictures to the result and the pictures in between. */
import { transferColour } from './colour.ts'
import { distance, type Landmarks, pointCount } from './landmarks.ts'
import { eyesOf, faceMask, skinOf } from './mask.ts'
import { fromLab, toLab } from './planes.ts'
import { type Area, cut, paste, type Picture, scaled, within } from './pixels.ts'
import { warp } from './warp.ts'

type Side = { picture: Picture; landmarks: Landmarks; box: Area }

/** What was made on the way; all but `result` show `area` of the target only. */
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

export async function swapFaces(source: Side, target: Side, rest: () => void): Promise<Steps> {
  const area = around(target)
  const { width, height } = area
  const to = moved(target.landmarks, 1, -area.x, -area.y)
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
  const before = cut(target.picture, area)
  const parts = { skin: skinOf(to, mask, width, height), eyes: eyesOf(to, width, height) }
  const coloured = fromLab(
    transferColour(toLab(warped), toLab(before), parts, { width, height, faceWidth }),
    width,
    height,
  )
  rest()
  const result = paste(target.picture, blend(before, coloured, mask), area.x, area.y)
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

function blend(below: Picture, above: Picture, mask: Float32Array): Picture {
  const rgb = below.rgb.map((value, i) => {
    const share = mask[Math.floor(i / 3)] as number
    return Math.round(value + ((above.rgb[i] as number) - value) * share)
  })
  return { ...below, rgb }
}

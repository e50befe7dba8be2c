/** One face cut out of a kept picture, so that a machine that counts faces by itself can take no other. */
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import type { FaceOf } from './consent/signatures.ts'
import type { FaceKit } from './faceKit.ts'
import type { Inputs } from './inputs.ts'

type Tools = { kit: Pick<FaceKit, 'faces'>; inputs: Pick<Inputs, 'png' | 'keep'> }

/** How much is left round a face, in sizes of it; the second is tried where other people stand close by. */
const MARGINS = [0.5, 0.15]

/**
 * The face alone, kept as an input of its own.
 * @param engine the machine, as people know it
 * @throws UserError when no cut leaves the others out; what the face engine throws
 */
export async function alone(
  { inputId, face }: FaceOf,
  engine: string,
  { kit, inputs }: Tools,
): Promise<FaceOf> {
  const png = await inputs.png(inputId)
  const { faces, width, height } = await kit.faces.find(png)
  const box = faces[face]?.box
  for (const margin of box ? MARGINS : []) {
    const more = Math.max(box?.width ?? 0, box?.height ?? 0) * margin
    const { x, y, width: wide, height: high } = box as NonNullable<typeof box>
    const left = Math.max(0, Math.floor(x - more))
    const top = Math.max(0, Math.floor(y - more))
    const region = {
      left,
      top,
      width: Math.min(width, Math.ceil(x + wide + more)) - left,
      height: Math.min(height, Math.ceil(y + high + more)) - top,
    }
    const cut = await sharp(png).extract(region).png().toBuffer()
    if ((await kit.faces.find(cut)).faces.length === 1) {
      return { inputId: (await inputs.keep(cut)).id, face: 0 }
    }
  }
  throw refusal('source', engine)
}

/** @throws UserError when there are several faces in the picture */
export async function mustBeAlone(inputId: string, engine: string, { kit, inputs }: Tools): Promise<void> {
  const { faces } = await kit.faces.find(await inputs.png(inputId))
  if (faces.length > 1) throw refusal('target', engine)
}

const refusal = (which: 'source' | 'target', engine: string) =>
  new UserError(
    'invalid-options',
    `${engine} counts faces by itself and could take another person’s; please crop the ${which} picture to the face you mean, or leave \`engine\` out.`,
  )

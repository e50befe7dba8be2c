/** The tasks of the face thread, each from bytes to an answer. */
import { boxShapes, drawOver } from './drawing.ts'
import { findFaces, type FoundFace } from './find.ts'
import type { Networks } from './networks.ts'
import { decode, encode } from './pixels.ts'
import type { Answer, Task } from './protocol.ts'
import { chosenFace, refuseUnfit } from './refusals.ts'
import { signatureOf } from './signature.ts'
import { drawStages } from './stages.ts'
import { swapFaces } from './swap.ts'
import type { Boxes, Face, Found, SwapOrder, Swapped } from './types.ts'

/**
 * @param rest is called between the steps; it throws when nobody wants the answer any more
 * @throws UserError when the person can mend it
 */
export function work(networks: Networks, task: Task, rest: () => void): Promise<Answer> {
  if (task.kind === 'find') return find(networks, task.picture, rest)
  if (task.kind === 'swap') return swap(networks, task.order, rest)
  if (task.kind === 'boxes') return boxes(networks, task.picture, rest)
  return signature(networks, task.picture, task.face, rest)
}

async function find(networks: Networks, bytes: Uint8Array, rest: () => void): Promise<Found> {
  const picture = await decode(bytes)
  const faces = await findFaces(networks, picture, rest)
  return { width: picture.width, height: picture.height, faces: faces.map(plain) }
}

const plain = ({ box, landmarks, score, yaw }: FoundFace): Face => ({ box, landmarks, score, yaw })

async function swap(networks: Networks, order: SwapOrder, rest: () => void): Promise<Swapped> {
  const [source, target] = [await decode(order.source, 'source'), await decode(order.target, 'target')]
  const sourceFaces = await findFaces(networks, source, rest)
  const sourceFace = chosenFace(sourceFaces, order.sourceFace, 'source')
  const targetFaces = await findFaces(networks, target, rest)
  const targetFace = chosenFace(targetFaces, order.targetFace, 'target')
  refuseUnfit(sourceFace, targetFace)
  const steps = await swapFaces({ picture: source, ...sourceFace }, { picture: target, ...targetFace }, rest)
  const stages = await drawStages(
    {
      source: { picture: source, faces: sourceFaces, number: order.sourceFace },
      target: { picture: target, faces: targetFaces, number: order.targetFace },
    },
    steps,
    rest,
  )
  return { png: await encode(steps.result), width: target.width, height: target.height, stages }
}

async function boxes(networks: Networks, bytes: Uint8Array, rest: () => void): Promise<Boxes> {
  const picture = await decode(bytes)
  const faces = await findFaces(networks, picture, rest)
  const alt =
    faces.length === 0
      ? 'The picture; no face was found in it.'
      : faces.length === 1
        ? 'The picture with a box and the number 1 round the only face.'
        : `The picture with boxes round ${faces.length} faces, numbered 1 to ${faces.length} from left to right.`
  return { png: await drawOver(picture, boxShapes(faces, picture)), count: faces.length, alt }
}

async function signature(
  networks: Networks,
  bytes: Uint8Array,
  number: number,
  rest: () => void,
): Promise<Uint8Array> {
  const picture = await decode(bytes)
  const face = chosenFace(await findFaces(networks, picture, rest), number, '')
  return signatureOf(picture, face.landmarks, face.roll)
}

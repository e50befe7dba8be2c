/** Which faces cannot be swapped, each in one sentence that says what to do instead. */
import { UserError } from '../../errors.ts'
import { distance } from './landmarks.ts'
import type { FoundFace } from './find.ts'

type Which = 'source' | 'target'

/** Pixels; a smaller face has no features left that could be put anywhere. */
const leastWidth = 48
/** Degrees from the front beyond which half of a face is hidden. */
const mostTurned = 38
/** Degrees between two heads beyond which a bent face no longer looks like one. */
const mostApart = 25

/**
 * The face of that number, from 1.
 * @param which what the person calls the picture, or nothing when there is only one
 * @throws UserError when there is none
 */
export function chosenFace<T>(faces: readonly T[], number: number, which: Which | ''): T {
  const name = which === '' ? 'picture' : `${which} picture`
  if (faces.length === 0) {
    throw new UserError(
      'not-found',
      `No face was found in the ${name}; please use one that shows a face from the front, large and bright enough.`,
    )
  }
  const face = faces[number - 1]
  if (face !== undefined) return face
  const said =
    faces.length === 1
      ? `There is one face in the ${name}; please choose number 1.`
      : `There are ${faces.length} faces in the ${name}; please choose a number from 1 to ${faces.length}.`
  throw new UserError('not-found', said)
}

/** @throws UserError when a face is too small or turned away, or when the two heads are held too differently */
export function refuseUnfit(source: FoundFace, target: FoundFace): void {
  for (const [which, face] of [
    ['source', source],
    ['target', target],
  ] as const) {
    const width = Math.round(distance(face.landmarks, 234, 454) / Math.cos((face.yaw * Math.PI) / 180))
    if (width < leastWidth) {
      refuse(
        `The face in the ${which} picture is too small (about ${width} pixels wide); please use a picture where it is at least ${leastWidth} pixels wide.`,
      )
    }
    if (Math.abs(face.yaw) > mostTurned) {
      refuse(
        `The face in the ${which} picture is turned too far to the side; please use one that looks more towards the camera.`,
      )
    }
  }
  const apart = Math.max(Math.abs(source.yaw - target.yaw), Math.abs(source.pitch - target.pitch))
  if (apart > mostApart) {
    refuse(
      `The two heads are held too differently (${Math.round(apart)} degrees apart); please use pictures where both look the same way.`,
    )
  }
}

function refuse(sentence: string): never {
  throw new UserError('invalid-options', sentence)
}

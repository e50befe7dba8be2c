/** Faces: finding them, swapping them with every step shown, and telling whether a picture of a face is a known one. */
import { createFaceThread } from './thread.ts'
import type { Faces } from './types.ts'

export { markSwap } from './mark.ts'
export { practiceFaces, practicePicture, type PracticeFace } from './practice.ts'
export { sameFace } from './signature.ts'
export type { Face, Faces, Stage } from './types.ts'

/** The face engine. Its thread starts at the first question and ends with `close`. */
export function createFaces(): Faces {
  const thread = createFaceThread()
  return {
    find: (picture, signal) => thread.run({ kind: 'find', picture }, signal),
    swap: (order, signal) => thread.run({ kind: 'swap', order }, signal),
    boxes: (picture, signal) => thread.run({ kind: 'boxes', picture }, signal),
    signature: (picture, face, signal) => thread.run({ kind: 'signature', picture, face }, signal),
    close: () => thread.close(),
  }
}

/** All that the class does with faces, in one object: tests bring another one. */
import {
  createFaces,
  practiceFaces,
  practicePicture,
  sameFace,
  type Faces,
  type PracticeFace,
} from './faces/index.ts'

export type FaceKit = {
  faces: Faces
  /** Whether two signatures are of the same picture of a face. */
  sameFace(a: Uint8Array, b: Uint8Array): boolean
  /** Faces that need no consent. */
  practiceFaces(): readonly Pick<PracticeFace, 'name' | 'title' | 'description' | 'faces'>[]
  /** @throws Error when there is none of that name */
  practicePicture(name: string): Promise<Uint8Array>
}

/** The engine of services/faces. Its networks are loaded when they are first asked. */
export const createFaceKit = (): FaceKit => ({
  faces: createFaces(),
  sameFace,
  practiceFaces,
  practicePicture,
})

/** Requests and recipes count faces from 0, the engine and people from 1. */
export const numberOf = (face: number): number => face + 1

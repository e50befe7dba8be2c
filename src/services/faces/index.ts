/** The face engine: finding faces, comparing pictures of faces, and swapping them. */
import sharp from 'sharp'
import { UserError } from '../../errors.ts'

/** A face in a picture; pixels count from its top left corner. */
export type Face = {
  box: { x: number; y: number; width: number; height: number }
  landmarks: Float32Array
  score: number
  yaw: number
}

/** One real intermediate picture of a swap. */
export type Stage = { name: string; title: string; sentence: string; png: Uint8Array; alt: string }

export type Found = { width: number; height: number; faces: Face[] }

/** Faces are numbered from 1, from left to right. */
export type Faces = {
  find(picture: Uint8Array, signal?: AbortSignal): Promise<Found>
  swap(
    order: { source: Uint8Array; target: Uint8Array; sourceFace: number; targetFace: number },
    signal?: AbortSignal,
  ): Promise<{ png: Uint8Array; width: number; height: number; stages: Stage[] }>
  boxes(picture: Uint8Array, signal?: AbortSignal): Promise<{ png: Uint8Array; count: number; alt: string }>
  signature(picture: Uint8Array, face: number, signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}

export type PracticeFace = {
  name: string
  title: string
  author: string
  year: number
  licence: string
  source: string
  description: string
  faces: number
}

const notHere = () => Promise.reject(new UserError('not-set-up', 'The face engine is not there yet.'))

export const createFaces = (): Faces => ({
  find: notHere,
  swap: notHere,
  boxes: notHere,
  signature: notHere,
  close: () => Promise.resolve(),
})

export const sameFace = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b)

/** The visible mark of a face swap. */
export async function markSwap(png: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(png).metadata()
  const side = Math.max(2, Math.round(Math.min(width, height) / 8))
  const badge = { create: { width: side, height: side, channels: 3 as const, background: '#f3f4f6' } }
  return sharp(png)
    .composite([{ input: badge, left: width - side, top: height - side }])
    .png()
    .toBuffer()
}

export const practiceFaces = (): readonly PracticeFace[] => []

export const practicePicture = (name: string): Promise<Uint8Array> =>
  Promise.reject(new UserError('not-found', `There is no practice face "${name}".`))

/** What the face engine is asked for and what it answers. Pixels count from the top left corner of the picture as a person sees it. */

/** A face in a picture. */
export type Face = {
  box: { x: number; y: number; width: number; height: number }
  /** x, y of the 468 points of MediaPipe's face mesh, in pixels of the picture. */
  landmarks: Float32Array
  /** How sure the networks are, 0 to 1. */
  score: number
  /** Degrees that the head is turned, more than 0 to its own left. */
  yaw: number
}

/** One real intermediate picture of a swap. */
export type Stage = {
  name: 'boxes' | 'landmarks' | 'warp' | 'colour' | 'mask' | 'blend'
  title: string
  sentence: string
  png: Uint8Array
  alt: string
}

export type SwapOrder = { source: Uint8Array; target: Uint8Array; sourceFace: number; targetFace: number }

export type Found = { width: number; height: number; faces: Face[] }
export type Swapped = { png: Uint8Array; width: number; height: number; stages: Stage[] }
export type Boxes = { png: Uint8Array; count: number; alt: string }

/** The face engine; everything runs in one thread of its own. Faces are numbered from 1, from left to right. */
export type Faces = {
  /** At most 20 faces, from left to right. */
  find(picture: Uint8Array, signal?: AbortSignal): Promise<Found>
  /**
   * The source's face in the target picture, at the target's size.
   * @throws UserError with one sentence that says what to change
   */
  swap(order: SwapOrder, signal?: AbortSignal): Promise<Swapped>
  /** The picture with a numbered box round each face. */
  boxes(picture: Uint8Array, signal?: AbortSignal): Promise<Boxes>
  /**
   * A short description of this picture of a face, for `sameFace`.
   * @throws UserError when there is no face of that number
   */
  signature(picture: Uint8Array, face: number, signal?: AbortSignal): Promise<Uint8Array>
  close(): Promise<void>
}

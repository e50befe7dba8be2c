/** Swaps faces inside the bot. It draws nothing else. */
import type { FaceEngine, ImageBackend } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { defineBackend } from '../../backend.ts'
import { numberOf, type FaceKit } from '../../faceKit.ts'

const engine: FaceEngine = {
  id: 'landmarks',
  title: 'Landmarks',
  description:
    'Bends one face onto the other by 468 points and blends the edge; it learns nothing of the person. Best from the front.',
  takesChosenFaces: true,
}

export default defineBackend({
  id: 'faces',
  create: (_config, _log, { faces }) => Promise.resolve([createFaceBackend(faces)]),
})

/** A backend with one engine over the face service. */
export function createFaceBackend(faces: FaceKit['faces']): ImageBackend {
  return {
    id: 'faces',
    lanes: 1,
    models: () => [],
    faceEngines: () => [engine],
    generate: () => Promise.reject(new BackendError('faces', 'rejected', 'it draws nothing')),
    async swapFaces(request, { source, target, signal }) {
      const { png, width, height } = await faces.swap(
        {
          source,
          target,
          sourceFace: numberOf(request.sourceFace),
          targetFace: numberOf(request.targetFace),
        },
        signal,
      )
      return { recipe: request, png, width, height, notes: [] }
    },
    close: () => Promise.resolve(),
  }
}

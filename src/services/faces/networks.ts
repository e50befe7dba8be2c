/** The two networks, opened once in the thread that uses them. */
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { detectorSize } from './detector.ts'

export const meshSize = 192

export type Networks = {
  /** 3 x 256 x 256, -1 to 1 -> 896 scores (before the logistic function) and 896 x 16 numbers. */
  detect(planes: Float32Array): Promise<{ scores: Float32Array; boxes: Float32Array }>
  /** 3 x 192 x 192, 0 to 1 -> 468 x (x, y, depth) in pixels of that picture, and how surely it is a face (0 to 1). */
  mesh(planes: Float32Array): Promise<{ landmarks: Float32Array; score: number }>
  close(): Promise<void>
}

const file = (name: string) =>
  fileURLToPath(new URL(`../../../data/models/faces/${name}.onnx`, import.meta.url))

/** @throws Error when the files cannot be opened */
export async function openNetworks(): Promise<Networks> {
  const [detector, mesher] = await Promise.all([open('blazeface'), open('facemesh')])
  return {
    async detect(planes) {
      const picture = new Tensor('float32', planes, [1, 3, detectorSize, detectorSize])
      const { scores, boxes } = await detector.run({ picture })
      return { scores: scores?.data as Float32Array, boxes: boxes?.data as Float32Array }
    },
    async mesh(planes) {
      const picture = new Tensor('float32', planes, [1, 3, meshSize, meshSize])
      const { landmarks, score } = await mesher.run({ picture })
      return { landmarks: landmarks?.data as Float32Array, score: Number(score?.data[0] ?? 0) }
    },
    async close() {
      await Promise.all([detector.release(), mesher.release()])
    },
  }
}

function open(name: string): Promise<InferenceSession> {
  return InferenceSession.create(file(name), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4, // its errors come back as rejections
  })
}

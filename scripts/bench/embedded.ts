/** Seconds per embedded picture beside the bare onnxruntime loop, taken in turns so that a busy machine hits both alike. */
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ImageBackend, ImageRequest } from '../../src/domain.ts'
import { median, seconds, type Figure } from './figures.ts'

const ROUNDS = 12
const STEPS = 20

export async function benchEmbedded(backend: ImageBackend, threads = 1): Promise<Figure[]> {
  const model = path.resolve('data/models/emoji/model.onnx')
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 })
  const x = new Float32Array(2 * 3 * 64 * 64).fill(0.1)
  const feeds = {
    x: new Tensor('float32', x, [2, 3, 64, 64]),
    t: new Tensor('float32', new Float32Array(2).fill(0.5), [2]),
    ids: new Tensor('int64', new BigInt64Array(20), [2, 10]),
  }
  const info = backend.models()[0]
  if (!info) throw new Error('the embedded backend has no model')
  const request = (seed: number): ImageRequest => ({
    model: info.id,
    prompt: 'a red heart',
    negativePrompt: '',
    seed,
    steps: STEPS,
    cfgScale: info.cfgScale.default,
    sampler: info.samplers[0]?.id ?? '',
    scheduler: info.schedulers[0]?.id ?? '',
    width: info.sizes[0]?.width ?? 512,
    height: info.sizes[0]?.height ?? 512,
    count: 1,
  })
  const signal = new AbortController().signal
  const whole: number[] = []
  const bare: number[] = []
  await backend.generate(request(0), { signal, onProgress: () => undefined })
  for (let round = 0; round < ROUNDS; round++) {
    let start = performance.now()
    await backend.generate(request(round), { signal, onProgress: () => undefined })
    whole.push(performance.now() - start)
    start = performance.now()
    for (let step = 0; step < STEPS; step++) await session.run(feeds)
    bare.push(performance.now() - start)
  }
  await session.release()
  return [
    [
      'embedded picture, 20 steps',
      seconds(median(whole)),
      `median of ${ROUNDS}, from the request to the PNG`,
    ],
    [
      'bare onnxruntime loop',
      seconds(median(bare)),
      `20 network calls, batch 2, ${threads} thread, in turns with the above`,
    ],
    ['ratio', (median(whole) / median(bare)).toFixed(2), 'picture / bare loop'],
  ]
}

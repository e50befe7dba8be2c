/** Seconds per embedded picture beside the bare onnxruntime loop, taken in turns so that a busy machine hits all alike. */
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ImageBackend, ImageRequest } from '../../src/domain.ts'
import { createEmbedded, threads as threadsOfBot } from '../../src/services/backends/embedded/embedded.ts'
import { readModel, type Model } from '../../src/services/backends/embedded/model.ts'
import { median, plain, repeated, seconds, spread, type Part } from './figures.ts'
import type { Run } from './part.ts'

const STEPS = 20
const THREADS = [1, 2]
const FOLDER = path.join(import.meta.dirname, '../../data/models/emoji')

export async function benchEmbedded({ amount }: Run): Promise<Part> {
  const rounds = amount(12, 2)
  const model = await readModel(FOLDER)
  const backend = await createEmbedded(FOLDER)
  // The bot has no setting for its threads; what it has chosen on this machine is always among those compared.
  const own = threadsOfBot()
  const bare = await Promise.all(
    [...new Set([...THREADS, own])].map(async (threads) => ({
      ...(await openBare(model, threads)),
      threads,
      times: [] as number[],
    })),
  )
  const whole: number[] = []
  try {
    await backend.generate(requestOf(model, 0), context())
    for (const { draw } of bare) await draw()
    for (let round = 0; round < rounds; round++) {
      whole.push(await timeOf(() => backend.generate(requestOf(model, round), context())))
      for (const { draw, times } of bare) times.push(await timeOf(draw))
    }
  } finally {
    for (const { close } of bare) await close()
    await backend.close()
  }
  const same = bare.find(({ threads }) => threads === own)?.times ?? []
  const ratios = whole.map((time, round) => time / (same[round] ?? Number.NaN))
  return {
    rows: [
      repeated(
        `embedded picture, ${STEPS} steps`,
        whole,
        `median of ${rounds}, from the request to the PNG; onnxruntime has ${count(own)}, which the bot chooses by the cores`,
        { show: seconds },
      ),
      ...bare.map(({ threads, times }) =>
        repeated(
          `bare onnxruntime loop, ${count(threads)}`,
          times,
          `${STEPS} network calls, batch 2, ${model.maxWords} word ids, in turns with the above`,
          { show: seconds },
        ),
      ),
      {
        what: 'ratio',
        figure: plain(median(ratios)),
        spread: spread(ratios, plain),
        how: `picture / bare loop with ${count(own)}, median of ${rounds} pairs`,
      },
    ],
  }
}

async function openBare({ file, pixels, maxWords }: Model, threads: number) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: threads, interOpNumThreads: 1 })
  const shape = [2, 3, pixels, pixels]
  const feeds = {
    x: new Tensor('float32', new Float32Array(2 * 3 * pixels ** 2).fill(0.1), shape),
    t: new Tensor('float32', new Float32Array(2).fill(0.5), [2]),
    ids: new Tensor('int64', new BigInt64Array(2 * maxWords), [2, maxWords]),
  }
  return {
    draw: async () => {
      for (let step = 0; step < STEPS; step++) await session.run(feeds)
    },
    close: () => session.release(),
  }
}

type Context = Parameters<ImageBackend['generate']>[1]
const context = (): Context => ({ signal: new AbortController().signal, onProgress: () => undefined })

const requestOf = ({ info }: Model, seed: number): ImageRequest => ({
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

const count = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`)

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

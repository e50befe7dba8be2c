/** What the bot adds to AUTOMATIC1111: a picture through the backend beside the bare HTTP call, in turns, on one stand-in. */
import type { ImageRequest } from '../../src/domain.ts'
import { createLog } from '../../src/log.ts'
import { createAuto1111 } from '../../src/services/backends/auto1111/machine.ts'
import { startFakeAuto1111 } from '../../tests/support/fakeAuto1111/index.ts'
import { plain, repeated, type Part } from './figures.ts'
import type { Run } from './part.ts'

const STEPS = 20
const MS_PER_STEP = 50
const never = { signal: new AbortController().signal, onProgress: () => undefined }

export async function benchAuto1111({ amount }: Run): Promise<Part> {
  const pairs = amount(15, 2)
  const fake = await startFakeAuto1111({ msPerStep: MS_PER_STEP })
  const log = createLog({ logLevel: 'silent' })
  const backend = await createAuto1111({ id: 'auto1111-1', address: fake.address, log })
  const [model] = backend.models()
  if (!model) throw new Error('the stand-in offers no model')
  const request = (seed: number): ImageRequest => ({
    model: model.id,
    prompt: 'a lighthouse',
    negativePrompt: '',
    seed,
    steps: STEPS,
    cfgScale: 7,
    sampler: model.samplers[0]?.id ?? '',
    scheduler: model.schedulers[0]?.id ?? '',
    width: 512,
    height: 512,
    count: 1,
  })
  const bare: number[] = []
  const ours: number[] = []
  const requests: number[] = []
  try {
    for (let pair = 0; pair < pairs; pair++) {
      bare.push(
        await timeOf(async () => {
          const body = { prompt: 'a lighthouse', seed: pair, steps: STEPS, width: 512, height: 512 }
          const headers = { 'content-type': 'application/json' }
          const answer = await fetch(`${fake.url}/sdapi/v1/txt2img`, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          })
          await answer.json()
        }),
      )
      const before = fake.requests.length
      ours.push(await timeOf(() => backend.generate(request(pair), never)))
      requests.push(fake.requests.length - before)
    }
  } finally {
    await backend.close()
    await fake.close()
  }
  const added = ours.map((time, index) => time - (bare[index] ?? 0))
  const how = `median of ${pairs} pairs in turns, stand-in with ${STEPS} steps of ${MS_PER_STEP} ms`
  return {
    rows: [
      repeated('AUTOMATIC1111: bare call', bare, how),
      repeated('AUTOMATIC1111: added by the backend', added, 'the same; looks every 500 ms, previews kept'),
      repeated('AUTOMATIC1111: requests per picture', requests, 'median, the picture itself counted', {
        show: plain,
      }),
    ],
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

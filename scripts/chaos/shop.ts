/** Replicate's stand-in, which sells pictures as the real one does until it is told to go wrong. Its book is part of the log. */
import { startFakeReplicate, TOKEN } from '../../tests/support/fakeReplicate/index.ts'
import { statusOf } from '../../tests/support/fakeReplicate/predictions.ts'
import type { Purchase } from './log.ts'
import type { ShopFault } from './steps.ts'

export type Shop = {
  /** Settings of the bot that lead here. */
  env: Record<string, string>
  /** A model that is sold here, and draws small pictures when it is asked to. */
  model: string
  goWrong(fault: ShopFault): void
  heal(): void
  purchases(): Purchase[]
  close(): Promise<void>
}

const PREDICT_MS = 700
/** Longer than a job may take. */
const HANGS_MS = 60_000

export async function startShop(): Promise<Shop> {
  const fake = await startFakeReplicate({ predictMs: PREDICT_MS })
  const { faults, settings } = fake
  const healthy = { ...faults }
  const isOrder = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith('/predictions')

  const does: Record<ShopFault, () => void> = {
    'order arrives, answer is lost': () => (faults.dropCreate = () => true),
    'order is lost': () => (faults.dropBefore = isOrder),
    'slow down'() {
      faults.status = (request) => (isOrder(request) ? 429 : undefined)
      faults.retryAfter = '1'
    },
    'bad gateway': () => (faults.status = () => 502),
    'prediction fails': () => (faults.ending = () => 'failed'),
    'picture is held back': () => (faults.ending = () => 'nsfw'),
    'prediction hangs': () => (settings.predictMs = HANGS_MS),
    'file is cut'() {
      faults.file = (response) => {
        response.writeHead(200, { 'content-type': 'image/png', 'content-length': '9999' })
        response.write('\x89PNG', () => response.destroy())
        return true
      }
    },
  }
  return {
    env: {
      REPLICATE_API_TOKEN: TOKEN,
      REPLICATE_API_URL: fake.apiUrl,
      REPLICATE_FILE_HOSTS: fake.fileHost,
    },
    model: 'sd21',
    goWrong: (fault) => does[fault](),
    heal() {
      Object.assign(faults, healthy)
      settings.predictMs = PREDICT_MS
    },
    purchases: () =>
      fake.predictions.map((prediction) => ({
        prompt: String(prediction.input['prompt']),
        seed: prediction.input['seed'],
        status: statusOf(prediction),
      })),
    close: () => fake.close(),
  }
}

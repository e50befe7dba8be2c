/** An ImageBackend without a model: one-coloured pictures, drawn when the test says so. */
import sharp from 'sharp'
import type { GeneratedImage, ImageBackend, ImageRequest, ModelInfo, Progress } from '../../src/domain.ts'

export const plainModel: ModelInfo = {
  id: 'plain',
  backend: 'memory',
  title: 'Plain colours',
  description: 'Fills the picture with one colour; it knows no words.',
  steps: { min: 1, max: 50, default: 20 },
  cfgScale: { min: 0, max: 15, default: 5 },
  samplers: [
    { id: 'Euler', help: 'plain' },
    { id: 'Euler a', help: 'with noise' },
  ],
  schedulers: [
    { id: 'Karras', help: 'small steps at the end' },
    { id: 'Normal', help: 'even' },
  ],
  sizes: [
    { id: 'square', width: 64, height: 64 },
    { id: 'wide', width: 96, height: 64 },
  ],
  maxCount: 4,
  maxPromptLength: 300,
  supports: { negativePrompt: true, variation: true, replay: false, img2img: false, mask: false },
}

/** One call of `generate`, held until the test lets it go on. */
type Call = {
  request: ImageRequest
  signal: AbortSignal
  progress(step: number): void
  /** The machine has done its part; `finish` brings what it drew. */
  free(): void
  /** `costUsd`: what each picture cost. */
  finish(costUsd?: number): void
  fail(error: Error): void
}

export type MemoryBackend = ImageBackend & {
  /** Calls so far, oldest first. */
  calls: Call[]
  /** Waits until that many calls have come. */
  called(count: number): Promise<Call>
}

type MemoryOptions = {
  isAuto?: boolean
  lanes?: number
  model?: ModelInfo
  /** Instead of `model`. */
  models?: readonly ModelInfo[]
  /** Only the model that it drew with last is loaded. */
  isLoading?: boolean
  id?: string
} & Pick<ImageBackend, 'isUp' | 'estimate' | 'diagnose'>

/** As plainModel, on a machine that costs money. */
export const paidModel: ModelInfo = {
  ...plainModel,
  id: 'paid',
  title: 'Paid colours',
  price: { usdPerPicture: 0.1, checkedOn: '2026-11-01' },
}

/** `isAuto`: every call finishes at once. */
export function createMemoryBackend({
  isAuto = false,
  lanes = 1,
  model = plainModel,
  models = [model],
  isLoading = false,
  id = 'memory',
  ...more
}: MemoryOptions = {}): MemoryBackend {
  const calls: Call[] = []
  const waits: { count: number; resolve: (call: Call) => void }[] = []

  return {
    ...more,
    id,
    lanes,
    calls,
    models: () => models,
    ...(isLoading && { isLoaded: (asked) => asked === calls.at(-1)?.request.model }),
    generate(request, { signal, onProgress, onFree }) {
      const { promise, resolve, reject } = Promise.withResolvers<GeneratedImage[]>()
      const call: Call = {
        request,
        signal,
        progress: (step) => onProgress(progressAt(step, request)),
        free: () => onFree?.(),
        finish: (costUsd) => resolve(images(request, costUsd)),
        fail: reject,
      }
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      calls.push(call)
      if (isAuto) call.finish()
      for (const wait of waits) if (calls.length >= wait.count) wait.resolve(calls[wait.count - 1]!)
      return promise
    },
    called(count) {
      const { promise, resolve } = Promise.withResolvers<Call>()
      const call = calls[count - 1]
      if (call) resolve(call)
      else waits.push({ count, resolve })
      return promise
    },
    replay: () => Promise.reject(new Error('nothing to replay')),
    close: () => Promise.resolve(),
  }
}

function progressAt(step: number, request: ImageRequest): Progress {
  return { pictureIndex: 0, pictureCount: request.count, step, steps: request.steps, preview: undefined }
}

async function images({ count, ...recipe }: ImageRequest, costUsd?: number): Promise<GeneratedImage[]> {
  const { width, height } = recipe
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const background = { r: (recipe.seed + index) % 256, g: 60, b: 120 }
      const png = await sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer()
      return {
        recipe: { ...recipe, seed: recipe.seed + index },
        png,
        width,
        height,
        notes: [],
        ...(costUsd === undefined ? {} : { costUsd }),
      }
    }),
  )
}

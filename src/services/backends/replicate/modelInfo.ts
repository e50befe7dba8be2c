/** What a model of the registry says of itself to people, and what it is expected to cost. Pure. */
import type { Estimate, ImageRequest, ModelInfo } from '../../../domain.ts'
import { takesNegativePrompt, type ReplicateModel } from './registry.ts'

type Settings = Pick<ImageRequest, 'steps' | 'sampler' | 'width' | 'height' | 'refiner'>

export const AUTOMATIC = 'Automatic'

/** For the lists that students choose from. */
export function infoOf(model: ReplicateModel): ModelInfo {
  const { id, title, steps, cfgScale, sizes, maxCount, maxPromptLength } = model
  const usdPerPicture = costOfOne(model, usual(model))
  return {
    id,
    backend: 'replicate',
    title,
    description: `${model.about} ${model.cannot} About ${inCents(usdPerPicture)} a picture.`,
    steps,
    cfgScale,
    samplers: model.samplers.map(({ id, help }) => ({ id, help })),
    schedulers: [{ id: AUTOMATIC, help: 'the schedule that belongs to the sampler' }],
    sizes: sizes.map(({ id, width, height }) => ({ id, width, height })),
    maxCount,
    maxPromptLength,
    supports: {
      negativePrompt: takesNegativePrompt(model),
      variation: false,
      replay: false,
      img2img: model.img2img !== undefined,
      mask: model.inpainting !== undefined,
      ...(model.workflow && { states: true }),
    },
    extras: {
      loras: [],
      vaes: [],
      styles: [],
      upscalers: [],
      embeddings: [],
      refiners: model.refiners.map(({ id, help }) => ({ id, help })),
    },
    price: { usdPerPicture, checkedOn: model.price.checkedOn },
  }
}

/** Money and time of a whole request on a machine that is awake. */
export function estimateOf(model: ReplicateModel, request: Settings & { count: number }): Estimate {
  return {
    usd: costOfOne(model, request) * request.count,
    seconds: secondsOfOne(model, request) * request.count,
  }
}

/** What one picture costs; by the time that was measured, where it is known and time is what is paid for. */
export function costOfOne(model: ReplicateModel, settings: Settings, seconds?: number): number {
  if ('usdPerImage' in model.price) return model.price.usdPerImage
  return (seconds ?? secondsOfOne(model, settings)) * model.price.usdPerSecond
}

function secondsOfOne(model: ReplicateModel, { steps, sampler, width, height, refiner }: Settings): number {
  const factor =
    (model.samplers.find(({ id }) => id === sampler)?.costFactor ?? 1) *
    (model.refiners.find(({ id }) => id === refiner)?.costFactor ?? 1)
  const { base, perStepAndMegapixel } = model.seconds
  return base + steps * factor * ((width * height) / 1e6) * perStepAndMegapixel
}

function usual({ steps, samplers, sizes }: ReplicateModel): Settings {
  const { width, height } = sizes[0] ?? { width: 0, height: 0 }
  return { steps: steps.default, sampler: samplers[0]?.id ?? '', width, height }
}

/** "0.8 US cents": small sums are easier to compare in cents. */
export function inCents(usd: number): string {
  return `${(usd * 100).toFixed(1)} US cents`
}

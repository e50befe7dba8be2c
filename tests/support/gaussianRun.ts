/**
 * A real denoising run without a network: for data that is Gaussian the best guess has a closed form,
 * D(x; sigma) = mean + s^2 / (s^2 + sigma^2) (x - mean), in each direction of its own variance s^2 (Karras et al. 2022, appendix).
 * Here the 8 x 8 cell means vary much and the detail within a cell little, and a prompt moves the mean.
 */
import sharp from 'sharp'
import type { Recipe, Run, RunStep } from '../../src/domain.ts'

const SIDE = 32
const CELL = SIDE / 8
const LENGTH = 3 * SIDE * SIDE

export type GaussianOptions = Partial<Recipe> & {
  /** Standard deviation of the layout and of the detail; the smaller, the later it is decided. */
  layout?: number
  detail?: number
  unknownWords?: string[]
}

export function gaussianRun(options: GaussianOptions = {}): Run {
  const { layout = 0.8, detail = 0.1, unknownWords = [], ...settings } = options
  const recipe: Recipe = { ...standard, ...settings }
  const normal = normalNumbers(recipe.seed)
  const mean = Float32Array.from({ length: LENGTH }, (_, i) => {
    const x = ((i % SIDE) + 0.5) / SIDE - 0.5
    const y = ((Math.floor(i / SIDE) % SIDE) + 0.5) / SIDE - 0.5
    return Math.hypot(x, y) < 0.3 ? (i < SIDE * SIDE ? 0.8 : -0.7) : 0.9
  })
  const guessWith = (x: Float32Array, sigma: number, middle: Float32Array) => {
    const offset = x.map((value, i) => value - (middle[i] ?? 0))
    const coarse = cellMeans(offset)
    const gain = (s: number) => s ** 2 / (s ** 2 + sigma ** 2)
    return offset.map((value, i) => {
      const low = coarse[i] ?? 0
      return (middle[i] ?? 0) + gain(layout) * low + gain(detail) * (value - low)
    })
  }
  const sigmas = karras(recipe.steps)
  let x = Float32Array.from({ length: LENGTH }, () => (sigmas[0] ?? 1) * normal())
  const steps: RunStep[] = []
  for (let index = 0; index < recipe.steps; index++) {
    const sigma = sigmas[index] ?? 0
    const sigmaNext = sigmas[index + 1] ?? 0
    const conditional = guessWith(x, sigma, mean)
    const unconditional = guessWith(x, sigma, new Float32Array(LENGTH))
    const guess = unconditional.map((value, i) => value + recipe.cfgScale * ((conditional[i] ?? 0) - value))
    const guidance =
      conditional.reduce((sum, value, i) => sum + Math.abs(value - (unconditional[i] ?? 0)), 0) / LENGTH
    steps.push({ index, sigma, sigmaNext, noisy: x.map((value) => value / (1 + sigma)), guess, guidance })
    x = x.map((value, i) => (guess[i] ?? 0) + (sigmaNext / sigma) * (value - (guess[i] ?? 0)))
  }
  return { recipe, width: SIDE, height: SIDE, steps, final: x, png: new Uint8Array(), unknownWords }
}

/** The same with the picture as a PNG, twice as large. */
export async function gaussianRunWithPng(options: GaussianOptions = {}): Promise<Run> {
  const run = gaussianRun(options)
  const plane = SIDE * SIDE
  const bytes = Buffer.from(
    Uint8ClampedArray.from(
      { length: LENGTH },
      (_, i) => ((run.final[(i % 3) * plane + Math.floor(i / 3)] ?? 0) + 1) * 127.5,
    ),
  )
  const picture = sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } }).resize(2 * SIDE, 2 * SIDE)
  return { ...run, png: await picture.png().toBuffer() }
}

const standard: Recipe = {
  model: 'gaussian',
  prompt: 'a red dot',
  negativePrompt: '',
  seed: 7,
  steps: 12,
  cfgScale: 1,
  sampler: 'Euler',
  scheduler: 'Karras',
  width: 2 * SIDE,
  height: 2 * SIDE,
}

function karras(steps: number): number[] {
  const [most, least] = [14.6146 ** (1 / 7), 0.0292 ** (1 / 7)]
  const at = (i: number) => (most + (steps === 1 ? 0 : i / (steps - 1)) * (least - most)) ** 7
  return [...Array.from({ length: steps }, (_, i) => at(i)), 0]
}

function cellMeans(planes: Float32Array): Float32Array {
  const sums = new Map<string, number>()
  const key = (i: number) =>
    `${Math.floor(i / SIDE ** 2)} ${Math.floor((Math.floor(i / SIDE) % SIDE) / CELL)} ${Math.floor((i % SIDE) / CELL)}`
  planes.forEach((value, i) => sums.set(key(i), (sums.get(key(i)) ?? 0) + value))
  return planes.map((_, i) => (sums.get(key(i)) ?? 0) / CELL ** 2)
}

/** Repeatable standard normal numbers: a linear congruential generator and the Box-Muller transform. */
function normalNumbers(seed: number): () => number {
  let state = seed >>> 0
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

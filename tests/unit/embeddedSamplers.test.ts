import { describe, expect, it } from 'vitest'
import { createNoise } from '../../src/services/backends/embedded/noise.ts'
import { sample } from '../../src/services/backends/embedded/sample.ts'
import { samplers } from '../../src/services/backends/embedded/samplers.ts'
import { ancestralSplit } from '../../src/services/backends/embedded/samplers/eulerAncestral.ts'
import type { Denoiser, Sampler } from '../../src/services/backends/embedded/samplers/sampler.ts'
import { schedules, sigmas as trained, sigmasOf } from '../../src/services/schedules.ts'

const MEAN = 0.3
const VARIANCE = 0.25

/** The best denoiser there is for data that is one Gaussian. */
const gaussian: Denoiser = async (x, sigma) => ({
  guess: x.map((value) => MEAN + (VARIANCE / (VARIANCE + sigma ** 2)) * (value - MEAN)),
  guidance: 0,
})

/** Where the probability-flow path of that data leads from x at one noise level to another, exactly. */
const exact = (x: number, from: number, to: number) =>
  MEAN + (x - MEAN) * Math.sqrt((VARIANCE + to ** 2) / (VARIANCE + from ** 2))

const find = (id: string) => samplers.find((sampler) => sampler.id === id) as Sampler

async function run(
  sampler: Sampler,
  sigmas: readonly number[],
  noise: Float32Array,
  seed = 1,
  denoise = gaussian,
) {
  const items = await Array.fromAsync(
    sample(denoise, { sampler, sigmas, noise, nextNoise: createNoise(seed, noise.length) }),
  )
  return { steps: items.map(({ step }) => step), x: items.at(-1)?.x as Float32Array }
}

const logSpaced = (from: number, to: number, steps: number) =>
  Array.from({ length: steps + 1 }, (_, index) => from * (to / from) ** (index / steps))

describe('samplers on Gaussian data', () => {
  const deterministic = samplers.filter(({ id }) => id !== 'Euler a')

  it.each(deterministic)('$id follows the exact path', async (sampler) => {
    const noise = Float32Array.of(-1.7, -0.4, 0, 0.9, 2)
    const sigmas = logSpaced(10, 0.05, 400)
    const { x } = await run(sampler, sigmas, noise)
    x.forEach((value, index) => expect(value).toBeCloseTo(exact(10 * (noise[index] ?? 0), 10, 0.05), 2))
  })

  it.each([
    ['Euler', 1],
    ['Heun', 2],
    ['DPM++ 2M', 2],
  ] as const)(
    '%s has convergence order %i: halving the steps divides its error by 2^order',
    async (id, order) => {
      const errorWith = async (steps: number) => {
        const { x } = await run(find(id), logSpaced(4, 0.4, steps), Float32Array.of(1))
        return Math.abs((x[0] ?? Number.NaN) - exact(4, 4, 0.4))
      }
      const [coarse, middle, fine] = [await errorWith(20), await errorWith(40), await errorWith(80)]
      expect(Math.log2(coarse / middle)).toBeGreaterThan(order - 0.25)
      expect(Math.log2(middle / fine)).toBeGreaterThan(order - 0.25)
      expect(Math.log2(middle / fine)).toBeLessThan(order + 0.4)
    },
  )

  it.each(samplers)('$id ends at the guess of its last step, on a real schedule', async (sampler) => {
    const { steps, x } = await run(sampler, sigmasOf(schedules.Karras, 8), Float32Array.of(0.5, -1))
    expect(steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(steps.at(-1)?.sigmaNext).toBe(0)
    expect(x).toEqual(steps.at(-1)?.guess)
  })

  it('shows the noisy state as a mix of picture and noise that stays in range', async () => {
    const noise = createNoise(3, 1000)()
    const { steps } = await run(find('Euler'), sigmasOf(schedules.Normal, 6), noise)
    const first = steps[0]
    const scale = 14.6146 / 15.6146
    first?.noisy.forEach((value, index) => expect(value).toBeCloseTo((noise[index] ?? 0) * scale, 4))
  })

  it('Heun asks the model twice per step, but once in the last', async () => {
    let calls = 0
    const counting: Denoiser = (x, sigma) => {
      calls++
      return gaussian(x, sigma)
    }
    await run(find('Heun'), sigmasOf(schedules.Normal, 5), Float32Array.of(1), 1, counting)
    expect(calls).toBe(9)
  })
})

describe('DDIM', () => {
  it("is Song et al.'s formula with eta 0: the same path as Euler in sigma space", async () => {
    const sigmas = sigmasOf(schedules.DDIM, 20)
    const noise = createNoise(11, 64)()
    const { steps, x } = await run(find('DDIM'), sigmas, noise)
    const timesteps = sigmas.slice(0, -1).map((sigma) => trained.indexOf(sigma))
    const kept = [...timesteps.map((t) => 1 / (1 + (trained[t] ?? 0) ** 2)), 1]
    // z_t = sqrt(a_t) x0 + sqrt(1 - a_t) e is x / sqrt(1 + sigma^2)
    let z = Array.from(noise, (value) => value * (sigmas[0] ?? 0) * Math.sqrt(kept[0] ?? 0))
    for (const [index, step] of steps.entries()) {
      const [a, aNext] = [kept[index] ?? 0, kept[index + 1] ?? 0]
      z = z.map((value, pixel) => {
        const x0 = step.guess[pixel] ?? 0
        const e = (value - Math.sqrt(a) * x0) / Math.sqrt(1 - a)
        return Math.sqrt(aNext) * x0 + Math.sqrt(1 - aNext) * e
      })
      const state = steps[index + 1]
      const scale = state ? (1 + state.sigma) * Math.sqrt(aNext) : 1
      z.forEach((value, pixel) => expect((state?.noisy ?? x)[pixel]).toBeCloseTo(value / scale, 4))
    }
  })

  it('draws what Euler draws on the same schedule, to the bit', async () => {
    const noise = createNoise(5, 64)()
    const sigmas = sigmasOf(schedules.DDIM, 15)
    const [ddim, euler] = [await run(find('DDIM'), sigmas, noise), await run(find('Euler'), sigmas, noise)]
    expect(ddim.x).toEqual(euler.x)
  })
})

describe('Euler a', () => {
  it('splits each step so that the noise left and the noise added make up the next level', () => {
    for (const [from, to] of [
      [14.6, 9.1],
      [2, 1.9],
      [0.08, 0.03],
    ] as const) {
      const { down, up } = ancestralSplit(from, to)
      expect(down ** 2 + up ** 2).toBeCloseTo(to ** 2, 10)
      expect(up).toBeCloseTo((to / from) * Math.sqrt(from ** 2 - to ** 2), 10)
    }
    expect(ancestralSplit(3, 0)).toEqual({ down: 0, up: 0 })
  })

  it('keeps the statistics of the data at every noise level', async () => {
    const noise = createNoise(21, 8000)()
    const { steps } = await run(find('Euler a'), logSpaced(20, 0.1, 120), noise, 22)
    for (const index of [40, 70, 100]) {
      const { sigma, noisy } = steps[index] ?? { sigma: Number.NaN, noisy: new Float32Array() }
      const x = Array.from(noisy, (value) => value * (1 + sigma))
      const mean = x.reduce((sum, value) => sum + value, 0) / x.length
      const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length
      expect(Math.abs(mean - MEAN) / Math.sqrt(VARIANCE + sigma ** 2)).toBeLessThan(0.05)
      expect(variance / (VARIANCE + sigma ** 2)).toBeGreaterThan(0.94)
      expect(variance / (VARIANCE + sigma ** 2)).toBeLessThan(1.06)
    }
  })

  it('takes its noise from the seed: same seed, same numbers; other seed, others', async () => {
    const sigmas = sigmasOf(schedules.Normal, 10)
    const draw = async (seed: number) =>
      (await run(find('Euler a'), sigmas, Float32Array.of(1, 2, 3), seed)).x
    expect(await draw(4)).toEqual(await draw(4))
    expect(await draw(4)).not.toEqual(await draw(5))
  })
})

it('every sampler and schedule has a help text that fits a Discord choice with its name', () => {
  for (const { id, help } of [...samplers, ...Object.values(schedules)]) {
    expect(`${id}: ${help}`.slice(0, 100)).toBe(`${id}: ${help}`)
  }
})

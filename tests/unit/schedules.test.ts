import { describe, expect, it } from 'vitest'
import { findMethod } from '../../src/services/backends/embedded/samplers.ts'
import { type Schedule, schedules, sigmas, sigmasOf } from '../../src/services/schedules.ts'

/** Stable Diffusion 1.x, "scaled linear" 0.00085 to 0.012: values computed with its own code. */
const reference = {
  Normal: [14.615, 7.84, 4.609, 2.918, 1.95, 1.345, 0.932, 0.625, 0.369, 0.029, 0],
  Karras: [14.615, 9.103, 5.478, 3.169, 1.749, 0.914, 0.447, 0.201, 0.082, 0.029, 0],
}

describe('noise schedules', () => {
  it("has Stable Diffusion's noise levels", () => {
    expect(sigmas).toHaveLength(1000)
    expect(sigmas[0]).toBeCloseTo(0.0292, 4)
    expect(sigmas[999]).toBeCloseTo(14.6146, 4)
    const signal = [0, 100, 300, 500, 700, 900, 999].map(
      (t) => 1 / Math.sqrt(1 + (sigmas[t] ?? Number.NaN) ** 2),
    )
    const wanted = [1, 0.946, 0.768, 0.526, 0.287, 0.119, 0.068]
    signal.forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 3))
  })

  it.each(['Normal', 'Karras'] as const)('%s has the reference values for 10 steps', (id) => {
    const levels = sigmasOf(schedules[id], 10)
    expect(levels).toHaveLength(11)
    levels.forEach((value, index) =>
      expect(Math.abs(value - (reference[id][index] ?? Number.NaN))).toBeLessThan(5.1e-4),
    )
  })

  it('Exponential divides by the same number at every step', () => {
    const levels = schedules.Exponential.levels(12)
    const ratios = levels.slice(1).map((value, index) => value / (levels[index] ?? Number.NaN))
    for (const ratio of ratios) expect(ratio).toBeCloseTo((0.029167 / 14.6146) ** (1 / 11), 5)
    expect(levels[0]).toBeCloseTo(14.6146, 4)
  })

  it("DDIM takes timesteps 1, 51 ... 951 for 20 steps, as AUTOMATIC1111's DDIM", () => {
    const timesteps = schedules.DDIM.levels(20).map((sigma) => sigmas.indexOf(sigma))
    expect(timesteps).toEqual(Array.from({ length: 20 }, (_, index) => 951 - 50 * index))
  })

  it.each(Object.values(schedules) as Schedule[])(
    '$id falls strictly, with as many levels as steps, from 1 to 100',
    (schedule) => {
      for (const steps of [1, 2, 3, 7, 20, 30, 64, 99, 100]) {
        const levels = sigmasOf(schedule, steps)
        expect(levels).toHaveLength(steps + 1)
        expect(levels.at(-1)).toBe(0)
        for (let index = 0; index < steps; index++)
          expect(levels[index]).toBeGreaterThan(levels[index + 1] ?? Number.NaN)
      }
      expect(schedule.levels(1)[0]).toBeCloseTo(14.6146, 4)
    },
  )
})

describe('the scheduler of a recipe', () => {
  const used = (sampler: string, scheduler: string) => findMethod(sampler, scheduler)?.schedule.id

  it("Automatic is AUTOMATIC1111's choice for each sampler", () => {
    expect(['Euler', 'Euler a', 'Heun', 'DPM++ 2M', 'DDIM'].map((id) => used(id, 'Automatic'))).toEqual([
      'Normal',
      'Normal',
      'Normal',
      'Karras',
      'DDIM',
    ])
  })

  it('is kept when it is named, except for DDIM, which has its own', () => {
    expect(used('Euler', 'Exponential')).toBe('Exponential')
    expect(used('DDIM', 'Karras')).toBe('DDIM')
  })

  it('is not made up for names that do not exist', () => {
    expect(used('Eulr', 'Normal')).toBeUndefined()
    expect(used('Euler', 'toString')).toBeUndefined()
  })
})

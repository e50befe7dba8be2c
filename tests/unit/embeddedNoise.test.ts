import { describe, expect, it } from 'vitest'
import { createDenoiser } from '../../src/services/backends/embedded/denoiser.ts'
import { guide } from '../../src/services/backends/embedded/guidance.ts'
import { createNoise, philox, slerp } from '../../src/services/backends/embedded/noise.ts'

const norm = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0))

describe('noise', () => {
  it('is Philox 4x32-10: the known answers of its authors', () => {
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
    const ones = 0xffffffff
    expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([
      0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
    ])
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ])
  })

  it("is AUTOMATIC1111's noise of source NV: the values it documents for seed 0", () => {
    const documented = [
      -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709,
      -1.07454231, -0.36314407, -1.67105067, 2.26550497,
    ]
    createNoise(0, 12)().forEach((value, index) =>
      expect(value).toBeCloseTo(documented[index] ?? Number.NaN, 5),
    )
  })

  it('gives a seed the same stream every time, and each drawing and each seed its own', () => {
    const [a, b] = [createNoise(7, 100), createNoise(7, 100)]
    const first = a()
    expect(b()).toEqual(first)
    const second = a()
    expect(second).not.toEqual(first)
    expect(b()).toEqual(second)
    expect(createNoise(8, 100)()).not.toEqual(first)
    expect(createNoise(2 ** 32 - 1, 100)().every(Number.isFinite)).toBe(true)
  })

  it('is normal: mean 0, variance 1, tails', () => {
    const numbers = createNoise(99, 50_000)()
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(norm(numbers) ** 2 / numbers.length).toBeCloseTo(1, 1)
    expect(numbers.filter((value) => Math.abs(value) > 1.96).length / numbers.length).toBeCloseTo(0.05, 2)
  })
})

describe('variation', () => {
  const [from, to] = [createNoise(1, 12_288)(), createNoise(2, 12_288)()]

  it('is one noise at strength 0 and the other at strength 1', () => {
    expect(slerp(from, to, 0)).toEqual(from)
    expect(slerp(from, to, 1)).toEqual(to)
  })

  it.each([0.1, 0.5, 0.9])(
    'keeps the length of noise at strength %d, where a plain mix shrinks',
    (strength) => {
      expect(norm(slerp(from, to, strength)) / norm(from)).toBeCloseTo(1, 1.5)
      const plain = from.map((value, index) => (1 - strength) * value + strength * (to[index] ?? 0))
      expect(norm(plain) / norm(from)).toBeLessThan(0.95)
    },
  )

  it('moves evenly: half way is as far from one as from the other', () => {
    const middle = slerp(from, to, 0.5)
    const distance = (a: Float32Array) => norm(a.map((value, index) => value - (middle[index] ?? 0)))
    expect(distance(from) / distance(to)).toBeCloseTo(1, 1)
  })

  it('leaves a noise mixed with itself as it is', () => {
    expect(slerp(from, from, 0.3)).toEqual(from)
  })
})

describe('guidance', () => {
  const withPrompt = Float32Array.of(1, 0.5, -0.25)
  const without = Float32Array.of(0.5, 0.5, 0.25)

  it('goes cfgScale times as far as the prompt leads, and says how far the prompt leads', () => {
    const { guess, guidance } = guide(withPrompt, without, 3)
    expect([...guess]).toEqual([2, 0.5, -1.25])
    expect(guidance).toBeCloseTo(1 / 3)
  })

  it('leaves the guess with the prompt as it is at cfgScale 1, and still measures', () => {
    const { guess, guidance } = guide(withPrompt, without, 1)
    expect(guess).toEqual(withPrompt)
    expect(guidance).toBeCloseTo(1 / 3)
  })

  it('asks the network once for both, with x / (1 + sigma) at t = sigma / (1 + sigma), prompt first', async () => {
    const asked: { x: number[]; t: number[]; ids: number[] }[] = []
    const denoise = createDenoiser(
      async (x, t, ids) => {
        asked.push({ x: [...x], t: [...t], ids: [...ids].map(Number) })
        return Float32Array.of(1, 2, 0, 0)
      },
      { prompt: [5, 6], negativePrompt: [9], cfgScale: 2 },
      3,
    )
    const { guess } = await denoise(Float32Array.of(8, -4), 3)
    expect(asked).toEqual([{ x: [2, -1, 2, -1], t: [0.75, 0.75], ids: [5, 6, 0, 9, 0, 0] }])
    expect([...guess]).toEqual([2, 4])
  })
})

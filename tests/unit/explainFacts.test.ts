import { describe, expect, it } from 'vitest'
import type { Run } from '../../src/domain.ts'
import { colourWord } from '../../src/services/explain/colourWords.ts'
import { factsOf } from '../../src/services/explain/facts.ts'
import { gaussianRun } from '../support/gaussianRun.ts'

/** The definitions of the issue, written a second time and in another way: channel by channel, cell by cell. */
function recompute(run: Run) {
  const side = run.width
  const cell = side / 8
  const planesOf = (picture: Float32Array) =>
    [0, 1, 2].map((channel) =>
      Array.from({ length: side }, (_, y) =>
        Array.from({ length: side }, (_, x) =>
          Math.min(1, Math.max(-1, picture[channel * side * side + y * side + x] ?? 0)),
        ),
      ),
    )
  const cellsOf = (picture: Float32Array) =>
    planesOf(picture).flatMap((plane) =>
      Array.from({ length: 64 }, (_, n) => {
        const [top, left] = [Math.floor(n / 8) * cell, (n % 8) * cell]
        const rows = plane.slice(top, top + cell).map((row) => row.slice(left, left + cell))
        return rows.flat().reduce((a, b) => a + b, 0) / cell ** 2
      }),
    )
  const detailOf = (picture: Float32Array) => {
    const cells = cellsOf(picture)
    return planesOf(picture).flatMap((plane, channel) =>
      plane.flatMap((row, y) =>
        row.map(
          (value, x) => value - (cells[channel * 64 + Math.floor(y / cell) * 8 + Math.floor(x / cell)] ?? 0),
        ),
      ),
    )
  }
  const rms = (a: number[], b: number[]) =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length) / 2
  const guesses = run.steps.map((step) => step.guess)
  const distances = guesses.map((guess) => rms(cellsOf(guess), cellsOf(run.final)))
  const layoutStep =
    distances.findIndex((_, i) => distances.slice(i).every((distance) => distance <= 0.05)) + 1
  const details = guesses.slice(1).map((guess, i) => rms(detailOf(guess), detailOf(guesses[i] ?? guess)))
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  let detailStep = 2
  while (sum(details.slice(0, detailStep - 1)) < sum(details) / 2) detailStep++
  const changes = guesses
    .slice(1)
    .map((guess, i) => rms(planesOf(guess).flat(2), planesOf(guesses[i] ?? guess).flat(2)))
  return { distances, layoutStep, detailStep, changes }
}

describe('facts of a run', () => {
  it.each([
    { steps: 12 },
    { steps: 20, layout: 0.3, detail: 0.3, seed: 9 },
    { steps: 8, layout: 0.2, detail: 0.7, cfgScale: 3 },
  ])('agree with the definitions recomputed from the frames: %j', (options) => {
    const run = gaussianRun(options)
    const facts = factsOf(run)
    const expected = recompute(run)
    expect(facts.layoutStep).toBe(expected.layoutStep)
    expect(facts.detailStep).toBe(expected.detailStep)
    expected.distances.forEach((distance, i) => expect(facts.layoutDistance[i]).toBeCloseTo(distance, 5))
    expected.changes.forEach((change, i) => expect(facts.change[i + 1]).toBeCloseTo(change, 5))
    expect(facts.change[0]).toBe(0)
  })

  it('find that the layout settles first where it varies more than the detail, and last where it varies less', () => {
    const layoutFirst = factsOf(gaussianRun({ steps: 20, layout: 1.5, detail: 0.1 }))
    const detailFirst = factsOf(gaussianRun({ steps: 20, layout: 0.15, detail: 2 }))
    expect(layoutFirst.layoutStep).toBeLessThan(layoutFirst.detailStep ?? 0)
    expect(detailFirst.layoutStep).toBeGreaterThanOrEqual(1)
    expect(detailFirst.detailStep).toBeLessThan(layoutFirst.detailStep ?? 0)
  })

  it('give the guidance as a share of black to white, as it was before CFG made it larger', () => {
    const run = gaussianRun({ cfgScale: 4 })
    const facts = factsOf(run)
    expect(facts.guidance).toEqual(run.steps.map((step) => step.guidance / 2))
    expect(facts.guidancePeak).toBe(facts.guidance.indexOf(Math.max(...facts.guidance)) + 1)
    expect(facts.guidanceMean).toBeCloseTo(facts.guidance.reduce((a, b) => a + b) / 12, 10)
  })

  it('give the noise level as t = sigma / (1 + sigma)', () => {
    const { noise, sigma } = factsOf(gaussianRun({ steps: 3 }))
    expect(sigma.map((value) => Number(value.toFixed(3)))).toEqual([14.615, 1.275, 0.029])
    expect(noise.map((value) => Number(value.toFixed(3)))).toEqual([0.936, 0.56, 0.028])
  })

  it('have no milestone of detail for one step, and none of layout for a picture that the guesses never reach', () => {
    const one = factsOf(gaussianRun({ steps: 1 }))
    expect(one.detailStep).toBeUndefined()
    const run = gaussianRun()
    const elsewhere = { ...run, final: run.final.map((value) => -value) }
    expect(factsOf(elsewhere).layoutStep).toBeUndefined()
    expect(factsOf(elsewhere).endsAtGuess).toBe(false)
    expect(factsOf(run).endsAtGuess).toBe(true)
  })

  it('name the colours of the picture', () => {
    const { finalLook } = factsOf(gaussianRun({ steps: 30, layout: 0.05, detail: 0.05 }))
    expect(finalLook.edges).toBe('white')
    expect(finalLook.colours.map(({ word }) => word)).toEqual(['white', 'red'])
    expect(finalLook.colours[1]?.share).toBeCloseTo(Math.PI * 0.3 ** 2, 1)
    expect([colourWord(255, 140, 0), colourWord(120, 70, 20), colourWord(40, 90, 220)]).toEqual([
      'orange',
      'brown',
      'blue',
    ])
  })

  it('refuse a run without steps', () => {
    expect(() => factsOf({ ...gaussianRun(), steps: [] })).toThrow(RangeError)
  })
})

import { expect, test } from 'vitest'
import { runProgram } from '../support/program.ts'

test('the benchmark measures a flood and everybody else, and says whether its target was met', async () => {
  const { ended, said } = runProgram('scripts/bench.ts', ['--quick', '--only', 'fairness'])
  const code = await ended
  expect(said.err).toContain('fairness')
  expect(code).toBe(0)

  expect(said.out).toContain('QUICK RUN')
  const rows = said.out.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const figureOf = (what: string) => rows.find(([, name]) => name === what)?.[2]
  expect(figureOf('flood of 8, then 4 people: last of them')).toMatch(/^\d+\.\d\d s$/)
  expect(figureOf('ETA error, flood of 8, then 4 people: forecast')).toMatch(/^\d+\.\d\d s, \d+ %$/)
  // Counted in jobs, so it holds on a busy machine, too.
  expect(Number(figureOf('flood of 8, then 4 people: worst delay in jobs'))).toBeLessThanOrEqual(2)
  expect(rows.at(-2)?.[1]).toBe('target: flood of 8, then 4 people, worst delay <= 1 job a lane')
}, 60_000)

test('a part that does not exist is named, and nothing is measured', async () => {
  const { ended, said } = runProgram('scripts/bench.ts', ['--only', 'lanes,speed'])
  expect(await ended).toBe(1)
  expect(said.err).toContain('There is no speed; there are: start,')
  expect(said.out).toBe('')
})

/** When pictures will be ready, by what was measured. */
import { expect, it } from 'vitest'
import { forecast } from '../../src/services/queue/forecast.ts'
import { createStats } from '../../src/services/stats.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { ben, mei, noor, useStudio } from '../support/studio.ts'

const on = (...backends: string[]) => new Set(backends)
const job = (id: string, seconds: number | undefined, ...backends: string[]) => ({
  id,
  notBefore: 0,
  seconds,
  backends: on(...backends),
})

it('gives each job of the line to the machine that is free first', () => {
  const slots = [
    { backend: 'a', freeAt: 3000 },
    { backend: 'b', freeAt: 1000 },
  ]
  const line = [job('one', 4, 'a', 'b'), job('two', 1, 'a', 'b'), job('three', 1, 'b'), job('four', 1, 'a')]
  expect(Object.fromEntries(forecast(slots, line, 1000))).toEqual({
    one: 5000,
    two: 4000,
    three: 6000,
    four: 5000,
  })
})

it('leaves out what is not known, and what comes after it', () => {
  const slots = [
    { backend: 'a', freeAt: 0 },
    { backend: 'away', freeAt: undefined },
  ]
  const line = [job('known', 2, 'a'), job('new', undefined, 'a'), job('after', 2, 'a'), job('x', 1, 'away')]
  expect([...forecast(slots, line, 0).keys()]).toEqual(['known'])
})

it('tells a person in line when their picture will be ready, from measured times of the size', async () => {
  let now = 1_790_000_000_000
  const { ask, backend, database, queue } = await useStudio({ now: () => now })
  queue.start()
  const draw = async (number: number, ms: number, extra = {}) => {
    const job = await ask(noor, 'measured', extra)
    const call = await backend.called(number)
    now += ms
    call.finish()
    await queue.idle()
    return job
  }
  const first = await ask(ben, 'one')
  await backend.called(1)
  const waiting = await ask(mei, 'two')
  const left = async (id: string) => {
    const updates = queue.follow(id)
    const { value } = await updates.next()
    await updates.return()
    return value?.secondsLeft
  }
  expect(await left(waiting.id)).toBeUndefined()
  now += 4000
  backend.calls[0]!.finish()
  ;(await backend.called(2)).finish()
  await queue.idle()
  expect(queue.get(first.id)?.state).toBe('done')
  await draw(3, 20_000, { width: 128, height: 128 })
  // 4 s and 0 s: the median of this size; the other size takes twenty.
  const stats = createStats(database)
  expect(stats.secondsPerPicture('plain', '64x64')).toBe(2)
  expect(stats.secondsPerPicture('plain', '128x128')).toBe(20)
  // A size that nobody has drawn yet: as of all.
  expect(stats.secondsPerPicture('plain', '256x256')).toBe(4)
  expect(stats.secondsPerPicture('other', '64x64')).toBeUndefined()

  const running = await ask(ben, 'three', { count: 2 })
  await backend.called(4)
  const large = await ask(mei, 'four', { width: 128, height: 128 })
  const small = await ask(noor, 'five')
  now += 1000
  expect([await left(running.id), await left(large.id), await left(small.id)]).toEqual([3, 23, 25])
})

it('an experiment spoils no measure, and counts its cells', async () => {
  let now = 1_790_000_000_000
  const { ask, backend, database, imagine, queue } = await useStudio({
    now: () => now,
    backend: createMemoryBackend(),
  })
  queue.start()
  await ask(ben, 'one', { count: 4 })
  const call = await backend.called(1)
  now += 8000
  call.finish()
  await queue.idle()
  const stats = createStats(database)
  expect(stats.secondsPerPicture('plain', '64x64')).toBe(2)
  const request = await imagine.parse({ prompt: 'x', seed: 1 }, '100')
  const { count: _, ...cell } = request
  const experiment = { variable: 'steps' as const, values: ['1', '2', '3'], cells: [cell, cell, cell] }
  const job = await ask(mei, 'cells', { experiment })
  await backend.called(2)
  const updates = queue.follow(job.id)
  expect((await updates.next()).value?.secondsLeft).toBe(6)
  await updates.return()
  for (let i = 2; i <= 4; i += 1) {
    const cellCall = await backend.called(i)
    now += 60_000
    cellCall.finish()
  }
  await queue.idle()
  expect(stats.secondsPerPicture('plain', '64x64')).toBe(2)
  expect(stats.typicalSeconds('plain')).toEqual({ seconds: 2, jobs: 1 })
})

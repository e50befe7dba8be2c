/** Who is next: classes of twenty at simulated lanes, and what they wait. */
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../scripts/chaos/random.ts'
import type { CheckedJob } from '../../src/services/queue.ts'
import { createFairOrder } from '../../src/services/queue/fairOrder.ts'
import type { JobTable } from '../../src/services/queue/jobTable.ts'
import { sampleJob } from '../support/samples.ts'
import { openTable, simulateClass, type Arrival, type Drawn } from '../support/simulateClass.ts'
import { origin } from '../support/studio.ts'

const lane = ['plain']
const people = Array.from({ length: 19 }, (_, i) => `p${i + 1}`)
const flood = (person: string, count: number, more: Partial<Arrival> = {}): Arrival[] =>
  Array.from({ length: count }, () => ({ at: 0, person, seconds: 1, ...more }))
const of = (drawn: readonly Drawn[], person: string) => drawn.filter((job) => job.person === person)

const add = (
  jobs: JobTable,
  id: string,
  expectedSeconds = 1,
  { isFirst = false, model = 'emoji', backends = ['lane0'] } = {},
) =>
  jobs.insert(
    { ...sampleJob().request, model } as CheckedJob,
    { id, name: id },
    origin,
    { isFirst },
    { expectedSeconds, backends },
  )

describe.each([1, 2, 4])('with %i lanes', (count) => {
  const lanes = Array.from({ length: count }, () => lane)

  it('a flood of fifty delays nineteen others by at most one job a lane', async () => {
    const others = people.map((person) => ({ at: 0.5, person, seconds: 1 }))
    const alone = await simulateClass(others, lanes)
    const drawn = await simulateClass([...flood('flood', 50), ...others], lanes)
    expect(drawn).toHaveLength(69)
    for (const person of people) {
      const delay = of(drawn, person)[0]!.wait - of(alone, person)[0]!.wait
      expect(delay).toBeLessThanOrEqual(1)
    }
  })

  it('who comes in the middle of a flood is next', async () => {
    const drawn = await simulateClass([...flood('flood', 50), { at: 7.5, person: 'mei', seconds: 1 }], lanes)
    expect(of(drawn, 'mei')[0]!.wait).toBeLessThanOrEqual(1)
  })

  it('three who want more than there is get the same time, whatever their jobs cost', async () => {
    const drawn = await simulateClass(
      [...flood('small', 200), ...flood('nine', 30, { seconds: 9 }), ...flood('three', 80, { seconds: 3 })],
      lanes,
    )
    // Until the first of them has no job left that waits.
    const until = 150 / count
    const timeOf = (person: string) =>
      of(drawn, person)
        .filter(({ began }) => began < until)
        .reduce((sum, { seconds }) => sum + seconds, 0)
    const times = ['small', 'three', 'nine'].map(timeOf)
    // Start-time fair queueing: two people are never further apart than the longest job of each.
    expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(18)
  })
})

it('an experiment of nine cells counts nine', async () => {
  const drawn = await simulateClass(
    [...flood('ben', 2, { seconds: 9 }), ...flood('mei', 12, { at: 0.5 })],
    [lane],
  )
  const second = of(drawn, 'ben')[1]!
  expect(of(drawn, 'mei').filter(({ began }) => began < second.began)).toHaveLength(9)
})

it('who was away has saved nothing up', async () => {
  const busy = flood('ben', 100)
  const drawn = await simulateClass([...busy, ...flood('mei', 1), ...flood('mei', 20, { at: 50 })], [lane])
  const afterwards = drawn.filter(({ began }) => began >= 52 && began < 72)
  expect(of(afterwards, 'ben').length).toBeGreaterThanOrEqual(9)
})

it('a flood for one model takes no turn from those who use another', async () => {
  const drawn = await simulateClass(
    [
      // Ben has had much on two machines, Mei waits with ten jobs at the third one, and then Ann comes there.
      ...flood('ben', 80, { model: 'a' }),
      ...flood('mei', 10, { model: 'b', seconds: 10 }),
      { at: 31, person: 'ann', seconds: 10, model: 'b' },
    ],
    [['a'], ['a'], ['b']],
  )
  expect(of(drawn, 'ann')[0]!.wait).toBe(9)
})

it('who has drawn much on one machine is next on another one, whoever floods that', async () => {
  const drawn = await simulateClass(
    [
      ...flood('ben', 80, { model: 'a' }),
      ...flood('mei', 80, { model: 'b' }),
      { at: 30.5, person: 'ben', seconds: 1, model: 'b' },
    ],
    [['a'], ['b']],
  )
  expect(of(drawn, 'ben').find(({ model }) => model === 'b')!.wait).toBeLessThanOrEqual(1)
})

it('what two machines may draw counts on both, and is given back on both when it fails', async () => {
  const { jobs, order } = await openTable(Date.now, () => ['lane0', 'lane1'])
  const more = { backends: ['lane0', 'lane1'] }
  const [first, second] = [add(jobs, 'ben', 5, more), add(jobs, 'ben', 5, more)]
  jobs.claim(order.list()[0]!, 'lane0')
  order.forget()
  jobs.claim(order.list()[0]!, 'lane1')
  const third = add(jobs, 'ben', 5, more)
  const other = add(jobs, 'mei', 5, more)
  order.forget()
  const line = () => order.list().map(({ id, tag }) => [id, tag])
  // Two of five seconds are begun, and the virtual time is that at which the second one was.
  expect(line()).toEqual([
    [other.id, 5],
    [third.id, 10],
  ])
  jobs.finish(second.id, 'done')
  jobs.finish(first.id, 'failed')
  order.forget()
  expect(line()).toEqual([
    [other.id, 5],
    [third.id, 5],
  ])
})

it('places are told in the order in which jobs are then drawn, also when another machine draws some', async () => {
  const machines: Record<string, string[]> = { a: ['lane0'], both: ['lane0', 'lane1'] }
  const { jobs, order } = await openTable(Date.now, ({ model }) => machines[model] ?? [])
  const ask = (person: string, seconds: number, model: string) =>
    add(jobs, person, seconds, { model, backends: machines[model]! })
  ask('ben', 5, 'both')
  ask('ben', 5, 'a')
  for (let i = 0; i < 4; i += 1) ask('mei', 2, 'a')
  const [first, ...told] = order.list().map(({ id }) => id)
  const claim = (model: string, backend: string) => {
    const next = order.next({ models: new Set([model]) }, 0)!
    jobs.claim(next, backend)
    order.forget()
    return next.id
  }
  expect(claim('both', 'lane1')).toBe(first)
  expect(told.map(() => claim('a', 'lane0'))).toEqual(told)
})

it('a job that waits for another machine is not paid for with every turn of its person', async () => {
  const drawn = await simulateClass(
    [
      ...flood('ann', 1, { model: 'a', seconds: 1000 }),
      ...flood('ben', 1, { model: 'a', seconds: 10 }),
      ...flood('ben', 60, { model: 'b' }),
      ...flood('mei', 60, { model: 'b' }),
    ],
    [['a'], ['b']],
  )
  const first = drawn.filter(({ began, model }) => model === 'b' && began < 60)
  expect(of(first, 'ben').length).toBeGreaterThanOrEqual(25)
})

it('a model that is loaded makes nobody wait for more than two jobs', async () => {
  const drawn = await simulateClass(
    [
      ...flood('flood', 50, { model: 'b' }),
      { at: 5.5, person: 'mei', seconds: 1, model: 'a' },
      ...people.map((person) => ({ at: 6.5, person, seconds: 1, model: 'b' })),
    ],
    [['a', 'b']],
  )
  // Half a second until the lane is free, and two jobs that need no loading.
  expect(of(drawn, 'mei')[0]!.wait).toBe(2.5)
})

it('a new round begins when nothing is left: what somebody had yesterday counts no more', async () => {
  const drawn = await simulateClass(
    [...flood('ben', 1, { seconds: 20 }), ...flood('mei', 3, { at: 1000 }), ...flood('ben', 3, { at: 1000 })],
    [lane],
  )
  const today = drawn.filter(({ began }) => began >= 1000).map(({ person }) => person)
  expect(today).toEqual(['mei', 'ben', 'mei', 'ben', 'mei', 'ben'])
})

it('places are told in the order in which jobs are then drawn, whatever they cost', async () => {
  const { jobs, order } = await openTable()
  const costs = { ben: [3, 1, 1], mei: [1, 9, 1], noor: [2, 2, 2] }
  for (const round of [0, 1, 2])
    for (const [person, seconds] of Object.entries(costs)) add(jobs, person, seconds[round])
  const told = order.list().map(({ id }) => id)
  const drawn = told.map(() => {
    const next = order.next({ models: new Set(['emoji']) }, 0)!
    jobs.claim(next, 'lane0')
    order.forget()
    return next.id
  })
  expect(drawn).toEqual(told)
})

it('whoever is first goes before the line, and takes nobody else’s place in it', async () => {
  const drawn = await simulateClass(
    [
      ...flood('ben', 6),
      ...flood('ida', 4, { at: 0.5, isFirst: true }),
      { at: 4.5, person: 'mei', seconds: 1 },
    ],
    [lane],
  )
  expect(drawn.map(({ person }) => person)).toEqual([
    'ben',
    ...Array<string>(4).fill('ida'),
    'mei',
    ...Array<string>(5).fill('ben'),
  ])
})

it('what was begun before goes on first and takes no second turn', async () => {
  const { jobs, order } = await openTable()
  const [first, second, third] = [add(jobs, 'ben'), add(jobs, 'ben'), add(jobs, 'ben')]
  const other = add(jobs, 'mei')
  const line = () => order.list().map(({ id, tag }) => [id, tag])
  const claim = (id: string) => {
    expect(
      jobs.claim(
        order.list().find((job) => job.id === id)!,
        'lane0',
      ),
    ).toBeDefined()
    order.forget()
  }
  claim(first.id)
  claim(second.id)
  jobs.retryLater(first.id)
  order.forget()
  expect(line()).toEqual([
    [first.id, 0],
    [other.id, 0],
    [third.id, 2],
  ])
  claim(first.id)
  expect(line()).toEqual([
    [other.id, 0],
    [third.id, 2],
  ])
  // What failed for good was no turn at all.
  jobs.finish(first.id, 'failed')
  order.forget()
  expect(line()).toEqual([
    [other.id, 0],
    [third.id, 1],
  ])
})

it.each([1, 2, 3])('is the same when only what has changed is read: seed %i', async (seed) => {
  const machines = { a: ['lane0'], b: ['lane1'], both: ['lane0', 'lane1'] }
  const models = Object.keys(machines) as ['a', 'b', 'both']
  const machinesFor = ({ model }: { model: string }) => machines[model as keyof typeof machines]
  const { database, jobs, order } = await openTable(Date.now, machinesFor)
  const random = createRandom(seed)
  const running = new Set<string>()
  const anAdd = () => {
    const model = random.pick(models)
    const more = { model, backends: machines[model], isFirst: random.chance(0.1) }
    return add(jobs, `p${random.whole(1, 6)}`, random.whole(1, 9), more).id
  }
  const aClaim = () => {
    const backend = random.pick(['lane0', 'lane1'])
    const offers = new Set(models.filter((model) => machines[model].includes(backend)))
    // A lane for which not every job is free.
    const next = order.next({ models: offers, isFree: () => random.chance(0.7) }, 0)
    if (!next) return undefined
    expect(jobs.claim(next, backend)).toBeDefined()
    running.add(next.id)
    return next.id
  }
  const aCancel = () => {
    const id = order.list()[random.whole(0, 50)]?.id
    if (id) jobs.finish(id, 'cancelled')
    return id
  }
  const anEnd = (end: (id: string) => void) => () => {
    const [id] = running
    if (!id) return undefined
    running.delete(id)
    end(id)
    return id
  }
  const aDone = anEnd((id) => jobs.finish(id, 'done'))
  const aFailure = anEnd((id) => jobs.finish(id, 'failed'))
  const aRetry = anEnd((id) => jobs.retryLater(id))
  const anUnstart = anEnd((id) => jobs.unstart(id))
  const flow = [anAdd, anAdd, anAdd, anAdd, aClaim, aCancel, aDone, aFailure, aRetry, anUnstart] as const
  // Now and then nothing is left, so that a new round begins.
  const ebb = [aClaim, aClaim, aClaim, aDone, aDone, aFailure, aRetry] as const
  const lengths = new Set<number>()
  for (let step = 0; step < 1000; step += 1) {
    const changed = random.pick<() => string | undefined>(step % 200 < 80 ? flow : ebb)()
    if (changed === undefined) continue
    order.forget(changed)
    // Sometimes several have changed before it is asked for.
    if (random.chance(0.2)) continue
    expect(order.list()).toEqual(createFairOrder(database, machinesFor).list())
    lengths.add(order.list().length + running.size)
  }
  expect(lengths.has(0)).toBe(true)
  expect(Math.max(...lengths)).toBeGreaterThan(10)
})

it('is found in a moment among 1,000 waiting jobs', async () => {
  const { jobs, order } = await openTable()
  for (let i = 0; i < 1000; i += 1) add(jobs, `p${i % 30}`, 1 + (i % 7))
  const times: number[] = []
  for (let i = 0; i < 20; i += 1) {
    order.forget()
    const start = performance.now()
    order.next({ models: new Set(['emoji']) }, 0)
    times.push(performance.now() - start)
  }
  expect(order.list()).toHaveLength(1000)
  // The best of them: other tests use the machine, too.
  expect(Math.min(...times)).toBeLessThan(25)
})

/** What happens to jobs and machines when a machine fails. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { BackendError, backendSentence, type BackendErrorKind } from '../../src/errors.ts'
import { createHealth } from '../../src/services/queue/health.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, noor, useStudio } from '../support/studio.ts'

const error = (kind: BackendErrorKind, backend = 'a', retryAfterMs?: number) =>
  new BackendError(backend, kind, 'no', retryAfterMs === undefined ? {} : { retryAfterMs })

/** Two machines with the same model, the first of which gets the first job. */
async function useTwo(pauseMs = 20) {
  const a = createMemoryBackend({ id: 'a' })
  const b = createMemoryBackend({ id: 'b' })
  const studio = await useStudio({ machines: [a, b], retryPauseMs: pauseMs })
  studio.queue.start()
  return { a, b, ...studio }
}

describe('a job whose machine fails', () => {
  it.each(['unavailable', 'timeout', 'rate-limited', 'bad-response', 'out-of-memory'] as const)(
    'goes at once to another machine with the same model: %s',
    async (kind) => {
      const { a, b, ask, queue } = await useTwo(60_000)
      const job = await ask(ben, 'one')
      ;(await a.called(1)).fail(error(kind))
      const call = await b.called(1)
      expect(call.request).toMatchObject({ prompt: 'one', seed: 7 })
      call.finish()
      await queue.idle()
      expect(queue.get(job.id)?.state).toBe('done')
      expect([a.calls.length, b.calls.length]).toEqual([1, 1])
    },
  )

  it('goes there before everyone who waits, and its person has had one turn only', async () => {
    const { a, b, ask, queue } = await useTwo(60_000)
    await ask(ben, 'ben 1')
    await a.called(1)
    await ask(mei, 'mei 1')
    await b.called(1)
    await ask(noor, 'noor 1')
    await ask(ben, 'ben 2')
    await ask(mei, 'mei 2')
    a.calls[0]!.fail(error('unavailable'))
    b.calls[0]!.finish()
    for (let i = 2; i <= 5; i += 1) (await b.called(i)).finish()
    await queue.idle()
    const prompts = b.calls.map(({ request }) => request.prompt)
    expect(prompts).toEqual(['mei 1', 'ben 1', 'noor 1', 'ben 2', 'mei 2'])
  })

  it.each(['timeout', 'bad-response', 'out-of-memory'] as const)(
    'is reported when a second machine fails it for the same reason: %s',
    async (kind) => {
      const { a, b, ask, queue } = await useTwo(1)
      const job = await ask(ben, 'one')
      ;(await a.called(1)).fail(error(kind))
      ;(await b.called(1)).fail(error(kind, 'b'))
      await queue.idle()
      expect(queue.get(job.id)).toMatchObject({ state: 'failed', failure: backendSentence[kind] })
      expect([a.calls.length, b.calls.length]).toEqual([1, 1])
    },
  )

  it('is tried once more when both machines are away, and then reported', async () => {
    const { a, b, ask, queue } = await useTwo(1)
    const job = await ask(ben, 'one')
    ;(await a.called(1)).fail(error('unavailable'))
    ;(await b.called(1)).fail(error('unavailable', 'b'))
    const third = await Promise.race([a.called(2), b.called(2)])
    third.fail(error('unavailable'))
    await queue.idle()
    expect(queue.get(job.id)).toMatchObject({ state: 'failed', failure: backendSentence.unavailable })
    expect(a.calls.length + b.calls.length).toBe(3)
  })

  it('is not tried again when it was refused', async () => {
    const { a, b, ask, queue } = await useTwo()
    const job = await ask(ben, 'one')
    ;(await a.called(1)).fail(error('rejected'))
    await queue.idle()
    expect(queue.get(job.id)?.failure).toBe(backendSentence.rejected)
    expect(b.calls).toHaveLength(0)
  })

  it.each(['bad-response', 'out-of-memory'] as const)(
    'is not tried again on the only machine when waiting does not help: %s',
    async (kind) => {
      const { backend, ask, queue } = await useStudio()
      const job = await ask(ben, 'one')
      queue.start()
      ;(await backend.called(1)).fail(error(kind))
      await queue.idle()
      expect(queue.get(job.id)?.failure).toBe(backendSentence[kind])
      expect(backend.calls).toHaveLength(1)
    },
  )

  it('waits for the other machine rather than for the one whose memory is too small', async () => {
    const { a, b, ask, queue } = await useTwo(100)
    await ask(ben, 'one')
    await a.called(1)
    const large = await ask(mei, 'large')
    ;(await b.called(1)).fail(error('bad-response', 'b'))
    a.calls[0]!.finish()
    ;(await a.called(2)).finish()
    await queue.idle()
    expect(queue.get(large.id)?.state).toBe('done')
    await ask(ben, 'two')
    await a.called(3)
    expect(queue.asideUntil('b')).toBeGreaterThan(Date.now())
    a.calls[2]!.fail(error('out-of-memory'))
    ;(await b.called(2)).finish()
    await queue.idle()
    expect(a.calls).toHaveLength(3)
  })

  it('never goes to a machine that costs money when it was accepted as free', async () => {
    const free = createMemoryBackend({ id: 'a' })
    const costly = createMemoryBackend({ id: 'b', model: { ...paidModel, id: 'plain' } })
    const other = createMemoryBackend({ id: 'c', model: { ...plainModel, id: 'other' } })
    const { ask, queue } = await useStudio({ machines: [free, costly, other], retryPauseMs: 1 })
    queue.start()
    const job = await ask(ben, 'one', { model: 'plain' })
    for (let i = 1; i <= 3; i += 1) (await free.called(i)).fail(error('unavailable'))
    await queue.idle()
    expect(queue.get(job.id)?.state).toBe('failed')
    expect([costly.calls, other.calls]).toEqual([[], []])
  })
})

describe('a machine that has done its part', () => {
  it('begins the next job while the last picture is stored, but never gets more than one ahead', async () => {
    const { backend, ask, queue } = await useStudio()
    queue.start()
    const first = await ask(ben, 'one')
    await ask(mei, 'two')
    await ask(noor, 'three')
    const one = await backend.called(1)
    await wait(20)
    expect(backend.calls).toHaveLength(1)
    one.free()
    const two = await backend.called(2)
    expect(queue.get(first.id)?.state).toBe('running')
    two.free()
    await wait(20)
    // The picture of the first one is held up, on a full disk for instance.
    expect(backend.calls).toHaveLength(2)
    one.finish()
    const three = await backend.called(3)
    two.finish()
    three.finish()
    await queue.idle()
    expect(queue.get(first.id)?.state).toBe('done')
  })
})

describe('a machine that fails', () => {
  it('is left alone for a while, then one job tries it, and then it has all its lanes again', async () => {
    const machine = createMemoryBackend({ id: 'a', lanes: 3 })
    const { ask, queue } = await useStudio({ machines: [machine], retryPauseMs: 40 })
    queue.start()
    for (const person of [ben, mei, noor]) await ask(person, person.name)
    await machine.called(3)
    // All three were there when it went down: that is one failure.
    for (const call of machine.calls) call.fail(error('unavailable'))
    await wait(10)
    expect(queue.asideUntil('a')).toBeGreaterThan(Date.now())
    expect(machine.calls).toHaveLength(3)
    const probe = await machine.called(4)
    expect(queue.asideUntil('a')).toBeUndefined()
    await wait(20)
    expect(machine.calls).toHaveLength(4)
    probe.finish()
    await machine.called(6)
    for (const call of machine.calls.slice(4)) call.finish()
    await queue.idle()
  })

  it('is not set aside for what it refuses or has too little memory for', async () => {
    const { a, b, ask, queue } = await useTwo(60_000)
    await ask(ben, 'one')
    ;(await a.called(1)).fail(error('out-of-memory'))
    await b.called(1)
    expect(queue.asideUntil('a')).toBeUndefined()
    await ask(mei, 'two')
    ;(await a.called(2)).finish()
    b.calls[0]!.finish()
    await queue.idle()
  })

  it('takes no job while it is set aside, which then waits for it without using up its tries', async () => {
    const { ask, backend, queue } = await useStudio({ retryPauseMs: 30 })
    queue.start()
    await ask(ben, 'one')
    const failed = performance.now()
    ;(await backend.called(1)).fail(error('unavailable', 'memory'))
    await ask(mei, 'two')
    const second = await backend.called(2)
    expect(performance.now() - failed).toBeGreaterThanOrEqual(29)
    expect(second.request.prompt).toBe('one')
    second.finish()
    ;(await backend.called(3)).finish()
    await queue.idle()
  })

  it('is set aside for 1, 3, 10, 30 and 60 seconds, or for as long as it asks, and never longer', () => {
    const health = createHealth(1000)
    const pauses = [0, 0, 0, 0, 0, 0].map(() => {
      health.failed('a', health.era('a'), 0)
      return health.asideUntil('a', 0)
    })
    expect(pauses).toEqual([1000, 3000, 10_000, 30_000, 60_000, 60_000])
    const era = health.era('b')
    for (let i = 0; i < 4; i += 1) health.failed('b', era, 0)
    expect(health.asideUntil('b', 0)).toBe(1000)
    health.worked('a', health.era('a'))
    expect(health.room({ id: 'a', lanes: 4 }, [], 0)).toBe(4)
    health.failed('a', health.era('a'), 0, 7000)
    expect(health.asideUntil('a', 0)).toBe(7000)
    health.failed('a', health.era('a'), 0, 3_600_000)
    expect(health.asideUntil('a', 0)).toBe(60_000)
    expect([health.nextEnd(0), health.nextEnd(1000), health.nextEnd(60_000)]).toEqual([
      1000,
      60_000,
      undefined,
    ])
    expect(health.asideUntil('c', 0)).toBeUndefined()
  })

  it('is not well again because of a picture that it drew before it failed', () => {
    const health = createHealth(1000)
    const before = health.era('a')
    health.failed('a', before, 0, 7000)
    health.worked('a', before)
    expect(health.asideUntil('a', 0)).toBe(7000)
  })

  it('is tried with one job, also while nobody knows yet whether what it drew is a picture', () => {
    const health = createHealth(1000)
    health.failed('a', health.era('a'), 0)
    const machine = { id: 'a', lanes: 1 }
    expect(health.room(machine, [], 1000)).toBe(1)
    const work = { era: health.era('a'), isOffMachine: true }
    expect(health.room(machine, [work], 1000)).toBe(0)
    health.worked('a', work.era)
    expect(health.room(machine, [work], 1000)).toBe(1)
  })
})

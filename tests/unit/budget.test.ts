/** What may be spent in a day, over the real queue and a database on disk. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { BackendError } from '../../src/errors.ts'
import type { Limits } from '../../src/services/budget.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, openStudio, origin, temporaryFolder, useStudio } from '../support/studio.ts'

const noon = new Date(2026, 10, 23, 12).getTime()
const paid = () => createMemoryBackend({ model: paidModel })
const ofBen = (studio: { budget: { spent(guild: string, person: string): Limits } }) =>
  studio.budget.spent(origin.guildId, ben.id)
const close = (usd: number) => expect.closeTo(usd, 9) as number

/** Days are those of the bot's time zone, not of London. */
let zone: string | undefined
beforeEach(() => {
  zone = process.env['TZ']
})
afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

it('reserves what is expected and settles what it really cost', async () => {
  const studio = await useStudio({ backend: paid() })
  studio.queue.start()
  const job = await studio.ask(ben, 'one', { model: 'paid', count: 2 })
  expect(job.reservedUsd).toBe(0.2)
  expect(ofBen(studio)).toEqual({ classUsd: close(0.2), personUsd: close(0.2) })
  ;(await studio.backend.called(1)).finish(0.03)
  await studio.queue.idle()
  expect(studio.queue.get(job.id)?.costUsd).toBeCloseTo(0.06)
  expect(ofBen(studio)).toEqual({ classUsd: close(0.06), personUsd: close(0.06) })
  expect(studio.budget.spent(origin.guildId, mei.id)).toEqual({ classUsd: close(0.06), personUsd: 0 })
  expect(studio.budget.spent('another server', ben.id)).toEqual({ classUsd: 0, personUsd: 0 })
})

it('asks the backend for the estimate, and keeps it where the machine does not say what it cost', async () => {
  const backend = createMemoryBackend({
    model: paidModel,
    isAuto: true,
    estimate: ({ steps, count }) => ({ usd: steps * count * 0.001, seconds: 1 }),
  })
  const studio = await useStudio({ backend })
  studio.queue.start()
  const job = await studio.ask(ben, 'one', { model: 'paid', steps: 30, count: 1 })
  await studio.queue.idle()
  expect(studio.queue.get(job.id)).toMatchObject({ reservedUsd: 0.03, costUsd: 0.03 })
})

it('refuses what would cost more than a person has left, in one sentence, and stores nothing', async () => {
  const studio = await useStudio({ backend: paid() })
  for (let i = 0; i < 4; i += 1) await studio.ask(ben, 'one', { model: 'paid' })
  await expect(studio.ask(ben, 'two', { model: 'paid', count: 2 })).rejects.toMatchObject({
    code: 'over-budget',
    message:
      'This would cost about $0.20, but only $0.10 of your $0.50 for today is left; ' +
      'please choose a model that is free, or go on tomorrow.',
  })
  expect(studio.queue.unfinished()).toHaveLength(4)
  await studio.ask(ben, 'the last ten cents', { model: 'paid' })
  await studio.ask(mei, 'somebody else', { model: 'paid' })
})

it('refuses what would cost more than the class has left', async () => {
  const studio = await useStudio({ backend: paid() })
  await studio.settings.update(origin.guildId, { budgetClassUsd: 0.15 })
  await studio.ask(ben, 'one', { model: 'paid' })
  await expect(studio.ask(mei, 'two', { model: 'paid' })).rejects.toThrow(
    'only $0.05 of the $0.15 of the class for today is left',
  )
})

it('gives two people who ask at once only what there is', async () => {
  const studio = await useStudio({ backend: paid() })
  await studio.settings.update(origin.guildId, { budgetClassUsd: 0.15 })
  const asked = await Promise.allSettled([
    studio.ask(ben, 'one', { model: 'paid' }),
    studio.ask(mei, 'two', { model: 'paid' }),
  ])
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

it('gives back what failed, and what was cancelled while waiting or running', async () => {
  const studio = await useStudio({ backend: paid() })
  studio.queue.start()
  await studio.ask(ben, 'fails', { model: 'paid' })
  const call = await studio.backend.called(1)
  const waiting = await studio.ask(ben, 'waits', { model: 'paid' })
  const running = await studio.ask(ben, 'runs', { model: 'paid' })
  expect(ofBen(studio).personUsd).toBeCloseTo(0.3)
  studio.queue.cancel(waiting.id, { id: ben.id, instructor: false })
  expect(ofBen(studio).personUsd).toBeCloseTo(0.2)
  call.fail(new BackendError('memory', 'rejected', 'no'))
  await studio.backend.called(2)
  expect(ofBen(studio).personUsd).toBeCloseTo(0.1)
  studio.queue.cancel(running.id, { id: ben.id, instructor: false })
  await studio.queue.idle()
  expect(ofBen(studio)).toEqual({ classUsd: 0, personUsd: 0 })
})

it('counts nothing as reserved once a job has ended, however it ended', async () => {
  const studio = await useStudio({ backend: paid() })
  for (const state of ['done', 'failed', 'cancelled']) {
    const { id } = await studio.ask(ben, state, { model: 'paid' })
    // Whatever ends a job, also by hand: there is no second book that could be forgotten.
    studio.database.prepare('UPDATE jobs SET state = ?, finished_at = 1 WHERE id = ?').run(state, id)
    expect(ofBen(studio).personUsd).toBe(0)
  }
})

it('remembers over a restart what is reserved and what was spent', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder, { backend: paid() })
  before.queue.start()
  await before.ask(ben, 'done', { model: 'paid' })
  ;(await before.backend.called(1)).finish(0.04)
  await before.queue.idle()
  await before.ask(ben, 'interrupted', { model: 'paid' })
  await before.backend.called(2)
  await before.close()

  const after = await openStudio(folder, { backend: paid() })
  expect(ofBen(after).personUsd).toBeCloseTo(0.14)
  after.queue.start()
  ;(await after.backend.called(1)).finish(0.05)
  await after.queue.idle()
  expect(ofBen(after).personUsd).toBeCloseTo(0.09)
  await after.close()
})

it('begins anew at midnight where the bot is; a job counts on the day on which it was accepted', async () => {
  process.env['TZ'] = 'Pacific/Auckland'
  let now = new Date(2026, 10, 23, 23, 59, 59).getTime()
  const studio = await useStudio({ backend: paid(), now: () => now })
  studio.queue.start()
  await studio.ask(ben, 'late', { model: 'paid' })
  expect(ofBen(studio).personUsd).toBeCloseTo(0.1)
  now += 2000
  expect(ofBen(studio).personUsd).toBe(0)
  ;(await studio.backend.called(1)).finish(0.1)
  await studio.queue.idle()
  expect(ofBen(studio).personUsd).toBe(0)
  now -= 2000
  expect(ofBen(studio).personUsd).toBeCloseTo(0.1)
})

it('never counts what is free', async () => {
  const studio = await useStudio({ backend: createMemoryBackend({ isAuto: true }), now: () => noon })
  await studio.settings.update(origin.guildId, { budgetClassUsd: 0, budgetPersonUsd: 0 })
  studio.queue.start()
  const job = await studio.ask(ben, 'one')
  await studio.queue.idle()
  expect(studio.queue.get(job.id)).toMatchObject({
    state: 'done',
    reservedUsd: undefined,
    costUsd: undefined,
  })
  expect(ofBen(studio)).toEqual({ classUsd: 0, personUsd: 0 })
})

it('does not let a machine that costs money draw what was accepted as free', async () => {
  let isUp = false
  const free = createMemoryBackend({ id: 'free', isAuto: true, isUp: () => isUp })
  const costly = createMemoryBackend({ id: 'costly', model: { ...paidModel, id: plainModel.id } })
  const studio = await useStudio({ machines: [costly, free] })
  studio.queue.start()
  const job = await studio.ask(ben, 'one')
  expect(job.reservedUsd).toBeUndefined()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(costly.calls).toHaveLength(0)
  isUp = true
  await studio.queue.idle()
  expect(free.calls).toHaveLength(1)
  expect(costly.calls).toHaveLength(0)
})

it('counts what was paid for, although it was cancelled while the files were written', async () => {
  const studio = await useStudio({ backend: paid() })
  const { gallery, queue } = studio
  const job = await studio.ask(ben, 'one', { model: 'paid' })
  const keep = gallery.keep.bind(gallery)
  gallery.keep = async (...args) => {
    queue.cancel(job.id, { id: ben.id, instructor: false })
    return keep(...args)
  }
  queue.start()
  ;(await studio.backend.called(1)).finish(0.04)
  await queue.idle()
  expect(queue.get(job.id)?.state).toBe('cancelled')
  expect(gallery.ofJob(job.id)).toEqual([])
  expect(ofBen(studio).personUsd).toBeCloseTo(0.04)
})

it('fails after a start what was accepted as free when only a machine that costs money is left', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  const job = await before.ask(ben, 'one')
  await before.close()

  const costly = createMemoryBackend({ model: { ...paidModel, id: plainModel.id } })
  const after = await openStudio(folder, { backend: costly })
  after.queue.start()
  await after.queue.idle()
  expect(after.queue.get(job.id)).toMatchObject({ state: 'failed', costUsd: undefined })
  expect(costly.calls).toHaveLength(0)
  await after.close()
})

it('reserves the listed price where a machine cannot tell what a request costs', async () => {
  const estimate = () => ({ usd: Number.NaN, seconds: 1 })
  const studio = await useStudio({ backend: createMemoryBackend({ model: paidModel, estimate }) })
  expect(await studio.ask(ben, 'one', { model: 'paid', count: 3 })).toMatchObject({
    reservedUsd: expect.closeTo(0.3, 9) as number,
  })
})

it.each([
  [0.1, { personUsd: 0.4, classUsd: 5 }, false],
  [0.11, { personUsd: 0.4, classUsd: 5 }, true],
  // Whichever is less counts.
  [0.1, { personUsd: 0.5, classUsd: 0.3 }, true],
  [0.9, { personUsd: 20, classUsd: 50 }, false],
  [1.1, { personUsd: 20, classUsd: 50 }, true],
  // All of it may be asked about, more is refused.
  [0.3, { personUsd: 0.1 + 0.2, classUsd: 5 }, true],
  [0.4, { personUsd: 0.3, classUsd: 5 }, false],
])('%f dollars of %o are much: %s', async (usd, left, isMuch) => {
  const { budget } = await useStudio()
  expect(budget.isCostly(usd, left)).toBe(isMuch)
})

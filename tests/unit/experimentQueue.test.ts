/** An experiment in the queue: one job, one turn, and what becomes of its cells when one of them cannot be drawn. */
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BackendError } from '../../src/errors.ts'
import { createExperiments } from '../../src/services/experiments.ts'
import { createMemoryBackend, paidModel } from '../support/memoryBackend.ts'
import { noLessonRuns } from '../support/samples.ts'
import { ben, mei, openStudio, origin, temporaryFolder, useStudio } from '../support/studio.ts'

type Studio = Awaited<ReturnType<typeof openStudio>>

async function run(studio: Studio, values = '1, 2, 3', person = ben, model = 'plain') {
  const request = await createExperiments({ ...studio, lessonRuns: noLessonRuns }).parse(
    { options: { prompt: 'a red heart', seed: 7, model }, variable: 'steps', values },
    origin.guildId,
  )
  return studio.imagine.submit(request, person, origin)
}

const broken = () => new BackendError('memory', 'rejected', 'no')
const down = () => new BackendError('memory', 'unavailable', 'gone')
const indices = (studio: Studio, id: string) => studio.gallery.ofJob(id).map(({ index }) => index)

describe('an experiment', () => {
  it('is one job of its person: others come between two of them, not between its cells', async () => {
    const studio = await useStudio({ backend: createMemoryBackend({ isAuto: true }) })
    await run(studio)
    await run(studio)
    await studio.ask(mei, 'between')
    studio.queue.start()
    await studio.queue.idle()
    expect(studio.backend.calls.map(({ request }) => request.prompt)).toEqual([
      ...Array.from({ length: 3 }, () => 'a red heart'),
      'between',
      ...Array.from({ length: 3 }, () => 'a red heart'),
    ])
  })

  it('leaves its machine only after the last cell', async () => {
    const studio = await useStudio()
    studio.queue.start()
    await run(studio, '1, 2')
    await studio.ask(mei, 'after')
    const first = await studio.backend.called(1)
    first.free()
    await wait(20)
    expect(studio.backend.calls).toHaveLength(1)
    first.finish()
    const last = await studio.backend.called(2)
    last.free()
    const after = await studio.backend.called(3)
    expect(after.request.prompt).toBe('after')
    last.finish()
    after.finish()
    await studio.queue.idle()
  })

  it('says which picture of how many is being drawn', async () => {
    const studio = await useStudio()
    studio.queue.start()
    const job = await run(studio)
    ;(await studio.backend.called(1)).finish()
    ;(await studio.backend.called(2)).progress(1)
    const follow = studio.queue.follow(job.id)
    expect((await follow.next()).value).toMatchObject({
      progress: { pictureIndex: 1, pictureCount: 3, step: 1 },
    })
    await follow.return()
  })

  it('keeps the other pictures when one fails for good, and says why it is missing', async () => {
    const studio = await useStudio()
    studio.queue.start()
    const job = await run(studio)
    ;(await studio.backend.called(1)).finish()
    ;(await studio.backend.called(2)).fail(broken())
    ;(await studio.backend.called(3)).finish()
    await studio.queue.idle()
    expect(studio.queue.get(job.id)).toMatchObject({ state: 'done', failure: broken().sentence })
    expect(indices(studio, job.id)).toEqual([0, 2])
  })

  it('fails when none could be drawn', async () => {
    const studio = await useStudio()
    studio.queue.start()
    const job = await run(studio, '1, 2')
    ;(await studio.backend.called(1)).fail(broken())
    ;(await studio.backend.called(2)).fail(broken())
    await studio.queue.idle()
    expect(studio.queue.get(job.id)).toMatchObject({ state: 'failed', failure: broken().sentence })
  })

  it('tries again what a machine that is down did not draw, and only that; in the end it posts what there is', async () => {
    const studio = await useStudio()
    studio.queue.start()
    const job = await run(studio)
    ;(await studio.backend.called(1)).finish()
    for (const call of [2, 3, 4]) (await studio.backend.called(call)).fail(down())
    await studio.queue.idle()
    expect(studio.backend.calls.map(({ request }) => request.steps)).toEqual([1, 2, 2, 2])
    expect(studio.queue.get(job.id)).toMatchObject({ state: 'done', failure: down().sentence })
    expect(indices(studio, job.id)).toEqual([0])
  })

  it('draws after a restart only what was not finished', async () => {
    const folder = await temporaryFolder()
    const before = await openStudio(folder)
    before.queue.start()
    const job = await run(before)
    ;(await before.backend.called(1)).finish()
    await before.backend.called(2)
    await before.close()
    const after = await openStudio(folder, { backend: createMemoryBackend({ isAuto: true }) })
    onTestFinished(() => after.close())
    after.queue.start()
    await after.queue.idle()
    expect(after.backend.calls.map(({ request }) => request.steps)).toEqual([2, 3])
    expect(indices(after, job.id)).toEqual([0, 1, 2])
  })

  it('shows what there is when the process died over it too often', async () => {
    const folder = await temporaryFolder()
    const first = await openStudio(folder)
    onTestFinished(() => first.close())
    const job = await run(first)
    for (let life = 1; life <= 5; life += 1) {
      const next = await openStudio(folder)
      onTestFinished(() => next.close())
      next.queue.start()
      if (life === 1) (await next.backend.called(1)).finish()
      await next.backend.called(life === 1 ? 2 : 1)
    }
    const last = await openStudio(folder)
    onTestFinished(() => last.close())
    last.queue.start()
    expect(last.queue.get(job.id)).toMatchObject({
      state: 'done',
      failure: expect.stringContaining(job.id) as string,
    })
    expect(indices(last, job.id)).toEqual([0])
  })

  it('leaves no picture when it is cancelled while it waits to be tried again', async () => {
    const studio = await useStudio({ retryPauseMs: 60_000 })
    studio.queue.start()
    const job = await run(studio)
    ;(await studio.backend.called(1)).finish()
    ;(await studio.backend.called(2)).fail(down())
    await expect.poll(() => studio.queue.get(job.id)?.state).toBe('waiting')
    expect(indices(studio, job.id)).toEqual([0])
    studio.queue.cancel(job.id, { id: ben.id, instructor: false })
    await expect.poll(() => indices(studio, job.id)).toEqual([])
  })

  it('leaves no picture when it is cancelled in the middle, but what it has cost', async () => {
    const studio = await useStudio({ backend: createMemoryBackend({ model: paidModel }) })
    studio.queue.start()
    const job = await run(studio, '1, 2', ben, 'paid')
    ;(await studio.backend.called(1)).finish(0.07)
    await studio.backend.called(2)
    studio.queue.cancel(job.id, { id: ben.id, instructor: false })
    await studio.queue.idle()
    expect(studio.queue.get(job.id)).toMatchObject({ state: 'cancelled', costUsd: 0.07 })
    expect(indices(studio, job.id)).toEqual([])
  })
})

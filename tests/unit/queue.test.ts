import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Job } from '../../src/domain.ts'
import { BackendError, backendSentence } from '../../src/errors.ts'
import type { JobUpdate } from '../../src/services/queue.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { ben, mei, noor, origin, useStudio } from '../support/studio.ts'

const prompts = (calls: { request: { prompt: string } }[]) => calls.map(({ request }) => request.prompt)

async function all(updates: AsyncIterable<JobUpdate>): Promise<JobUpdate[]> {
  const seen: JobUpdate[] = []
  for await (const update of updates) seen.push(update)
  return seen
}

it('stores a job with all it needs to be drawn and answered', async () => {
  const { ask, queue } = await useStudio()
  const job = await ask(ben, 'a red heart', { count: 2 })
  expect(queue.get(job.id)).toEqual(job)
  expect(job).toMatchObject({
    state: 'waiting',
    asker: ben,
    origin,
    request: { prompt: 'a red heart', seed: 7 },
  })
  expect(job.id).toMatch(/^[0-9a-hjkmnp-tv-z]{12}$/)
})

it('takes turns between people, however many jobs one of them has', async () => {
  const { ask, backend, queue } = await useStudio({ backend: createMemoryBackend({ isAuto: true }) })
  for (let i = 1; i <= 4; i += 1) await ask(ben, `ben ${i}`)
  for (let i = 1; i <= 2; i += 1) await ask(mei, `mei ${i}`)
  await ask(noor, 'noor 1')
  queue.start()
  await queue.idle()
  expect(prompts(backend.calls)).toEqual(['ben 1', 'mei 1', 'noor 1', 'ben 2', 'mei 2', 'ben 3', 'ben 4'])
})

it('tells places in the order in which jobs are then drawn', async () => {
  const { ask, backend, queue } = await useStudio({ backend: createMemoryBackend({ isAuto: true }) })
  const jobs: Job[] = []
  for (const [person, prompt] of [
    [ben, 'b1'],
    [ben, 'b2'],
    [mei, 'm1'],
    [ben, 'b3'],
    [mei, 'm2'],
  ] as const) {
    jobs.push(await ask(person, prompt))
  }
  const byPlace = jobs.toSorted((a, b) => queue.place(a.id)! - queue.place(b.id)!)
  queue.start()
  await queue.idle()
  expect(prompts(backend.calls)).toEqual(byPlace.map(({ request }) => 'prompt' in request && request.prompt))
})

it('remembers who was served when the next ones come', async () => {
  const { ask, backend, queue } = await useStudio()
  queue.start()
  await ask(ben, 'ben 1')
  const first = await backend.called(1)
  await ask(ben, 'ben 2')
  await ask(mei, 'mei 1')
  first.finish()
  expect((await backend.called(2)).request.prompt).toBe('mei 1')
})

it('refuses more waiting jobs than a person may have, and takes one again when one is gone', async () => {
  const { ask, queue } = await useStudio({ maxWaitingPerPerson: 2 })
  const first = await ask(ben, 'one')
  await ask(ben, 'two')
  await expect(ask(ben, 'three')).rejects.toMatchObject({
    code: 'too-many',
    message: 'You already have 2 jobs waiting; please wait for one of them, or cancel one first.',
  })
  await ask(mei, 'of another person')
  queue.cancel(first.id, { id: ben.id, instructor: false })
  await ask(ben, 'three')
})

it('tells a follower the saved state, the place, the progress and the end with its pictures', async () => {
  const { ask, backend, queue } = await useStudio()
  const job = await ask(ben, 'a cat', { count: 2 })
  const updates = all(queue.follow(job.id))
  queue.start()
  const call = await backend.called(1)
  await wait(5)
  call.progress(3)
  await wait(5)
  call.finish()
  const seen = await updates
  expect(seen.map(({ job, place, progress }) => [job.state, place, progress?.step])).toEqual([
    ['waiting', 1, undefined],
    ['running', undefined, undefined],
    ['running', undefined, 3],
    ['done', undefined, undefined],
  ])
  expect(seen.at(-1)?.pictures.map(({ index, recipe }) => [index, 'seed' in recipe && recipe.seed])).toEqual([
    [0, 7],
    [1, 8],
  ])
  expect(await all(queue.follow(job.id))).toHaveLength(1)
})

it('tells a follower when the line moves', async () => {
  const { ask, queue } = await useStudio()
  const first = await ask(ben, 'one')
  const second = await ask(mei, 'two')
  const updates = queue.follow(second.id)
  expect((await updates.next()).value).toMatchObject({ place: 2 })
  const next = updates.next()
  queue.cancel(first.id, { id: ben.id, instructor: false })
  expect((await next).value).toMatchObject({ place: 1 })
  await updates.return()
})

it('stops telling when the signal aborts', async () => {
  const { ask, queue } = await useStudio()
  const job = await ask(ben, 'one')
  const controller = new AbortController()
  const updates = queue.follow(job.id, controller.signal)
  await updates.next()
  const next = updates.next()
  controller.abort()
  expect((await next).done).toBe(true)
})

it('cancels a waiting and a running job, and the pictures of the latter are not kept', async () => {
  const { ask, backend, gallery, queue } = await useStudio()
  queue.start()
  const running = await ask(ben, 'one')
  const waiting = await ask(ben, 'two')
  const call = await backend.called(1)
  queue.cancel(waiting.id, { id: ben.id, instructor: false })
  queue.cancel(running.id, { id: '999', instructor: true })
  expect(call.signal.aborted).toBe(true)
  call.finish()
  await queue.idle()
  expect([queue.get(running.id)?.state, queue.get(waiting.id)?.state]).toEqual(['cancelled', 'cancelled'])
  expect(gallery.ofJob(running.id)).toEqual([])
  expect(backend.calls).toHaveLength(1)
})

it('lets nobody but the asker and instructors cancel, and nothing that has ended', async () => {
  const { ask, queue } = await useStudio({ backend: createMemoryBackend({ isAuto: true }) })
  const job = await ask(ben, 'one')
  const stranger = () => queue.cancel(job.id, { id: mei.id, instructor: false })
  expect(stranger).toThrow(expect.objectContaining({ code: 'not-allowed' }) as Error)
  queue.start()
  await queue.idle()
  const late = () => queue.cancel(job.id, { id: ben.id, instructor: false })
  expect(late).toThrow('already ended')
  expect(queue.get(job.id)?.state).toBe('done')
})

it('tries again when the machine is away, and draws in the end', async () => {
  const { ask, backend, queue } = await useStudio()
  const job = await ask(ben, 'one')
  queue.start()
  ;(await backend.called(1)).fail(new BackendError('memory', 'unavailable', 'refused'))
  ;(await backend.called(2)).fail(new BackendError('memory', 'rate-limited', 'slow', { retryAfterMs: 5 }))
  ;(await backend.called(3)).finish()
  await queue.idle()
  expect(queue.get(job.id)?.state).toBe('done')
})

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'does not miss the end of a pause of %i ms that falls between two looks at the clock',
  async (pause) => {
    // A clock that goes on with every look: what happens between two looks happens here each time.
    let time = 1_790_000_000_000
    const { ask, backend, queue } = await useStudio({ now: () => time++, retryPauseMs: pause })
    const job = await ask(ben, 'one')
    queue.start()
    ;(await backend.called(1)).fail(new BackendError('memory', 'unavailable', 'refused'))
    ;(await backend.called(2)).finish()
    await queue.idle()
    expect(queue.get(job.id)?.state).toBe('done')
  },
)

it('gives up after two retries, with the sentence for that failure', async () => {
  const { ask, backend, queue } = await useStudio()
  const job = await ask(ben, 'one')
  queue.start()
  for (let i = 1; i <= 3; i += 1)
    (await backend.called(i)).fail(new BackendError('memory', 'timeout', 'slow'))
  await queue.idle()
  expect(queue.get(job.id)).toMatchObject({ state: 'failed', failure: backendSentence.timeout })
  expect(backend.calls).toHaveLength(3)
})

it('does not try again what was refused, nor what broke, and shows no detail', async () => {
  const { ask, backend, queue } = await useStudio()
  const refused = await ask(ben, 'one')
  const broken = await ask(ben, 'two')
  queue.start()
  ;(await backend.called(1)).fail(new BackendError('memory', 'rejected', '/secret/path'))
  ;(await backend.called(2)).fail(new TypeError('x is undefined'))
  await queue.idle()
  expect(queue.get(refused.id)?.failure).toBe(backendSentence.rejected)
  expect(queue.get(broken.id)?.failure).toBe(
    `Something broke while this was drawn; please tell your instructor this number: ${broken.id}.`,
  )
})

it('draws as many jobs at once as there are lanes', async () => {
  const { ask, backend, queue } = await useStudio({ backend: createMemoryBackend({ lanes: 2 }) })
  queue.start()
  for (const person of [ben, mei, noor]) await ask(person, person.name)
  await backend.called(2)
  await wait(10)
  expect(backend.calls).toHaveLength(2)
  backend.calls[1]!.finish()
  expect((await backend.called(3)).request.prompt).toBe('Noor')
})

it('keeps the interaction token until the result is delivered', async () => {
  const { ask, database, queue } = await useStudio()
  const job = await ask(ben, 'one')
  expect(queue.unfinished()).toMatchObject([{ origin: { interactionToken: origin.interactionToken } }])
  queue.setMessage(job.id, { channelId: '110', messageId: '500' })
  queue.cancel(job.id, { id: ben.id, instructor: false })
  queue.markDelivered(job.id, { channelId: '110', messageId: '501' })
  expect(queue.get(job.id)).toMatchObject({ messageId: '501', origin: { interactionToken: '' } })
  expect(queue.unfinished()).toEqual([])
  expect(database.prepare(`SELECT 1 FROM jobs WHERE interaction_token <> ''`).all()).toEqual([])
})

it('forgets the interaction token after 15 minutes', async () => {
  let now = 1_000_000
  const { ask, database, queue } = await useStudio({ now: () => now })
  const job = await ask(ben, 'one')
  now += 15 * 60_000 - 1
  expect(queue.get(job.id)?.origin.interactionToken).toBe(origin.interactionToken)
  now += 1
  expect(queue.get(job.id)?.origin.interactionToken).toBe('')
  queue.start()
  expect(database.prepare(`SELECT 1 FROM jobs WHERE interaction_token <> ''`).all()).toEqual([])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { lockFolder } from '../../src/services/folderLock.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, openStudio, temporaryFolder } from '../support/studio.ts'

it('goes on after a restart: what waited and what ran is drawn, with the same seed', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  before.queue.start()
  const running = await before.ask(ben, 'one', { seed: 4_294_967_295 })
  const waiting = await before.ask(mei, 'two')
  await before.backend.called(1)
  await before.close()

  const after = await openStudio(folder, { backend: createMemoryBackend({ isAuto: true }) })
  onTestFinished(() => after.close())
  expect(after.queue.unfinished().map(({ id }) => id)).toEqual([running.id, waiting.id])
  after.queue.start()
  await after.queue.idle()
  expect(after.backend.calls.map(({ request }) => request)).toEqual([running.request, waiting.request])
  expect(after.queue.get(running.id)?.state).toBe('done')
})

it('goes on after the process died, and keeps no picture twice', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  onTestFinished(() => before.close())
  before.queue.start()
  const job = await before.ask(ben, 'one', { count: 2 })
  await before.backend.called(1)
  // The first of two pictures was stored, then the process died: nothing of `before` runs from here on.
  const image = { recipe: job.request, png: await tinyPng(), width: 1, height: 1, notes: [] }
  const kept = await before.gallery.keep(job, 0, image)

  const after = await openStudio(folder, { backend: createMemoryBackend({ isAuto: true }) })
  onTestFinished(() => after.close())
  after.queue.start()
  await after.queue.idle()
  const pictures = after.gallery.ofJob(job.id)
  expect(pictures.map(({ index }) => index)).toEqual([0, 1])
  expect(pictures[0]?.id).toBe(kept.id)
})

it('gives up a job that was being drawn at every death of the process', async () => {
  const folder = await temporaryFolder()
  const studio = await openStudio(folder)
  onTestFinished(() => studio.close())
  const job = await studio.ask(ben, 'one')
  for (let life = 1; life <= 5; life += 1) {
    const next = await openStudio(folder)
    onTestFinished(() => next.close())
    next.queue.start()
    await next.backend.called(1)
  }
  const last = await openStudio(folder)
  onTestFinished(() => last.close())
  last.queue.start()
  expect(last.queue.get(job.id)).toMatchObject({
    state: 'failed',
    failure: expect.stringContaining(job.id) as string,
  })
})

it('forgets what was drawn for a cancelled job when the process died before it could', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  before.queue.start()
  const cancelled = await before.ask(ben, 'one')
  const waiting = await before.ask(mei, 'two')
  await before.backend.called(1)
  before.queue.cancel(cancelled.id, { id: ben.id, instructor: false })
  before.queue.markDelivered(cancelled.id, { channelId: '110', messageId: '500' })
  await before.close()
  // As if its picture had been kept just then, and the process had died.
  const image = { recipe: cancelled.request, png: await tinyPng(), width: 1, height: 1, notes: [] }
  const between = await openStudio(folder)
  const kept = await between.gallery.keep(cancelled, 0, image)
  await between.close()

  const after = await openStudio(folder, { backend: createMemoryBackend({ isAuto: true }) })
  onTestFinished(() => after.close())
  const file = path.join(folder, 'pictures', `${kept.id}.png`)
  expect([after.gallery.ofJob(cancelled.id).length, existsSync(file)]).toEqual([1, true])
  after.queue.start()
  await after.queue.idle()
  await expect.poll(() => existsSync(file)).toBe(false)
  expect([after.gallery.ofJob(cancelled.id), after.gallery.search('one')]).toEqual([[], []])
  expect(after.gallery.ofJob(waiting.id)).toHaveLength(1)
})

it('says so when the model of a waiting job is gone after a restart', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  const job = await before.ask(ben, 'one')
  await before.close()
  const backend = createMemoryBackend({ model: { ...plainModel, id: 'other' } })
  const after = await openStudio(folder, { backend })
  onTestFinished(() => after.close())
  after.queue.start()
  expect(after.queue.get(job.id)?.failure).toBe(
    'The model "plain" is not there any more; please choose another one.',
  )
})

it('tells the same places after a restart while the machine cannot be reached, and its models are not known yet', async () => {
  const folder = await temporaryFolder()
  const before = await openStudio(folder)
  const ids: string[] = []
  for (const count of [4, 1]) ids.push((await before.ask(ben, 'x', { count })).id)
  for (let i = 0; i < 3; i += 1) ids.push((await before.ask(mei, 'x')).id)
  const told = ids.map((id) => before.queue.place(id))
  expect(told).toEqual([1, 5, 2, 3, 4])
  await before.close()
  const after = await openStudio(folder, { backend: createMemoryBackend({ models: [], isUp: () => false }) })
  onTestFinished(() => after.close())
  after.queue.start()
  expect(ids.map((id) => after.queue.place(id))).toEqual(told)
})

it('refuses a data folder that another bot uses, until that one is killed', async () => {
  const folder = await temporaryFolder()
  const folderLock = path.resolve('src/services/folderLock.ts')
  const script = `import { lockFolder } from ${JSON.stringify(folderLock)}
    globalThis.unlock = lockFolder(${JSON.stringify(folder)}) // dropped, it would be collected, and the lock with it
    process.stdout.write('locked')
    setInterval(() => {}, 1000)`
  const other = spawn(process.execPath, ['--input-type=module', '--eval', script])
  onTestFinished(() => void other.kill('SIGKILL'))
  await once(other.stdout, 'data')
  expect(() => lockFolder(folder)).toThrow('Another Darkroom is already using the folder')
  other.kill('SIGKILL')
  await once(other, 'exit')
  lockFolder(folder)()
})

async function tinyPng(): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
}

/** How many pictures a day may bring, over the real queue. */
import { expect, it } from 'vitest'
import { BackendError } from '../../src/errors.ts'
import { createPictureCount } from '../../src/services/pictureLimits.ts'
import { ben, mei, origin, useStudio } from '../support/studio.ts'

const noon = new Date(2026, 10, 23, 12).getTime()

async function open(limits: { picturesPerson?: number; picturesClass?: number }) {
  const clock = { now: noon }
  const studio = await useStudio({ now: () => clock.now })
  await studio.settings.update(origin.guildId, limits)
  const count = createPictureCount(studio.database, () => clock.now)
  const used = () => count.used(origin.guildId, ben.id)
  return { ...studio, clock, used }
}

it('counts each picture of a job, and refuses with what is left', async () => {
  const { ask, queue, used } = await open({ picturesPerson: 5 })
  await ask(ben, 'one', { count: 4 })
  expect(used()).toEqual({ person: 4, class: 4 })
  await expect(ask(ben, 'two', { count: 2 })).rejects.toMatchObject({
    code: 'too-many',
    message:
      'Your limit is 5 pictures a day and only 1 is left, but this makes 2; please ask for fewer, or go on tomorrow, or talk to your instructor.',
  })
  expect(queue.unfinished()).toHaveLength(1)
  await ask(ben, 'the last one')
  await expect(ask(ben, 'three')).rejects.toThrow('none is left, but this makes 1; please go on tomorrow')
  await ask(mei, 'somebody else', { count: 4 })
})

it('limits the class together', async () => {
  const { ask } = await open({ picturesClass: 5, picturesPerson: 100 })
  await ask(ben, 'one', { count: 4 })
  await expect(ask(mei, 'two', { count: 4 })).rejects.toThrow(
    'The limit of the class is 5 pictures a day and only 1 is left, but this makes 4',
  )
  await ask(mei, 'three')
})

it('counts the cells of an experiment, and gives those back that were not drawn', async () => {
  const { ask, backend, imagine, queue, used } = await open({ picturesPerson: 4 })
  queue.start()
  const { count: _, ...cell } = await imagine.parse({ prompt: 'x', seed: 1 }, origin.guildId)
  const experiment = { variable: 'steps' as const, values: ['1', '2', '3'], cells: [cell, cell, cell] }
  await ask(ben, 'cells', { experiment })
  expect(used().person).toBe(3)
  await expect(ask(ben, 'two', { count: 2 })).rejects.toThrow('only 1 is left')
  ;(await backend.called(1)).finish()
  ;(await backend.called(2)).fail(new BackendError('memory', 'rejected', 'no'))
  ;(await backend.called(3)).finish()
  await queue.idle()
  expect(used().person).toBe(2)
})

it('gives back what failed or was cancelled, and begins anew the next day', async () => {
  const { ask, backend, clock, queue, used } = await open({ picturesPerson: 1 })
  const waiting = await ask(ben, 'one')
  queue.cancel(waiting.id, { id: ben.id, instructor: false })
  expect(used().person).toBe(0)
  queue.start()
  await ask(ben, 'two')
  ;(await backend.called(1)).fail(new BackendError('memory', 'rejected', 'no'))
  await queue.idle()
  await ask(ben, 'three')
  ;(await backend.called(2)).finish()
  await queue.idle()
  await expect(ask(ben, 'four')).rejects.toThrow('none is left')
  clock.now += 86_400_000
  await ask(ben, 'five')
})

it('counts without a limit, so that one set later holds for the whole day', async () => {
  const { ask, settings } = await open({})
  for (let i = 0; i < 3; i += 1) await ask(ben, 'one', { count: 4 })
  await settings.update(origin.guildId, { picturesPerson: 12 })
  await expect(ask(ben, 'two')).rejects.toThrow('none is left')
})

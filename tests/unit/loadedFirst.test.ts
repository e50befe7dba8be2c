/** A machine that has to load its models: which job it takes. */
import { expect, it } from 'vitest'
import type { Person } from '../../src/domain.ts'
import { BackendError } from '../../src/errors.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, noor, origin, useStudio } from '../support/studio.ts'

const models = ['a', 'b'].map((id) => ({ ...plainModel, id }))
const people: Person[] = [ben, mei, noor, ...['204', '205', '206'].map((id) => ({ id, name: id }))]

/** Each one asks for one picture with a model, in this order; gives the models in the order in which they were drawn with. */
async function drawnWith(asked: string, { isLoading = true } = {}): Promise<string> {
  const backend = createMemoryBackend({ isAuto: true, models, isLoading })
  const { ask, queue } = await useStudio({ backend })
  for (const [index, model] of asked.split('').entries()) await ask(people[index]!, model, { model })
  queue.start()
  await queue.idle()
  return backend.calls.map(({ request }) => request.model).join('')
}

it('draws with the loaded model first, so that it loads each one once', async () => {
  expect(await drawnWith('ababab')).toBe('aaabbb')
})

it('takes turns as they come where nothing has to be loaded', async () => {
  expect(await drawnWith('ababab', { isLoading: false })).toBe('ababab')
})

it('looks at the next three only', async () => {
  expect(await drawnWith('abbab')).toBe('aabbb')
  expect(await drawnWith('abbba')).toBe('abbba')
})

it('lets nobody be passed over more than twice', async () => {
  expect(await drawnWith('abaaaa')).toBe('aaabaa')
})

it('counts a turn once for a person whose later job went first', async () => {
  const backend = createMemoryBackend({ models, isLoading: true })
  const { ask, queue } = await useStudio({ backend })
  queue.start()
  await ask(noor, 'noor 1', { model: 'a' })
  const first = await backend.called(1)
  for (const [index, model] of ['b', 'a', 'b'].entries()) await ask(ben, `ben ${index + 1}`, { model })
  for (const index of [1, 2, 3]) await ask(mei, `mei ${index}`, { model: 'b' })
  first.finish()
  for (let call = 2; call <= 7; call += 1) (await backend.called(call)).finish()
  await queue.idle()
  expect(backend.calls.map(({ request }) => request.prompt)).toEqual([
    'noor 1',
    'ben 2',
    'mei 1',
    'ben 1',
    'mei 2',
    'ben 3',
    'mei 3',
  ])
})

it('passes over nobody who goes before the line', async () => {
  const backend = createMemoryBackend({ isAuto: true, models, isLoading: true })
  const { ask, queue, settings } = await useStudio({ backend })
  await settings.update(origin.guildId, { instructorsFirst: true })
  await ask(ben, 'ben 1', { model: 'a' })
  await ask(ben, 'ben 2', { model: 'a' })
  const instructor = { ...mei, isInstructor: true }
  await ask(instructor, 'mei 1', { model: 'a' })
  await ask(instructor, 'mei 2', { model: 'b' })
  queue.start()
  await queue.idle()
  expect(backend.calls.map(({ request }) => request.prompt)).toEqual(['mei 1', 'mei 2', 'ben 1', 'ben 2'])
})

it('goes on first with what was begun before', async () => {
  const backend = createMemoryBackend({ models, isLoading: true })
  const { ask, queue } = await useStudio({ backend })
  queue.start()
  await ask(ben, 'ben', { model: 'b' })
  const first = await backend.called(1)
  // Something else was loaded meanwhile.
  Object.assign(backend, { isLoaded: (model: string) => model === 'a' })
  await ask(mei, 'mei', { model: 'a' })
  first.fail(new BackendError('memory', 'unavailable', 'gone'))
  ;(await backend.called(2)).finish()
  ;(await backend.called(3)).finish()
  await queue.idle()
  expect(backend.calls.map(({ request }) => request.prompt)).toEqual(['ben', 'ben', 'mei'])
})

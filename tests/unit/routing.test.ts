import { expect, it } from 'vitest'
import type { ModelInfo } from '../../src/domain.ts'
import { createBackends } from '../../src/services/backends.ts'
import { modelFor } from '../../src/services/routing.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'

const machine = (id: string, model: Partial<ModelInfo>) =>
  createMemoryBackend({ id, model: { ...plainModel, ...model } })
const embedded = machine('embedded', { id: 'emoji' })
const first = machine('auto1111-1', { id: 'sdxl' })
const second = machine('auto1111-2', { id: 'anime' })
const costly = createMemoryBackend({ id: 'replicate', model: paidModel })
const empty = { ...machine('auto1111-1', {}), models: () => [] }

const choose =
  'Please choose a model: emoji (free), paid (about $0.10 a picture); ' +
  'an instructor can set one for the whole class with /class model.'

it.each([
  ['the one that was asked for', [embedded, first, costly], 'paid', undefined, 'paid'],
  ['the one that was asked for, also against the class', [embedded, first], 'emoji', 'sdxl', 'emoji'],
  ['the one of the class', [embedded, first, second], undefined, 'anime', 'anime'],
  ['the one of the class, though it costs money', [embedded, first, costly], undefined, 'paid', 'paid'],
  ['the first free one of a machine', [embedded, costly, first, second], undefined, undefined, 'sdxl'],
  ['the embedded one when nothing else is connected', [embedded], undefined, undefined, 'emoji'],
])('draws with %s', (_, list, asked, ofClass, expected) => {
  expect(modelFor(createBackends(list), asked, ofClass).id).toBe(expected)
})

it.each([
  ['costs money', [embedded, costly], undefined, choose],
  [
    'is a machine that was never reached',
    [embedded, empty],
    undefined,
    'Please choose a model: emoji (free); an instructor can set one for the whole class with /class model.',
  ],
  ['is nothing', [], undefined, 'No machine that draws is connected; please tell your instructor.'],
  [
    'lacks the model of the class',
    [embedded, first],
    'gone',
    'The model of this class, "gone", is not there right now; please choose a model: emoji (free), sdxl (free), ' +
      'or ask an instructor to set another one with /class model.',
  ],
])('asks rather than guesses when all that is connected %s', (_, list, ofClass, sentence) => {
  const routing = () => modelFor(createBackends(list), undefined, ofClass)
  expect(routing).toThrow(expect.objectContaining({ code: 'not-set-up', message: sentence }) as Error)
})

it('takes a free machine before one that costs money for the same model', () => {
  const sameModel = createMemoryBackend({ id: 'replicate', model: { ...paidModel, id: 'sdxl' } })
  const backends = createBackends([sameModel, first])
  expect(backends.find('sdxl').backend.id).toBe('auto1111-1')
  expect(backends.models().map(({ id, price }) => [id, price])).toEqual([['sdxl', undefined]])
})

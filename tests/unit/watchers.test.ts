import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createWatchers } from '../../src/services/queue/watchers.ts'

it('wakes those who follow that job, once, and leaves no listener behind', async () => {
  const watchers = createWatchers()
  const { signal } = new AbortController()
  const waits = [watchers.next('a', signal), watchers.next('a', signal), watchers.next('b', signal)]
  expect(watchers.count()).toBe(3)
  watchers.wake('a')
  await Promise.all([waits[0]!.promise, waits[1]!.promise])
  expect(watchers.count()).toBe(1)
  waits[2]!.forget()
  expect(watchers.count()).toBe(0)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('wakes at an abort, also one that has already happened', async () => {
  const watchers = createWatchers()
  const controller = new AbortController()
  const before = watchers.next('a', controller.signal)
  controller.abort()
  await before.promise
  await watchers.next('a', controller.signal).promise
  expect(watchers.count()).toBe(0)
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
})

it('wakes only those who are meant', () => {
  const watchers = createWatchers()
  const { signal } = new AbortController()
  watchers.next('a', signal)
  watchers.next('b', signal)
  watchers.wakeAll((id) => id === 'b')
  expect(watchers.count()).toBe(1)
})

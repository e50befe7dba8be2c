import { getEventListeners } from 'node:events'
import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createLineNews } from '../../src/services/queue/lineNews.ts'
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

it('tells those in line that it moved: at once, then seldom, a few at a time, and always the newest', async () => {
  const line = Array.from({ length: 15 }, (_, i) => ({ id: String(i) }))
  const told: string[] = []
  const news = createLineNews(
    () => line,
    (id) => told.push(id),
  )
  for (let i = 0; i < 5; i += 1) news.moved()
  expect(told).toEqual([])
  await expect.poll(() => told.length).toBe(15)
  line.push({ id: 'new' })
  news.moved()
  news.moved()
  await wait(100)
  expect(told).toHaveLength(15)
  await expect.poll(() => told.length, { timeout: 3000 }).toBe(31)
  expect(told.at(-1)).toBe('new')
  news.moved()
  news.close()
  await wait(1100)
  expect(told).toHaveLength(31)
})

it('tells the first twenty every second, those behind them less often, and everyone in the end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const line = Array.from({ length: 50 }, (_, i) => ({ id: String(i) }))
  let told = 0
  const news = createLineNews(
    () => line,
    () => (told += 1),
  )
  const after = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      await vi.advanceTimersByTimeAsync(10)
      await immediate()
    }
    return told
  }
  news.moved()
  expect(await after(50)).toBe(50)
  news.moved()
  expect(await after(1000)).toBe(70)
  // Nothing moves any more, but those behind have not heard of the last time.
  expect(await after(2990)).toBe(130)
  const end = await after(2000)
  expect(end).toBe(180)
  expect(await after(20_000)).toBe(end)
  news.close()
})

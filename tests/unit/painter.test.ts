import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.ts'
import { loadConfig } from '../../src/config.ts'
import { createPainter, type Preview } from '../../src/discord/progress.ts'
import type { JobUpdate } from '../../src/services/queue.ts'
import { sampleJob } from '../support/samples.ts'

const log = createLog({ ...loadConfig({}), logLevel: 'silent' })

const waiting = (place: number): JobUpdate => ({
  job: sampleJob({ state: 'waiting' }),
  place,
  progress: undefined,
  pictures: [],
  isPutOff: false,
})
const drawing = (step: number, bytes = 'RIFF'): JobUpdate => ({
  job: sampleJob({ state: 'running' }),
  place: undefined,
  progress: {
    pictureIndex: 0,
    pictureCount: 1,
    step,
    steps: 20,
    preview: () => Promise.resolve(new TextEncoder().encode(bytes)),
  },
  pictures: [],
  isPutOff: false,
})

type Edit = { at: number; update: JobUpdate; preview: Preview | undefined }
let edits: Edit[]
const began = 1_000_000
function painter(paint: (edit: Edit) => Promise<void> = () => Promise.resolve()) {
  edits = []
  return createPainter(async (update, preview) => {
    const edit = { at: Date.now() - began, update, preview }
    edits.push(edit)
    await paint(edit)
  }, log)
}

beforeEach(() => vi.useFakeTimers({ now: began }))
afterEach(() => vi.useRealTimers())

test('shows the place almost at once and its changes at most every 5 seconds, the newest only', async () => {
  const { push } = painter()
  push(waiting(4))
  await vi.advanceTimersByTimeAsync(1000)
  push(waiting(3))
  push(waiting(2))
  await vi.advanceTimersByTimeAsync(4249)
  expect(edits.map(({ at }) => at)).toEqual([250])
  await vi.advanceTimersByTimeAsync(1)
  expect(edits.map(({ at, update }) => [at, update.place])).toEqual([
    [250, 4],
    [5250, 2],
  ])
})

test('a long wait is told anew when a quarter of it is over, not every 5 seconds', async () => {
  const { push } = painter()
  push({ ...waiting(80), secondsLeft: 80 })
  for (let passed = 1; passed <= 60; passed++) {
    await vi.advanceTimersByTimeAsync(1000)
    push({ ...waiting(80 - passed), secondsLeft: 80 - passed })
  }
  expect(edits.map(({ update }) => update.secondsLeft)).toEqual([80, 60, 45, 34, 26])
})

test('does not repeat what is shown already', async () => {
  const { push } = painter()
  push(waiting(4))
  await vi.advanceTimersByTimeAsync(10_000)
  push(waiting(4))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(edits.length).toBe(1)
})

test('shows steps at most every 2 seconds, with at most two uploads of a preview', async () => {
  const { push } = painter()
  for (let step = 0; step < 20; step++) {
    push(drawing(step))
    await vi.advanceTimersByTimeAsync(700)
  }
  const times = edits.map(({ at }) => at)
  const pauses = times.slice(1).map((at, i) => at - (times[i] ?? 0))
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2000)
  const uploads = edits.filter(({ preview }) => preview?.files)
  expect(uploads.map(({ preview }) => preview?.shown.name)).toEqual(['preview-1.webp', 'preview-2.webp'])
  expect(edits.at(-1)?.preview).toEqual({
    shown: { name: 'preview-2.webp', description: expect.stringContaining('of 20') as string },
  })
})

test('a job that is drawn at once gets no progress message', async () => {
  const { push, stop } = painter()
  push(drawing(1))
  await vi.advanceTimersByTimeAsync(200)
  await stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(edits).toEqual([])
})

test('a job that begins to be drawn says so within 2 seconds of telling its place', async () => {
  const { push } = painter()
  push(waiting(1))
  await vi.advanceTimersByTimeAsync(300)
  push(drawing(3))
  await vi.advanceTimersByTimeAsync(2000)
  expect(edits.map(({ update }) => update.job.state)).toEqual(['waiting', 'running'])
})

test('stop waits for the edit under way and lets no other begin', async () => {
  let finish = () => {}
  const { push, stop } = painter(() => new Promise((resolve) => (finish = resolve)))
  push(waiting(2))
  await vi.advanceTimersByTimeAsync(300)
  push(waiting(1))
  let isStopped = false
  const stopping = stop().then(() => (isStopped = true))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(isStopped).toBe(false)
  finish()
  await stopping
  await vi.advanceTimersByTimeAsync(10_000)
  expect(edits.length).toBe(1)
})

test('an edit that fails does not end the showing', async () => {
  const { push } = painter(({ at }) => (at === 250 ? Promise.reject(new Error('no')) : Promise.resolve()))
  push(waiting(2))
  await vi.advanceTimersByTimeAsync(300)
  push(waiting(1))
  await vi.advanceTimersByTimeAsync(5000)
  expect(edits.map(({ update }) => update.place)).toEqual([2, 1])
})

test('shows a sentence beside the steps when it comes, though no step was made', async () => {
  const { push } = painter()
  const starting = drawing(0)
  push(starting)
  await vi.advanceTimersByTimeAsync(5000)
  push({ ...starting, progress: starting.progress && { ...starting.progress, note: 'It wakes up.' } })
  await vi.advanceTimersByTimeAsync(5000)
  expect(edits.map(({ update }) => update.progress?.note)).toEqual([undefined, 'It wakes up.'])
})

import { expect, it } from 'vitest'
import type { Finding, ModelInfo } from '../../src/domain.ts'
import { doctorInWords } from '../../src/discord/render/doctor.ts'
import { statusInWords } from '../../src/discord/render/status.ts'
import { BackendError } from '../../src/errors.ts'
import { createBackends } from '../../src/services/backends.ts'
import { createDoctor, type Report } from '../../src/services/doctor.ts'
import { createStats } from '../../src/services/stats.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, useStudio } from '../support/studio.ts'

const fine: Finding = { ok: true, sentence: 'It answers in 3 ms.' }
const sick: Finding = { ok: false, sentence: 'Its API is off.', mend: 'Start it with --api.' }
const nothing = {
  stats: { typicalSeconds: () => undefined },
  queue: { lastFailure: () => undefined, asideUntil: () => undefined },
}
const machine = (id: string, diagnose?: () => Promise<Finding[]>, isUp = true) =>
  createMemoryBackend({ id, isUp: () => isUp, ...(diagnose ? { diagnose } : {}) })

it('reports a machine that never answers, and still what the others say', async () => {
  const hanging = machine('hanging', () => new Promise(() => undefined), false)
  const backends = createBackends([hanging, machine('well', () => Promise.resolve([fine, sick]))])
  const started = performance.now()
  const report = await createDoctor({ ...nothing, backends }, 50).examine()
  expect(performance.now() - started).toBeLessThan(1000)
  expect(report.backends.map(({ backend, isUp, findings }) => [backend, isUp, findings.length])).toEqual([
    ['hanging', false, 1],
    ['well', true, 2],
  ])
  expect(report.backends[0]?.findings[0]).toMatchObject({
    ok: false,
    sentence: 'The look at this machine was not finished after 0.05 seconds.',
  })
  expect(report.versions).toEqual({ darkroom: expect.stringMatching(/^\d/) as string, node: process.version })
})

it('tells a machine that it has waited long enough', async () => {
  let isAborted = false
  const slow = createMemoryBackend({
    diagnose: (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          isAborted = true
          reject(new Error('aborted'))
        }),
      ),
  })
  const report = await createDoctor({ ...nothing, backends: createBackends([slow]) }, 20).examine()
  expect(isAborted).toBe(true)
  expect(report.backends[0]?.findings[0]?.sentence).toContain('not finished')
})

it('turns a look that throws into something to mend, without addresses', async () => {
  const detail = 'no answer from http://user:secret@10.0.0.5:7860/sdapi with token abc123'
  const backends = createBackends([
    machine('away', () => Promise.reject(new BackendError('away', 'unavailable', detail))),
    machine('broken', () => Promise.reject(new TypeError('x is undefined at /home/someone'))),
  ])
  const report = await createDoctor({ ...nothing, backends }).examine()
  const said = report.backends.map(({ findings }) => findings[0]?.sentence)
  expect(said[0]).toContain('unavailable: no answer from (address) with token (hidden)')
  expect(said[1]).not.toMatch(/undefined|home/)
  for (const { findings } of report.backends) expect(findings[0]).toMatchObject({ ok: false })
})

it('remembers the last failure of a machine, with the detail but nobody’s words', async () => {
  const { ask, backend, queue } = await useStudio()
  queue.start()
  await ask(ben, 'a secret cat')
  ;(await backend.called(1)).fail(new BackendError('memory', 'rejected', 'status 500 from http://10.0.0.5/x'))
  await queue.idle()
  expect(queue.lastFailure('memory')?.sentence).toBe('rejected: status 500 from (address)')
  await ask(ben, 'a secret cat')
  ;(await backend.called(2)).fail(new TypeError('cannot draw a secret cat'))
  await queue.idle()
  expect(queue.lastFailure('memory')?.sentence).not.toContain('cat')
  expect(queue.lastFailure('other')).toBeUndefined()
})

it('says in words what is fine and what to mend, and fits each message', () => {
  const examined = (backend: string, findings: Finding[]) => ({
    backend,
    isUp: findings.every(({ ok }) => ok),
    lanes: 1,
    findings,
    lastFailure: { at: 1_790_000_000_000, sentence: 'timeout: slow' },
  })
  const report: Report = {
    backends: [examined('auto1111-1', [fine, sick])],
    models: [{ id: 'sdxl', typical: { seconds: 4.25, jobs: 20 } }],
    versions: { darkroom: '1.0.0', node: 'v24.0.0' },
  }
  const [page = '', ...more] = doctorInWords(report, [{ ok: true, sentence: 'The class is open.' }])
  expect(more).toEqual([])
  for (const words of [
    '**To mend: one thing.**',
    'auto1111-1: ❌ down',
    '✅ Fine: It answers in 3 ms.',
    '❌ To mend: Its API is off. **How:** Start it with --api.',
    'Last failure <t:1790000000:R>: timeout: slow',
    '**sdxl**: usually 4.3 s (20 jobs)',
    'Darkroom 1.0.0, Node v24.0.0',
  ])
    expect(page).toContain(words)

  const long = { ...sick, sentence: 'x'.repeat(900) }
  const many = doctorInWords({ ...report, backends: Array(12).fill(examined('a', [long, long])) }, [])
  expect(many.length).toBeGreaterThan(1)
  for (const each of many) expect(each.length).toBeLessThanOrEqual(4000)
})

it('measures the median of the last 20 jobs of each model, and counts who waits', async () => {
  const { ask, backend, database, queue } = await useStudio({ maxWaitingPerPerson: 20 })
  const stats = createStats(database)
  expect(stats.typicalSeconds('plain')).toBeUndefined()
  const jobs = []
  for (let i = 1; i <= 10; i += 1) jobs.push(await ask(ben, 'one'), await ask(mei, 'two'))
  jobs.push(await ask(ben, 'the last'))
  expect([stats.waiting('plain'), stats.waiting('other'), stats.open('100')]).toEqual([21, 0, 21])
  const finish = database.prepare(
    `UPDATE jobs SET state = 'done', started_at = 0, finished_at = ? WHERE id = ?`,
  )
  // The first one took an hour; it is no longer among the last 20, which took 1 to 20 seconds.
  jobs.forEach(({ id }, index) => finish.run(index === 0 ? 3_600_000 : index * 1000, id))
  expect(stats.typicalSeconds('plain')).toEqual({ seconds: 10.5, jobs: 20 })
  expect(backend.calls).toHaveLength(0)
  expect(queue.unfinished()).toHaveLength(21)
})

it('tells everyone what is up, who waits, what it costs and what is left', () => {
  const status = (model: ModelInfo, isUp: boolean, waiting: number) => ({
    model,
    isUp,
    waiting,
    typical: { seconds: 12.4, jobs: 3 },
  })
  const words = statusInWords({
    isPaused: true,
    usual: undefined,
    models: [status(plainModel, true, 0), status(paidModel, false, 2)],
    left: { classUsd: 4.5, personUsd: 0.125 },
  })
  expect(words).toContain('**The class is paused.**')
  expect(words).toContain('**plain**: ready, nobody waits, usually 12 s, free')
  expect(words).toContain(
    '**paid**: cannot be reached right now, two jobs wait, usually 12 s, about $0.10 a picture',
  )
  expect(words).toContain('please name one')
  expect(words).toContain('$0.13 for you, $4.50 for the class')
  const many = Array(200).fill(status({ ...plainModel, id: 'm'.repeat(100) }, true, 0))
  expect(statusInWords({ isPaused: false, usual: 'm', models: many }).length).toBeLessThan(4000)
})

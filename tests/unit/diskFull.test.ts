/** What becomes of jobs, pictures and settings while nothing can be written. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { diskFullSentence, isDiskFull } from '../../src/diskRoom.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { runCommand } from '../support/program.ts'
import { ben, mei, temporaryFolder, useStudio } from '../support/studio.ts'

const noRoom = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))

it('accepts nothing while the database has no room, and says why; nothing of it stays', async () => {
  const studio = await useStudio({ maxWaitingPerPerson: 1000 })
  const { page_count: pages } = studio.database.prepare('PRAGMA page_count').get() as { page_count: number }
  studio.database.exec(`PRAGMA max_page_count = ${pages}`)
  let accepted = 0
  const askUntilFull = async () => {
    for (; accepted < 200; accepted++) await studio.ask(ben, 'a very long wish '.repeat(15))
  }
  const error = await askUntilFull().catch((thrown: unknown) => thrown)
  expect(isDiskFull(error)).toBe(true)
  expect(studio.queue.unfinished().length).toBe(accepted)
  studio.database.exec('PRAGMA max_page_count = 1000000')
  expect((await studio.ask(ben, 'one')).state).toBe('waiting')
})

it('holds what was drawn until there is room, and tells the person', async () => {
  const studio = await useStudio({ backend: createMemoryBackend(), retryPauseMs: 4 })
  studio.queue.start()
  const job = await studio.ask(ben, 'one')
  const call = await studio.backend.called(1)
  call.progress(20)
  const keep = studio.gallery.keep.bind(studio.gallery)
  studio.gallery.keep = noRoom
  call.finish()
  const notes: string[] = []
  for await (const { progress } of studio.queue.follow(job.id)) {
    if (progress?.note === undefined) continue
    notes.push(progress.note)
    studio.gallery.keep = keep
  }
  expect(notes[0]).toBe(
    'The disk of the bot is full; your picture waits for room on it. Please tell your instructor.',
  )
  expect(studio.queue.get(job.id)?.state).toBe('done')
  expect(studio.gallery.ofJob(job.id).length).toBe(1)
  expect(studio.backend.calls.length).toBe(1)
})

it('fails in words when room does not come, and draws what others asked for', async () => {
  const studio = await useStudio({ backend: createMemoryBackend() })
  studio.queue.start()
  const job = await studio.ask(ben, 'one')
  const call = await studio.backend.called(1)
  const keep = studio.gallery.keep.bind(studio.gallery)
  studio.gallery.keep = noRoom
  call.finish()
  await expect.poll(() => studio.queue.get(job.id)?.state).toBe('failed')
  expect(studio.queue.get(job.id)?.failure).toBe(diskFullSentence)
  expect(studio.queue.lastFailure('memory')?.sentence).toContain('the disk of the bot is full')
  studio.gallery.keep = keep
  const next = await studio.ask(mei, 'two')
  ;(await studio.backend.called(2)).finish()
  await studio.queue.idle()
  expect(studio.queue.get(next.id)?.state).toBe('done')
})

it.skipIf(!existsSync('/dev/full'))(
  'a log on a full disk loses lines, and the bot goes on',
  async () => {
    const script = `
    import { createLog } from ${JSON.stringify(path.resolve('src/log.ts'))}
    const log = createLog({ logLevel: 'info' })
    for (let line = 0; line < 3; line++) log.info('nobody reads this')
    setTimeout(() => process.stderr.write('goes on'), 50)`
    const shell = `exec "${process.execPath}" --input-type=module-typescript --eval "$SCRIPT" > /dev/full`
    const { said, ended } = runCommand(['sh', '-c', shell], { SCRIPT: script })
    expect(await ended).toBe(0)
    expect(said.err).toBe('goes on')
  },
  8000,
)

it.skipIf(process.platform === 'win32')(
  'begins no send that was not written down',
  async () => {
    const folder = await temporaryFolder()
    const services = path.resolve('src/services')
    const script = `
    const { openDatabase } = await import(${JSON.stringify(path.join(services, 'database.ts'))})
    const { createSends } = await import(${JSON.stringify(path.join(services, 'sends.ts'))})
    const database = openDatabase(${JSON.stringify(path.join(folder, 'darkroom.db'))})
    const sends = createSends(database)
    let begun = 0
    try {
      for (; begun < 20000; begun++) sends.begin('end:' + begun, { kind: 'channel', channelId: '1' })
    } catch {}
    process.stdout.write(begun + ' ' + sends.unfinished().length)`
    // No file may grow beyond a megabyte: to SQLite that is a full disk.
    const limited = 'trap "" XFSZ; ulimit -f 1024; exec "$0" --input-type=module --eval "$1"'
    const { stdout } = spawnSync('bash', ['-c', limited, process.execPath, script], { encoding: 'utf8' })
    const [begun, written] = stdout.split(' ').map(Number)
    expect(begun).toBeGreaterThan(10)
    expect(begun).toBeLessThan(20_000)
    expect(written).toBe(begun)
  },
  60_000,
)

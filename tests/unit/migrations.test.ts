/** What becomes of a data folder that an older or a newer Darkroom has written. */
import { copyFile, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { openDatabase } from '../../src/services/database.ts'
import { migrations } from '../../src/services/migrations.ts'
import { sampleJob } from '../support/samples.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { openStudio, temporaryFolder } from '../support/studio.ts'

/** Written by the third version of the schema: a picture of two, one made from it by Vary, one from that by Again. */
const VERSION_3 = path.join(import.meta.dirname, '../fixtures/version3.db')

async function oldFolder(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder()
  const file = path.join(folder, 'darkroom.db')
  await copyFile(VERSION_3, file)
  return { folder, file }
}

const copiesIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => name.startsWith('darkroom.db.')).sort()

function inFile<T>(file: string, look: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file)
  try {
    return look(database)
  } finally {
    database.close()
  }
}

const versionOf = (database: DatabaseSync) => database.prepare('PRAGMA user_version').get()?.['user_version']

it('brings the data of an older version along: jobs, pictures, their words and parents', async () => {
  const { folder } = await oldFolder()
  const studio = await openStudio(folder)
  onTestFinished(() => studio.close())
  const { gallery, queue } = studio
  const first = gallery.get('ebxdvr8hjk4z')
  expect(first?.recipe).toMatchObject({ prompt: 'a red heart', seed: 7, steps: 4 })
  expect(gallery.ofJob('8ej83bztgrbt').map(({ id }) => id)).toEqual(['ebxdvr8hjk4z', 'ebmsx6fb61zj'])
  expect(gallery.search('heart').length).toBe(4)
  expect(queue.get('8ej83bztgrbt')).toMatchObject({ state: 'done', parents: [], asker: { name: 'Ben' } })
  // What kind of parent it was had not been written down.
  const parents = [{ pictureId: 'ebxdvr8hjk4z', relation: 'other' }]
  expect(queue.get('sebad9chasfm')?.parents).toEqual(parents)
  expect(gallery.get('xfy27th4phxx')?.parents).toEqual(parents)
  expect(gallery.children('ebxdvr8hjk4z').map(({ id }) => id)).toEqual(['xfy27th4phxx'])
})

it('lets nobody go before others because turns are counted for each machine now', async () => {
  const folder = await temporaryFolder()
  const ids = inFile(path.join(folder, 'darkroom.db'), (database) => {
    // The version in which they were counted over all machines.
    for (const sql of migrations.slice(0, 13)) database.exec(sql)
    database.exec('PRAGMA user_version = 13')
    const add = database.prepare(`
      INSERT INTO jobs (id, state, model, request, asker_id, asker_name, guild_id, channel_id, application_id,
        interaction_id, interaction_token, attachment_size_limit, created_at, expected_seconds, clock)
      VALUES (?, 'waiting', 'plain', ?, ?, 'x', '100', '110', '120', '130', '', 1, 1, 1, ?)`)
    const request = JSON.stringify({ ...sampleJob().request, model: 'plain' })
    // Ben has had thirty of his pictures when Mei comes.
    database.exec(`INSERT INTO turns VALUES ('201', 30, 30); INSERT INTO clocks VALUES ('memory', 29)`)
    add.run('ben1', request, '201', 0)
    add.run('ben2', request, '201', 0)
    add.run('mei1', request, '202', 29)
    return ['mei1', 'ben1', 'ben2']
  })
  const studio = await openStudio(folder, { backend: createMemoryBackend({ isAuto: true }) })
  onTestFinished(() => studio.close())
  expect(ids.map((id) => studio.queue.place(id))).toEqual([1, 2, 3])
  studio.queue.start()
  await studio.queue.idle()
  expect(ids.map((id) => studio.queue.get(id)?.state)).toEqual(['done', 'done', 'done'])
})

it('copies the old file first, once, and keeps the last two copies', async () => {
  const { folder, file } = await oldFolder()
  for (const name of ['before-2', 'before-3', 'before-10-mine'])
    await copyFile(file, path.join(folder, `darkroom.db.${name}`))
  openDatabase(file).close()
  openDatabase(file).close()
  const version = inFile(file, versionOf)
  expect(await copiesIn(folder)).toEqual(
    ['before-10-mine', 'before-3', `before-${String(version)}`].map((name) => `darkroom.db.${name}`).sort(),
  )
  const copy = path.join(folder, `darkroom.db.before-${String(version)}`)
  expect(inFile(copy, versionOf)).toBe(3)
  expect(inFile(copy, (old) => old.prepare('SELECT count(*) AS n FROM pictures').get()?.['n'])).toBe(4)
})

it('makes no copy of a new file', async () => {
  const folder = await temporaryFolder()
  openDatabase(path.join(folder, 'darkroom.db')).close()
  expect(await copiesIn(folder)).toEqual([])
})

it('leaves the old file as it is when a step fails, and says so', async () => {
  const { folder, file } = await oldFolder()
  // Somebody has tinkered with it: the fourth version makes a table of this name.
  inFile(file, (database) => database.exec('CREATE TABLE parents (mine)'))
  const before = inFile(file, describe)
  expect(() => openDatabase(file)).toThrow(ConfigError)
  expect(() => openDatabase(file)).toThrow(/left as it is \(a copy of it is .*before-\d+\)/)
  expect(inFile(file, describe)).toEqual(before)
  expect(inFile(file, versionOf)).toBe(3)
  expect((await copiesIn(folder)).length).toBe(1)
})

const describe = (database: DatabaseSync) =>
  database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()

it('refuses the data of a newer version and leaves it alone', async () => {
  const { folder, file } = await oldFolder()
  inFile(file, (database) => database.exec('PRAGMA user_version = 9999'))
  const before = await readFile(file)
  expect(() => openDatabase(file)).toThrow(/written by a newer version of Darkroom; please update/)
  expect((await readFile(file)).equals(before)).toBe(true)
  expect(await copiesIn(folder)).toEqual([])
})

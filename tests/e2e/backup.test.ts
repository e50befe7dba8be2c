/** npm run backup beside a bot that draws, and a bot that is started on the copy. */
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import { startDarkroom } from '../support/darkroom.ts'
import { runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/studio.ts'

async function backup(dataDir: string, target: string) {
  const { said, ended } = runProgram('scripts/backup.ts', [target], { DATA_DIR: dataDir })
  return { code: await ended, ...said }
}

async function openIn(dataDir: string) {
  const darkroom = await startDarkroom({ dataDir, setUp: false })
  onTestFinished(() => darkroom.close())
  const ben = await darkroom.person('Ben')
  const draw = async (command: string) => {
    await (await ben.slash(command)).answer()
    await darkroom.bot.idle()
  }
  return { darkroom, ben, draw }
}

test('a copy made while the bot draws fits together, and a bot works on it: buttons, search, parents', async () => {
  const dataDir = path.join(await temporaryFolder(), 'state')
  const { darkroom, draw } = await openIn(dataDir)
  await draw('/imagine prompt:"a red heart" seed:7 steps:2')
  await mkdir(path.join(dataDir, 'explanations', 'abc'), { recursive: true })
  await writeFile(path.join(dataDir, 'pictures', 'half.png.3.part'), 'half')
  const target = path.join(await temporaryFolder(), 'copy')

  // The class goes on meanwhile.
  const drawing = (async () => {
    for (let i = 0; i < 6; i++) await draw(`/imagine prompt:"a blue boat" steps:2 count:4 seed:${i}`)
  })()
  const { code, out, err } = await backup(dataDir, target)
  expect([code, err]).toEqual([0, ''])
  await drawing
  expect(out).toMatch(/\d+ jobs, \d+ pictures, .*\n\d+ files, [\d.]+ MB/)

  const copied = (await readdir(target, { recursive: true })).sort()
  for (const name of ['darkroom.db', 'settings.db', 'classroom/classroom.db']) expect(copied).toContain(name)
  expect(copied.filter((name) => /explanations|lock|part|-wal|-shm/.test(name))).toEqual([])
  const database = new DatabaseSync(path.join(target, 'darkroom.db'), { readOnly: true })
  const rows = database.prepare('SELECT id FROM pictures ORDER BY id').all()
  expect(database.prepare(`SELECT id FROM jobs WHERE interaction_token <> ''`).all()).toEqual([])
  database.close()
  expect((await readdir(path.join(target, 'pictures'))).sort()).toEqual(
    rows.map(({ id }) => `${String(id)}.png`),
  )
  await darkroom.bot.idle()

  // Restore: a new folder, as the README says.
  const restored = path.join(await temporaryFolder(), 'state')
  await cp(target, restored, { recursive: true })
  const after = await openIn(restored)
  await after.darkroom.bot.idle()
  const [message] = (await after.ben.messages('studio')).filter((each) =>
    textOf(each).includes('a red heart'),
  )
  expect(message && mediaOf(message).length).toBe(1)
  const [first] = after.darkroom.services.gallery.search('red heart')
  await (await after.ben.press(message!, 'Vary')).answer()
  await after.darkroom.bot.idle()
  const [newest] = after.darkroom.services.gallery.children(first?.id ?? '')
  expect(newest?.parents).toEqual([{ pictureId: first?.id, relation: 'vary' }])
}, 60_000)

test('what cannot be backed up is said in a sentence, and leaves nothing behind', async () => {
  const empty = await temporaryFolder()
  const target = path.join(await temporaryFolder(), 'copy')
  expect(await backup(empty, target)).toMatchObject({
    code: 1,
    err: `In ${empty} there is no data of Darkroom; set DATA_DIR to the folder that the bot uses.\n`,
  })
  await expect(stat(target)).rejects.toThrow('ENOENT')

  const dataDir = path.join(await temporaryFolder(), 'state')
  const { darkroom, draw } = await openIn(dataDir)
  await draw('/imagine prompt:"a red heart" seed:7 steps:2 count:2')
  const [first] = darkroom.services.gallery.search('red heart')
  const inside = await backup(dataDir, path.join(dataDir, 'copy'))
  expect(inside).toMatchObject({ code: 1, err: expect.stringContaining('would copy itself') as string })
  await rm(path.join(dataDir, 'pictures', `${first?.id ?? ''}.png`))
  const { code, err } = await backup(dataDir, target)
  expect(code).toBe(1)
  expect(err).toBe(
    `The data itself lacks these files, or they are damaged:\npictures/${first?.id ?? ''}.png\n`,
  )
  // What there is, is safe; and a second backup does not write over it.
  expect((await readdir(path.join(target, 'pictures'))).length).toBe(1)
  expect((await backup(dataDir, target)).err).toContain('name a new or an empty folder')
}, 60_000)

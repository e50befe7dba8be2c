import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/services/database.ts'
import { infotext } from '../../src/services/infotext.ts'
import { createInspect, type Inspect } from '../../src/services/inspect/index.ts'
import { pngWith } from '../support/recipeFiles.ts'
import { sampleModel, samplePicture, sampleRecipe } from '../support/samples.ts'
import { temporaryFolder } from '../support/studio.ts'

const picture = samplePicture()
const DAY_MS = 24 * 60 * 60_000

function openInspect(folder: string, now: () => number = Date.now): Inspect {
  const database = openDatabase(path.join(folder, 'darkroom.db'))
  onTestFinished(() => database.close())
  return createInspect({
    database,
    backends: { models: () => [sampleModel()] },
    gallery: { get: (id) => (id === picture.id ? picture : undefined) },
    now,
  })
}

it('keeps for a week what the button does, also over a restart', async () => {
  const folder = await temporaryFolder()
  let time = 1_790_000_000_000
  const before = openInspect(folder, () => time)
  const offer = {
    options: { prompt: 'a jar', seed: 5, loras: [{ name: 'ink', weight: 0.5 }] },
    unmatched: ['one'],
    pictureId: 'x',
  }
  const id = before.keep(offer)
  const after = openInspect(folder, () => time)
  expect(after.offer(id)).toEqual(offer)
  expect(after.offer('nothing')).toBeUndefined()
  time += 8 * DAY_MS
  expect(after.offer(id)).toBeUndefined()
  after.keep(offer)
  time -= 8 * DAY_MS
  expect(after.offer(id)).toBeUndefined()
})

it('knows our own picture by its file name and its recipe, in its own class only', async () => {
  const inspect = openInspect(await temporaryFolder())
  const read = async (text: string) => inspect.read(await pngWith({ parameters: text }))
  const found = await read(infotext(sampleRecipe()))
  const name = `picture-${picture.id}.png`
  expect(inspect.ours(found, name, picture.guildId)).toBe(picture)
  expect(inspect.ours(found, name, 'another class')).toBeUndefined()
  expect(inspect.ours(found, 'picture.png', picture.guildId)).toBeUndefined()
  expect(inspect.ours(await read(infotext(sampleRecipe({ seed: 8 }))), name, picture.guildId)).toBeUndefined()
  const foreign = await read(infotext(sampleRecipe()).replace('Version: Darkroom', 'Version: v1.10.1'))
  expect(inspect.ours(foreign, name, picture.guildId)).toBeUndefined()
})

import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, it, onTestFinished } from 'vitest'
import type { GeneratedImage, Person, Recipe } from '../../src/domain.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { plainModel } from '../support/memoryBackend.ts'
import { ben, mei, openStudio, origin, temporaryFolder, useStudio } from '../support/studio.ts'

async function image(prompt: string): Promise<GeneratedImage> {
  const recipe: Recipe = {
    model: plainModel.id,
    prompt,
    negativePrompt: '',
    seed: 7,
    steps: 20,
    cfgScale: 5,
    sampler: 'Euler',
    scheduler: 'Karras',
    width: 4,
    height: 4,
  }
  const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  return { recipe, png, width: 4, height: 4, notes: ['A note.'] }
}

const job = (id: string, asker: Person) => ({ id, asker, origin, parentPictureId: undefined })

it('keeps a picture whose file carries the recipe for other programs', async () => {
  const { gallery } = await useStudio()
  const picture = await gallery.keep(job('j1', ben), 0, await image('ein rotes Herz ❤️'))
  expect(gallery.get(picture.id)).toEqual(picture)
  expect(picture).toMatchObject({ jobId: 'j1', author: ben, guildId: '100', width: 4, notes: ['A note.'] })
  const file = await gallery.png(picture)
  const { comments } = await sharp(file).metadata()
  const parameters = comments?.find(({ keyword }) => keyword === 'parameters')?.text
  expect(parameters).toMatch(/^ein rotes Herz ❤️\nSteps: 20, Sampler: Euler, /)
  expect(readPngText(file)['XML:com.adobe.xmp']).toContain('digitalsourcetype/trainedAlgorithmicMedia')
})

it('marks the file as made by a machine where programs look for XMP', async () => {
  const { gallery } = await useStudio()
  const picture = await gallery.keep(job('j1', ben), 0, await image('a heart'))
  const { xmpAsString } = await sharp(await gallery.png(picture)).metadata()
  expect(xmpAsString).toContain('trainedAlgorithmicMedia')
})

it('finds pictures by the beginnings of words, whatever their accents and case', async () => {
  const { gallery } = await useStudio()
  const cafe = await gallery.keep(job('j1', ben), 0, await image('Ein CAFÉ am Meer'))
  await gallery.keep(job('j2', mei), 0, await image('a red heart'))
  const found = (text: string) => gallery.search(text).map(({ id }) => id)
  expect(found('cafe')).toEqual([cafe.id])
  expect(found('mee caf')).toEqual([cafe.id])
  expect(found('ben')).toEqual([cafe.id])
  expect(found('plain')).toHaveLength(2)
  expect(found('heart meer')).toEqual([])
  expect(gallery.search('plain', { limit: 1 })).toHaveLength(1)
  expect(gallery.search('plain', { guildId: 'another server' })).toEqual([])
})

it('takes search text as words, never as syntax', async () => {
  const { gallery } = await useStudio()
  await gallery.keep(job('j1', ben), 0, await image('a "red" heart'))
  for (const text of ['"', '""', 'prompt:heart', 'heart* OR', 'NOT', '(', '- ^', '']) {
    expect(() => gallery.search(text)).not.toThrow()
  }
  expect(gallery.search('"red" (heart)')).toHaveLength(1)
})

it('shows the newest pictures of a server first', async () => {
  const { gallery } = await useStudio()
  for (const id of ['j1', 'j2', 'j3']) await gallery.keep(job(id, ben), 0, await image(id))
  expect(gallery.newest('100', 2).map(({ jobId }) => jobId)).toEqual(['j3', 'j2'])
  expect(gallery.newest('another server', 2)).toEqual([])
})

it('keeps one picture for each index of a job, however often it is asked', async () => {
  const { gallery } = await useStudio()
  const first = await gallery.keep(job('j1', ben), 0, await image('a heart'))
  expect(await gallery.keep(job('j1', ben), 0, await image('a heart'))).toEqual(first)
  await gallery.keep(job('j1', ben), 1, await image('a heart'))
  expect(gallery.ofJob('j1').map(({ index }) => index)).toEqual([0, 1])
})

it('removes everything of a picture, and does not mind being asked twice', async () => {
  const folder = await temporaryFolder()
  const { gallery, ...studio } = await openStudio(folder)
  onTestFinished(() => studio.close())
  const picture = await gallery.keep(job('j1', ben), 0, await image('a heart'))
  const explanation = path.join(folder, 'explanations', picture.id)
  await mkdir(explanation, { recursive: true })
  await writeFile(path.join(explanation, 'chart.png'), 'x')
  await gallery.remove(picture.id)
  await gallery.remove(picture.id)
  expect(gallery.get(picture.id)).toBeUndefined()
  expect(gallery.search('heart')).toEqual([])
  expect(await readdir(path.join(folder, 'pictures'))).toEqual([])
  expect(await readdir(path.join(folder, 'explanations'))).toEqual([])
  // SQLite gives the number of the removed row to the next one.
  await gallery.keep(job('j2', ben), 0, await image('a cat'))
  expect(gallery.search('heart')).toEqual([])
})

it('clears away files that were not finished, and never leaves its folder', async () => {
  const folder = await temporaryFolder()
  await mkdir(path.join(folder, 'pictures'))
  await writeFile(path.join(folder, 'pictures', 'abc.png.part'), 'half')
  await writeFile(path.join(folder, 'outside.png'), 'x')
  const { gallery, ...studio } = await openStudio(folder)
  onTestFinished(() => studio.close())
  expect(await readdir(path.join(folder, 'pictures'))).toEqual([])
  expect(() => gallery.png({ id: '../outside' })).toThrow('not the id of a picture')
})

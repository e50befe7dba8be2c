import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { GeneratedImage, Person, Recipe } from '../../src/domain.ts'
import { readPngText } from '../../src/services/pngText.ts'
import { plainModel } from '../support/memoryBackend.ts'
import { seenFrames } from '../support/seenFrames.ts'
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

const job = (id: string, asker: Person) => ({ id, asker, origin, parents: [] })

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

it('clears away files that were not finished or have no row, and never leaves its folder', async () => {
  const folder = await temporaryFolder()
  await mkdir(path.join(folder, 'pictures'))
  await writeFile(path.join(folder, 'pictures', 'abc.png.part'), 'half')
  await writeFile(path.join(folder, 'pictures', 'abd.png'), 'the process died before its row')
  await writeFile(path.join(folder, 'outside.png'), 'x')
  const { gallery, ...studio } = await openStudio(folder)
  onTestFinished(() => studio.close())
  expect(await readdir(path.join(folder, 'pictures'))).toEqual([])
  expect(() => gallery.png({ id: '../outside' })).toThrow('not the id of a picture')
})

describe('what was seen of a run', () => {
  const steps = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, i / count]))

  it('is kept beside the picture: at most 12 frames, with the first and the last', async () => {
    const { gallery } = await useStudio()
    const seen = await seenFrames(steps(20))
    const { id } = await gallery.keep(job('j1', ben), 0, { ...(await image('a heart')), seen })
    const kept = await gallery.seen({ id })
    expect(kept?.frames.map(({ step }) => step)).toEqual([1, 3, 4, 6, 8, 10, 11, 13, 15, 17, 18, 20])
    expect(kept).toMatchObject({ kind: 'guess', steps: 20, watched: 20 })
    expect(
      Buffer.compare(Buffer.from(kept?.frames[1]?.image ?? []), Buffer.from(seen.frames[2]!.image)),
    ).toBe(0)
  })

  it('is put in order: each step once, none outside the run', async () => {
    const { gallery } = await useStudio()
    const { frames } = await seenFrames({ 1: 0, 2: 0.5, 3: 1 })
    const [one, two, three] = frames.map(({ image }) => image)
    const mixed = [
      { step: 2, image: one! },
      { step: 0, image: one! },
      { step: 2, image: two! },
      { step: 9, image: three! },
      { step: 1.5, image: three! },
    ]
    const seen = { kind: 'noisy' as const, steps: 3, frames: mixed }
    const { id } = await gallery.keep(job('j1', ben), 0, { ...(await image('a heart')), seen })
    const kept = await gallery.seen({ id })
    expect(kept).toMatchObject({ kind: 'noisy', watched: 1, frames: [{ step: 0 }, { step: 2 }] })
    expect(Buffer.compare(Buffer.from(kept?.frames[1]?.image ?? []), Buffer.from(two!))).toBe(0)
  })

  it('goes with the picture, and is not there for one that had none', async () => {
    const folder = await temporaryFolder()
    const { gallery, ...studio } = await openStudio(folder)
    onTestFinished(() => studio.close())
    const seen = await seenFrames({ 1: 0 })
    const { id } = await gallery.keep(job('j1', ben), 0, { ...(await image('a heart')), seen })
    const plain = await gallery.keep(job('j1', ben), 1, await image('a heart'))
    const empty = await gallery.keep(job('j1', ben), 2, {
      ...(await image('a heart')),
      seen: { ...seen, frames: [] },
    })
    expect(await readdir(path.join(folder, 'seen'))).toEqual([id])
    expect(await gallery.seen(plain)).toBeUndefined()
    expect(await gallery.seen(empty)).toBeUndefined()
    await gallery.remove(id)
    expect(await readdir(path.join(folder, 'seen'))).toEqual([])
    expect(await gallery.seen({ id })).toBeUndefined()
  })

  it('is not believed when it is damaged, too large or no WebP', async () => {
    const folder = await temporaryFolder()
    const { gallery, ...studio } = await openStudio(folder)
    onTestFinished(() => studio.close())
    const seen = await seenFrames({ 1: 0, 20: 1 })
    const { id } = await gallery.keep(job('j1', ben), 0, { ...(await image('a heart')), seen })
    const at = (name: string) => path.join(folder, 'seen', id, name)
    const square = (side: number) =>
      sharp({ create: { width: side, height: side, channels: 3, background: 'teal' } })
    const good = seen.frames[0]!.image
    const bad = [
      good.subarray(0, good.length / 2),
      await square(300).webp().toBuffer(),
      await square(32).png().toBuffer(),
    ]
    for (const bytes of bad) {
      await writeFile(at('1.webp'), bytes)
      expect(await gallery.seen({ id })).toBeUndefined()
    }
    await writeFile(at('1.webp'), good)
    expect((await gallery.seen({ id }))?.frames).toHaveLength(2)
    await writeFile(
      at('seen.json'),
      JSON.stringify({ kind: 'guess', steps: 20, watched: 2, frames: [20, 1] }),
    )
    expect(await gallery.seen({ id })).toBeUndefined()
  })

  it('never costs the picture, and leaves no half behind', async () => {
    const folder = await temporaryFolder()
    await mkdir(path.join(folder, 'seen', '.abc'), { recursive: true })
    const { gallery, ...studio } = await openStudio(folder)
    onTestFinished(() => studio.close())
    expect(await readdir(path.join(folder, 'seen'))).toEqual([])
    await rm(path.join(folder, 'seen'), { recursive: true })
    await writeFile(path.join(folder, 'seen'), 'a file where the folder was')
    const seen = await seenFrames({ 1: 0 })
    const picture = await gallery.keep(job('j1', ben), 0, { ...(await image('a heart')), seen })
    expect(gallery.get(picture.id)).toEqual(picture)
    expect(await gallery.seen(picture)).toBeUndefined()
  })
})

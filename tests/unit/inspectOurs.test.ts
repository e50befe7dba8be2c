import { expect, it } from 'vitest'
import type { SwapRequest } from '../../src/domain.ts'
import { infotext, textsFor } from '../../src/services/infotext.ts'
import { createInspect } from '../../src/services/inspect/index.ts'
import { pngWith } from '../support/recipeFiles.ts'
import { sampleModel, samplePicture, sampleRecipe } from '../support/samples.ts'

const picture = samplePicture()

const inspect = createInspect({
  backends: { models: () => [sampleModel()] },
  gallery: { get: (id) => (id === picture.id ? picture : undefined) },
})

it('knows our own picture by its file name and its recipe, in its own class only', async () => {
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

it('knows a face swap of Darkroom, which has no recipe', async () => {
  const [source, target] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string]
  const swap: SwapRequest = {
    kind: 'swap',
    model: 'embedded',
    source,
    target,
    sourceFace: 0,
    targetFace: 0,
    consents: [],
  }
  const found = await inspect.read(await pngWith(textsFor(swap)))
  expect(found.tool).toBe('Darkroom')
  expect(found.recipe).toBeUndefined()
  expect(found.why.join(' ')).toMatch(/^It is a face swap/)
})

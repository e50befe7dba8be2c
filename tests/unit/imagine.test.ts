import { expect, it } from 'vitest'
import { MAX_SEED } from '../../src/domain.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { ben, origin, useStudio } from '../support/studio.ts'

it('needs only a prompt: the model gives the rest', async () => {
  const { imagine } = await useStudio()
  const request = await imagine.parse({ prompt: '  a red\n heart ' }, '100')
  expect(request).toEqual({
    model: 'plain',
    prompt: 'a red heart',
    negativePrompt: '',
    seed: expect.any(Number) as number,
    steps: 20,
    cfgScale: 5,
    sampler: 'Euler',
    scheduler: 'Karras',
    width: 64,
    height: 64,
    count: 1,
  })
})

it('draws a new seed each time, also for -1, within the range of AUTOMATIC1111', async () => {
  const { imagine } = await useStudio()
  const seeds = await Promise.all(
    Array.from({ length: 50 }, async () => (await imagine.parse({ prompt: 'x', seed: -1 }, '100')).seed),
  )
  expect(new Set(seeds).size).toBeGreaterThan(45)
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED)).toBe(true)
  expect(Math.max(...seeds)).toBeGreaterThan(MAX_SEED / 2)
})

it('takes what is typed, names in any case of letters', async () => {
  const { imagine } = await useStudio()
  const request = await imagine.parse(
    {
      prompt: 'x',
      negative: 'blue',
      seed: 0,
      steps: 50,
      cfg: 7.5,
      sampler: 'euler A',
      scheduler: 'normal',
      size: 'wide',
      count: 4,
      model: 'plain',
      variationSeed: 9,
    },
    '100',
  )
  expect(request).toMatchObject({
    negativePrompt: 'blue',
    seed: 0,
    steps: 50,
    cfgScale: 7.5,
    sampler: 'Euler a',
    scheduler: 'Normal',
    width: 96,
    height: 64,
    count: 4,
    variationSeed: 9,
    variationStrength: 0.3,
  })
})

it.each([
  [{ steps: 9999 }, 'steps must be between 1 and 50; you asked for 9999.'],
  [{ steps: 2.5 }, 'steps must be a whole number; you asked for 2.5.'],
  [{ cfg: -1 }, 'cfg must be between 0 and 15; you asked for -1.'],
  [{ cfg: Number.NaN }, 'cfg must be between 0 and 15; you asked for NaN.'],
  [{ count: 5 }, 'count must be between 1 and 4; you asked for 5.'],
  [{ seed: 2 ** 32 }, 'seed must be between 0 and 4294967295; you asked for 4294967296.'],
  [{ sampler: 'Eular' }, 'sampler must be one of: Euler, Euler a; you asked for "Eular".'],
  [{ size: 'tall' }, 'size must be one of: square, wide; you asked for "tall".'],
  [{ variationStrength: 2 }, 'variation strength must be between 0 and 1; you asked for 2.'],
  [{ prompt: ' ' }, 'The prompt is empty; please write what to draw.'],
  [{ prompt: 'x'.repeat(301) }, 'The prompt may have 300 characters; yours has 301.'],
])('says in one sentence what is wrong with %j', async (options, sentence) => {
  const { imagine } = await useStudio()
  const parsing = imagine.parse({ prompt: 'x', ...options }, '100')
  await expect(parsing).rejects.toMatchObject({ code: 'invalid-options', message: sentence })
})

it('names the models there are when it does not know one', async () => {
  const { imagine } = await useStudio()
  const parsing = imagine.parse({ prompt: 'x', model: 'sdxl' }, '100')
  await expect(parsing).rejects.toThrow('There is no model "sdxl"; choose one of: plain.')
})

it('says what a model cannot do', async () => {
  const supports = { negativePrompt: false, variation: false, replay: false, img2img: false, mask: false }
  const { imagine } = await useStudio({
    backend: createMemoryBackend({ model: { ...plainModel, supports } }),
  })
  await expect(imagine.parse({ prompt: 'x', negative: 'blue' }, '100')).rejects.toThrow(
    'takes no negative prompt',
  )
  await expect(imagine.parse({ prompt: 'x', variationSeed: 1 }, '100')).rejects.toThrow(
    'cannot vary a picture',
  )
})

it('stores nothing when the words are refused', async () => {
  const { imagine, queue } = await useStudio()
  const request = await imagine.parse({ prompt: 'a swastika' }, '100')
  await expect(imagine.submit(request, ben, origin)).rejects.toMatchObject({ code: 'content-refused' })
  expect(queue.unfinished()).toEqual([])
})

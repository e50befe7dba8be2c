import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pino } from 'pino'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Recipe, SeenRun } from '../../src/domain.ts'
import { createBackends } from '../../src/services/backends.ts'
import { createExplain } from '../../src/services/explain/index.ts'
import { noiseLevels } from '../../src/services/explain/noiseStrip.ts'
import { palette } from '../../src/services/explain/palette.ts'
import { prescription } from '../../src/services/explain/prescription.ts'
import { recordDelays } from '../../src/services/explain/recordAnimation.ts'
import { recordFactsOf, type RecordFacts } from '../../src/services/explain/recordFacts.ts'
import { recordSentences } from '../../src/services/explain/recordSentences.ts'
import { drawRecordStrip } from '../../src/services/explain/recordStrip.ts'
import { seenWords } from '../../src/services/explain/recordWords.ts'
import { createFakeKit } from '../support/fakeFaces.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { board, seenFrames } from '../support/seenFrames.ts'
import { mei, openStudio, origin, temporaryFolder } from '../support/studio.ts'

const never = new AbortController().signal

const recipe: Recipe = {
  model: plainModel.id,
  prompt: 'a chequered board',
  negativePrompt: '',
  seed: 7,
  steps: 20,
  cfgScale: 5,
  sampler: 'Euler',
  scheduler: 'Karras',
  width: 64,
  height: 64,
}

const facts = async (contrasts: Record<number, number>, options: Partial<SeenRun> = {}) => {
  const seen = await seenFrames(contrasts, options)
  const watched = seen.frames.filter(({ step }) => step > 0).length
  return recordFactsOf({ ...seen, watched }, await board(1))
}
const textOf = (one: RecordFacts, other: Partial<Recipe> = {}) => {
  const asked = { ...recipe, ...other }
  return recordSentences(one, asked, prescription(asked))
}

/** A studio with one picture, as it is after a job of a backend that cannot replay. */
async function gallery(seen?: SeenRun, other: Partial<Recipe> = {}) {
  const dataDir = await temporaryFolder()
  const studio = await openStudio(dataDir)
  onTestFinished(() => studio.close())
  const image = { recipe: { ...recipe, ...other }, png: await board(1), width: 64, height: 64, notes: [] }
  const job = { id: 'j1', asker: mei, origin, parents: [] }
  const picture = await studio.gallery.keep(job, 0, seen ? { ...image, seen } : image)
  const backends = createBackends([createMemoryBackend()])
  const explain = createExplain({
    dataDir,
    gallery: studio.gallery,
    inputs: studio.inputs,
    backends,
    faces: createFakeKit().faces,
    log: pino({ level: 'silent' }),
  })
  return { dataDir, gallery: studio.gallery, picture, explain }
}

describe('what the seen frames show', () => {
  it('is how far each is from the finished picture, blurred', async () => {
    const { layoutDistance } = await facts({ 1: 0, 5: 0.5, 20: 1 })
    expect(layoutDistance.map((distance) => Number(distance.toFixed(2)))).toEqual([0.25, 0.13, 0])
  })

  it.each([
    ['between steps 5 and 9', { 2: 0, 5: 0.5, 9: 0.9, 20: 1 }],
    ['settled from step 6 on', { 2: 0, 5: 0.5, 6: 0.9, 20: 1 }],
    ['settled by step 4', { 4: 0.9, 9: 1 }],
    ['settled by step 4', { 0: 0, 4: 0.9 }],
    ['not settled yet at step 18', { 2: 0.9, 18: 0.5 }],
    ['cannot be told', { 2: 0, 20: 0.5 }],
    // Once near, then far again: only the last time counts.
    ['between steps 9 and 12', { 2: 0, 5: 0.95, 9: 0.5, 12: 1 }],
  ])('says that the layout was %s', async (words, contrasts) => {
    const paragraph = textOf(await facts(contrasts))[2]
    expect(paragraph).toContain(words)
    expect(paragraph).toContain('5%')
  })

  it('says which steps it has, and of how many', async () => {
    const twelve = { shown: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], watched: 12, steps: 20 }
    const one = await facts({ 3: 1 })
    expect(seenWords({ ...one, ...twelve })).toBe('12 of 20 steps were seen')
    expect(seenWords({ ...one, ...twelve, watched: 20 })).toBe('all 20 steps were seen, 12 of them kept')
    expect(seenWords({ ...one, ...twelve, steps: 12 })).toBe('all 12 steps were seen')
    expect(seenWords(one)).toBe('1 of 20 steps was seen')
    expect(seenWords({ ...one, shown: [0], watched: 0 })).toBe(
      'only the noise before the first step was seen',
    )
    const text = textOf(await facts({ 0: 0, 2: 0.4, 5: 0.5, 9: 1 })).join('\n')
    expect(text).toContain(
      '3 of 20 steps were seen (shown: steps 2, 5 and 9, and the noise before the first one)',
    )
    expect(text).toContain('What happened at the other steps is not known')
    expect(text).not.toMatch(/undefined|NaN/u)
  })

  it('says which schedule Automatic stands for', async () => {
    const text = textOf(await facts({ 2: 0, 9: 1 }), { scheduler: 'Automatic', sampler: 'DPM++ 2M' }).join(
      '\n',
    )
    expect(text).toContain('the schedule Automatic and CFG 5. With this sampler that means Karras.')
    expect(textOf(await facts({ 9: 1 })).join('\n')).not.toContain('that means')
  })

  it('tells the guess from the noisy state', async () => {
    const frames = { 2: 0, 9: 1 }
    expect(textOf(await facts(frames))[1]).toContain(
      'Each frame is the model’s guess of the finished picture',
    )
    expect(textOf(await facts(frames, { kind: 'noisy' }))[1]).toContain('Each frame is the noisy state after')
    expect(textOf(await facts(frames, { kind: 'noisy' })).join(' ')).not.toContain('layout')
    expect(textOf(await facts(frames, { kind: 'guess' })).join(' ')).toContain('layout')
  })

  it('stand as long as the steps until the next one', () => {
    expect(recordDelays({ shown: [2, 4, 8], steps: 10 })).toEqual([800, 1600, 800])
  })

  it('have a full dot for a step that is shown and a ring for one that is not', async () => {
    const seen = { ...(await seenFrames({ 2: 0, 5: 0.5, 20: 1 })), watched: 3 }
    const strip = await drawRecordStrip(seen, await board(1), await facts({ 2: 0, 5: 0.5, 20: 1 }))
    const { height } = await sharp(strip).metadata()
    const stride = (1200 - 64) / 20
    const full = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const left = Math.round(32 + (i + 0.5) * stride)
        const at = { left, top: height - 108, width: 1, height: 1 }
        const [red, green, blue] = await sharp(strip).extract(at).removeAlpha().raw().toBuffer()
        const hex = [red, green, blue].map((value) => (value ?? 0).toString(16).padStart(2, '0')).join('')
        return `#${hex}` === palette.change ? [i + 1] : []
      }),
    )
    expect(full.flat()).toEqual([2, 5, 20])
  })
})

describe('what a recipe prescribes', () => {
  it('is its schedule, by the name that any of the machines gives it', () => {
    const ten = (other: Partial<Recipe>) =>
      prescription({ ...recipe, steps: 10, ...other })?.sigma.map((sigma) => Number(sigma.toFixed(3)))
    const karras = [14.615, 9.103, 5.478, 3.169, 1.749, 0.914, 0.447, 0.201, 0.082, 0.029]
    expect(ten({})).toEqual(karras)
    expect(ten({ scheduler: 'karras' })).toEqual(karras)
    expect(ten({ scheduler: 'normal' })?.[1]).toBe(7.84)
    expect(ten({ scheduler: 'Uniform' })?.[1]).toBe(7.84)
    expect(ten({ sampler: 'DDIM' })).toEqual(ten({ scheduler: 'ddim_uniform' }))
    expect(ten({ sampler: 'ddim' })).toEqual(karras)
    expect(ten({ sampler: 'DPM++ 2M', scheduler: 'Automatic' })).toEqual(karras)
    expect(ten({ sampler: 'Euler a', scheduler: 'Automatic' })).toEqual(ten({ scheduler: 'Normal' }))
    expect(ten({ sampler: 'DPM++ 2M SDE', scheduler: 'Automatic' })).toEqual(
      ten({ scheduler: 'Exponential' }),
    )
  })

  it('leaves out the last level but one for samplers that do', () => {
    const whole = prescription({ ...recipe, steps: 11 })?.sigma
    expect(prescription({ ...recipe, steps: 10, sampler: 'DPM2' })?.sigma).toEqual(whole?.slice(0, 10))
    expect(prescription({ ...recipe, steps: 10, sampler: 'dpm_2_ancestral' })?.sigma).toEqual(
      whole?.slice(0, 10),
    )
  })

  it.each<Partial<Recipe>>([
    { scheduler: 'Automatic', sampler: 'Unheard of' },
    { sampler: 'DPM adaptive' },
    { scheduler: '' },
    { scheduler: 'constructor' },
    { model: 'flux-schnell' },
    { model: 'sd3.5_medium' },
    { denoisingStrength: 0.6 },
    { hires: { scale: 2, upscaler: 'Latent', denoisingStrength: 0.5 } },
  ])('is not told where it is not known: %j', (other) => {
    expect(prescription({ ...recipe, ...other })).toBeUndefined()
  })

  it('gives the amounts of noise that are added, from little to much', () => {
    const levels = noiseLevels(prescription(recipe))
    expect(levels).toHaveLength(7)
    expect(levels).toEqual(levels.toSorted((a, b) => a - b))
    expect([levels[0], levels.at(-1)].map((level) => level?.toFixed(3))).toEqual(['0.028', '0.936'])
    expect(noiseLevels(undefined)).toHaveLength(7)
  })
})

describe('the explanation of a picture that cannot be drawn again', () => {
  it('shows the frames that were seen, with words, and is kept', async () => {
    const { explain, picture, dataDir } = await gallery(await seenFrames({ 2: 0, 5: 0.5, 9: 0.9, 20: 1 }))
    const explanation = await explain.of(picture, never)
    const text = explanation.text.join('\n')
    expect(text).toContain('4 of 20 steps were seen')
    expect(text).toContain('settled between steps 5 and 9')
    expect(text).toContain('what the Karras schedule prescribes')
    expect(text).toContain('computed and not measured')
    expect(explanation.matches).toBeUndefined()
    expect(explanation.images.map(({ name }) => name)).toEqual([
      `seen-${picture.id}.gif`,
      `seen-${picture.id}.png`,
      `schedule-${picture.id}.png`,
    ])
    const [gif] = explanation.images
    const { pages, format } = await sharp(gif?.data, { animated: true }).metadata()
    expect({ pages, format }).toEqual({ pages: 5, format: 'gif' })
    const alts = explanation.images.map(({ alt }) => alt)
    for (const alt of alts) expect(alt.length).toBeLessThanOrEqual(1000)
    expect(alts[0]).toContain("the model's guess at steps 2, 5, 9 and 20")
    expect(alts[1]).toContain('4 of 20 steps were seen')
    expect(alts[2]).toContain('computed, not measured')
    expect(await explain.of(picture, never)).toEqual(explanation)
    expect(await readdir(path.join(dataDir, 'explanations'))).toEqual([picture.id])
  })

  it('draws no schedule for a run of another length than the recipe has', async () => {
    const { explain, picture } = await gallery(await seenFrames({ 2: 0, 12: 1 }, { steps: 12 }))
    const { text, images } = await explain.of(picture, never)
    expect(images).toHaveLength(2)
    expect(text.join('\n')).toContain('2 of 12 steps were seen')
    expect(text.join('\n')).not.toContain('prescribes')
  })

  it('without frames claims no moment of its making', async () => {
    const { explain, picture } = await gallery()
    const { text, images } = await explain.of(picture, never)
    expect(text[0]).toContain('**Nothing of the making was recorded.**')
    expect(text.join('\n')).toContain('noise added to the finished picture')
    expect(text.join('\n')).toContain('not the moments of its making')
    expect(images.map(({ name }) => name)).toEqual([
      `noise-added-${picture.id}.png`,
      `schedule-${picture.id}.png`,
    ])
    expect(images[0]?.alt).toContain('not the moments of its making')
    const all = [...text, ...images.map(({ alt }) => alt)].join('\n')
    expect(all).not.toMatch(
      /\bseen\b|at step|model['’]s guess|noisy state|settled|previews|developed|very run/iu,
    )
  })

  it('begins the strip with the finished picture and ends in noise', async () => {
    const { explain, picture } = await gallery()
    const { images } = await explain.of(picture, never)
    const column = async (left: number) => {
      const region = { left, top: 128, width: 128, height: 128 }
      const cut = await sharp(images[0]?.data).extract(region).png().toBuffer()
      return (await sharp(cut).stats()).channels[0]?.stdev ?? 0
    }
    expect(Math.abs((await column(32)) - 64)).toBeLessThan(4)
    expect(await column(32 + 7 * 144)).toBeGreaterThan(85)
  })

  it('says for a picture made from another that the noise did not stand alone', async () => {
    const { explain, picture } = await gallery(undefined, { denoisingStrength: 0.6 })
    const { text, images } = await explain.of(picture, never)
    expect(text.join('\n')).toContain('**It began as a picture under noise.** Denoising strength 0.6')
    expect(text.join('\n')).not.toContain('**It began as noise.**')
    expect(images).toHaveLength(1)
  })

  it('falls back to it when a kept frame is damaged', async () => {
    const { explain, picture, dataDir } = await gallery(await seenFrames({ 2: 0, 20: 1 }))
    await writeFile(path.join(dataDir, 'seen', picture.id, '2.webp'), 'half')
    expect((await explain.of(picture, never)).text[0]).toContain('Nothing of the making was recorded')
  })
})

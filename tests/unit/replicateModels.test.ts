import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/errors.ts'
import { orderOf } from '../../src/services/backends/replicate/input.ts'
import { inCents, infoOf } from '../../src/services/backends/replicate/modelInfo.ts'
import { placesOf, readModels } from '../../src/services/backends/replicate/registry.ts'
import { faultsOf, fakeModels } from '../support/fakeReplicate/models.ts'
import { temporaryFolder } from '../support/studio.ts'

const folder = 'data/models'
const models = await readModels(folder)
const sdxl = await readFile(path.join(folder, 'sdxl.json'), 'utf8')

describe('the model files', () => {
  it('are all read, and folders beside them are not', async () => {
    const files = (await readdir(folder, { withFileTypes: true })).filter((file) => file.isFile())
    expect(models.map(({ id }) => `${id}.json`).sort()).toEqual(files.map(({ name }) => name).sort())
    expect(new Set(models.map(({ order }) => order)).size).toBe(models.length)
  })

  it('never switch off the safety checker, and keep the watermark', () => {
    for (const { fixed, sizes } of models) {
      const names = [fixed, ...sizes.map(({ input }) => input ?? {})].flatMap((values) => Object.keys(values))
      expect(names).not.toContain('disable_safety_checker')
    }
    expect(models.find(({ id }) => id === 'sdxl')?.fixed).toMatchObject({ apply_watermark: true })
  })

  it('name addresses and inputs that the models have, in every combination that students can choose', () => {
    for (const model of models) {
      for (const { model: name, version } of placesOf(model)) {
        const fake = fakeModels.find((each) => each.name === name)
        const newest = fake?.versions.slice(-1)
        const asked = version === 'latest' ? newest : [version].filter((each) => each !== undefined)
        expect(asked).toEqual(newest)
      }
      for (const sampler of model.samplers) {
        for (const { width, height } of model.sizes) {
          for (const limit of ['min', 'max', 'default'] as const) {
            for (const files of [
              undefined,
              { image: 'https://a/b' },
              { image: 'https://a/b', mask: 'https://a/c' },
            ]) {
              if (files && !(files.mask ? model.inpainting : model.img2img)) continue
              const { place, input } = orderOf(
                model,
                {
                  model: model.id,
                  prompt: 'a cat',
                  negativePrompt: infoOf(model).supports.negativePrompt ? 'dog' : '',
                  seed: 2 ** 32 - 1,
                  steps: model.steps[limit],
                  cfgScale: model.cfgScale[limit],
                  sampler: sampler.id,
                  scheduler: 'Automatic',
                  width,
                  height,
                  denoisingStrength: 0.5,
                },
                files,
              )
              const fake = fakeModels.find((each) => each.name === place.model)
              if (!fake) throw new Error(`the fake does not know ${place.model}`)
              expect(faultsOf(fake, input)).toEqual([])
              expect(Object.keys(input).filter((name) => !(name in fake.input))).toEqual([])
            }
          }
        }
      }
    }
  })

  it.each([
    ['"K_EULER"', '7', 'samplers'],
    ['"apply_watermark": true', '"disable_safety_checker": true', 'must not disable the safety checker'],
    ['"kind": "community"', '"kind": "free"', 'kind'],
    ['"7762fd07', '"7762XY', 'version'],
    ['"about"', '"abuot"', 'abuot'],
    ['"seed": "seed",', '', 'must name prompt, seed and steps'],
    ['"id": "sdxl"', '"id": "sdxm"', 'must be called sdxm.json'],
    ['{', '', 'is not JSON'],
  ])('are refused with %s changed to %s', async (from, to, says) => {
    const wrong = await temporaryFolder()
    await mkdir(path.join(wrong, 'emoji'))
    await writeFile(path.join(wrong, 'sdxl.json'), sdxl.replace(from, to))
    const reading = readModels(wrong)
    await expect(reading).rejects.toThrow(ConfigError)
    await expect(reading).rejects.toThrow(says)
  })
})

describe('the file of a workflow', () => {
  it.each([
    ['"randomise_seeds": false', '"randomise_seeds": true', 'randomise_seeds'],
    ['"randomise_seeds": false, ', '', 'randomise_seeds'],
    ['"comfyui-workflow"', '"community"', 'nothing else, has a workflow'],
    ['"version": "latest"', '"version": "newest"', 'version'],
  ])('is refused with %s changed to %s', async (from, to, says) => {
    const wrong = await temporaryFolder()
    const text = await readFile(path.join(folder, 'sdxl-filmstrip.json'), 'utf8')
    await writeFile(path.join(wrong, 'sdxl-filmstrip.json'), text.replace(from, to))
    await expect(readModels(wrong)).rejects.toThrow(says)
  })
})

describe('what a model says of itself', () => {
  it('is what it costs and what it cannot do', () => {
    for (const model of models) {
      const { description, price } = infoOf(model)
      expect(description).toContain(model.cannot)
      expect(description).toContain(inCents(price?.usdPerPicture ?? Number.NaN))
      expect(price?.checkedOn).toMatch(/^20\d\d-\d\d$/)
    }
  })

  it('is what the README promises for an afternoon of thirty', async () => {
    const readme = await readFile('README.md', 'utf8')
    for (const model of models) {
      const usd = infoOf(model).price?.usdPerPicture ?? Number.NaN
      const row = `| ${model.title} | \`${model.id}\` | ${inCents(usd)} | $${(30 * 20 * usd).toFixed(2)} |`
      expect(readme).toContain(row)
    }
  })
})

describe('settings that do not fit', () => {
  const [model] = models
  if (!model) throw new Error('no model')
  const good = {
    model: 'sdxl',
    prompt: 'a cat',
    negativePrompt: '',
    seed: 1,
    steps: 20,
    cfgScale: 7,
    sampler: 'Euler',
    scheduler: 'Automatic',
    width: 1024,
    height: 1024,
  }

  it.each([
    [{ sampler: 'Bob Ross' }, 'it has: Euler, Euler a'],
    [{ scheduler: 'Karras' }, 'leave it at Automatic'],
    [{ steps: 61 }, '1 to 60 steps'],
    [{ cfgScale: 0 }, 'cfg from 1 to 20'],
    [{ width: 4096 }, 'does not draw this size'],
    [{ prompt: 'x'.repeat(1001) }, '1000 characters'],
    [{ variationSeed: 1, variationStrength: 0.3 }, 'cannot vary'],
    [{ loras: [{ name: 'a', weight: 1 }] }, 'no LoRA'],
    [{ refiner: 'Rembrandt' }, 'no refiner'],
  ])('are refused in words: %o', (changes, words) => {
    const attempt = () => orderOf(model, { ...good, ...changes })
    expect(attempt).toThrow(
      expect.objectContaining({
        kind: 'rejected',
        sentence: expect.stringContaining(words) as string,
      }) as Error,
    )
  })

  it('takes a refiner by its name', () => {
    expect(orderOf(model, { ...good, refiner: 'base_image_refiner' }).input).toMatchObject({
      refine: 'base_image_refiner',
    })
  })
})

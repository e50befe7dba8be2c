import { expect, it } from 'vitest'
import type { Recipe } from '../../src/domain.ts'
import { infotext } from '../../src/services/infotext.ts'
import { readInfotext } from '../../src/services/inspect/infotextReader.ts'
import { recipeOfInfotext, valuesOf } from '../../src/services/inspect/infotextRecipe.ts'
import { sampleRecipe } from '../support/samples.ts'

const settings =
  'Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 45dee52b'

it('takes prompt, negative prompt and settings apart', () => {
  expect(readInfotext(`girl with an apple\nNegative prompt: ugly\n${settings}`)).toEqual({
    prompt: 'girl with an apple',
    negativePrompt: 'ugly',
    pairs: [
      ['Steps', '20'],
      ['Sampler', 'Euler a'],
      ['CFG scale', '7'],
      ['Seed', '965400086'],
      ['Size', '512x512'],
      ['Model hash', '45dee52b'],
    ],
  })
})

it('takes a last line with fewer than three pairs for prompt', () => {
  expect(readInfotext('a cat\nSteps: 20, Seed: 3')).toEqual({
    prompt: 'a cat\nSteps: 20, Seed: 3',
    negativePrompt: '',
    pairs: [],
  })
  expect(readInfotext('a cat\nSteps: 20, Seed: 3, Size: 8x8').pairs).toHaveLength(3)
  // Weights in a prompt look like pairs, but no key has a bracket in it.
  expect(readInfotext('(red hair:1.3), (blue eyes:1.2), (smile:1.1), cat').pairs).toEqual([])
})

it('stands Windows newlines, a prompt with "Steps:" in it, no prompt, and lines of templates below', () => {
  expect(
    readInfotext(`one\r\nSteps: 3, Seed: 4, Size: two\r\nNegative prompt: no\r\n${settings}\r\n`),
  ).toMatchObject({
    prompt: 'one\nSteps: 3, Seed: 4, Size: two',
    negativePrompt: 'no',
  })
  expect(readInfotext(settings)).toMatchObject({ prompt: '', negativePrompt: '' })
  expect(readInfotext(`Negative prompt: no\n${settings}`)).toMatchObject({ prompt: '', negativePrompt: 'no' })
  expect(readInfotext(`cat\n${settings}\nTemplate: a {cat|dog}\nNegative Template: x`)).toMatchObject({
    prompt: 'cat',
  })
})

it('reads quoted values and JSON with or without quotes', () => {
  const line = `${settings}, Model: "my, \\"own\\": model", Hashes: {"a": "b, c", "d": [1, 2]}, TI hashes: "x: 1, y: 2", Bare word, RNG: CPU`
  const values = valuesOf(readInfotext(`x\n${line}`).pairs)
  expect(values.get('Model')).toBe('my, "own": model')
  expect(JSON.parse(values.get('Hashes') ?? '')).toEqual({ a: 'b, c', d: [1, 2] })
  expect(values.get('TI hashes')).toBe('x: 1, y: 2')
  expect(values.get('RNG')).toBe('CPU')
  expect([values.get('Size-1'), values.get('Size-2')]).toEqual(['512', '512'])
})

it('keeps what never ends as text, quickly', () => {
  const open = readInfotext(`x\n${settings}, Odd: {"a": 1, Model: fine, Other: "b, VAE: good`).pairs
  expect(Object.fromEntries(open)).toMatchObject({ Model: 'fine', VAE: 'good' })
  const begin = performance.now()
  readInfotext(`x\n${'aa: {"b", '.repeat(200_000)}`)
  readInfotext(`x\n${'aa: "b, '.repeat(200_000)}`)
  readInfotext('\n'.repeat(200_000) + ','.repeat(200_000))
  expect(performance.now() - begin).toBeLessThan(2000)
})

it('takes what is not written for the usual, and says nothing of the hashes', () => {
  const recipe = recipeOfInfotext(`x\n${settings}, Hashes: {"model": "1"}, Version: v1.10.1`)?.recipe
  expect(recipe).toMatchObject({ scheduler: 'Automatic', clipSkip: 1, modelHash: '45dee52b', more: [] })
  expect(recipeOfInfotext('x\nSteps: 4, Sampler: DPM++ 2M Karras, Seed: -1')?.recipe).toMatchObject({
    sampler: 'DPM++ 2M',
    scheduler: 'Karras',
    seed: undefined,
  })
  expect(recipeOfInfotext('only words')).toBeUndefined()
})

it('reads back whatever our own writer writes', () => {
  const random = mulberry32(20_261_125)
  for (let round = 0; round < 600; round += 1) {
    const recipe = strangeRecipe(random)
    const text = infotext(recipe)
    const read = recipeOfInfotext(text)
    // The text stands in the comparison, so that a failure shows it.
    expect({ text, tool: read?.tool }).toEqual({ text, tool: 'Darkroom' })
    expect({ text, ...read?.recipe }).toMatchObject({
      text,
      negativePrompt: linesOf(recipe.negativePrompt),
      seed: String(recipe.seed),
      steps: recipe.steps,
      cfgScale: recipe.cfgScale,
      sampler: recipe.sampler,
      scheduler: recipe.scheduler,
      width: recipe.width,
      height: recipe.height,
      model: recipe.model,
      loras: recipe.loras ?? [],
      vae: recipe.vae,
      refiner: recipe.refiner,
      hires: recipe.hires,
      denoisingStrength: recipe.hires ? undefined : recipe.denoisingStrength,
      variationSeed: recipe.variationSeed?.toString(),
      variationStrength: recipe.variationStrength,
      more: [],
    })
    const words = read?.recipe.prompt.replaceAll(/ ?<lora:[^>]*>/g, '').trim()
    const kept = linesOf(recipe.prompt).replace(/^Negative prompt:/, 'negative prompt:')
    expect({ text, words }).toEqual({ text, words: kept })
    const prompt = words ?? ''
    expect(recipeOfInfotext(infotext({ ...recipe, prompt }))).toEqual(read)
  }
})

/** What is kept of a prompt: each line without its edges; and in one line when a line of it would be read as something else. */
function linesOf(prompt: string): string {
  const text = prompt.replaceAll(/\r\n?/g, '\n').trim()
  const joined = /^\s*Negative prompt:/im.test(text) ? text.replaceAll('\n', ' ') : text
  return joined
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
}

function strangeRecipe(random: () => number): Recipe {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const maybe = (changes: Partial<Recipe>) => (random() < 0.4 ? changes : {})
  const bits = (
    'cat~ ~, ~: ~\n~\r\n~"~\\~{~}~[a|b]~(x:1.2)~Steps: 5~Negative prompt: no~甲~é~😀~512x512~Version: v1.10.1~<b>~AND~' +
    'Steps: 20, Sampler: Euler, Seed: 3, Size: 64x64~Template: x'
  ).split('~')
  const words = () => Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(bits)).join('')
  const name = () =>
    words()
      .replaceAll(/[\r\n]+/g, ' ')
      .trim() || 'name'
  const seed = () => Math.floor(random() * 2 ** 32)
  const part = () => Math.round(random() * 100) / 100
  return sampleRecipe({
    prompt: words(),
    negativePrompt: words().trim(),
    model: name(),
    seed: seed(),
    steps: 1 + Math.floor(random() * 100),
    cfgScale: Math.round(random() * 300) / 10,
    sampler: pick(['Euler', 'Euler a', 'DPM++ 2M', 'DDIM']),
    scheduler: pick(['Karras', 'Automatic', 'SGM Uniform']),
    width: 64 * (1 + Math.floor(random() * 20)),
    height: 64 * (1 + Math.floor(random() * 20)),
    ...maybe({ vae: name() }),
    ...maybe({ refiner: name() }),
    ...maybe({ denoisingStrength: part() }),
    ...maybe({ loras: [{ name: pick(['ink', 'soft light', 'v1.2_a-b']), weight: part() }] }),
    ...maybe({
      hires: {
        scale: 1.5,
        upscaler: pick(['Latent', 'Latent (nearest)']),
        denoisingStrength: part(),
      },
    }),
    ...(random() < 0.3 ? { variationSeed: seed(), variationStrength: part() } : {}),
  })
}

/** Pseudo-random numbers from 0 to 1 that are the same in each run (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

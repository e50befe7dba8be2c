import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { textsFor } from '../../src/services/infotext.ts'
import { inWords } from '../../src/services/inspect/inWords.ts'
import { readRecipe } from '../../src/services/inspect/readRecipe.ts'
import { avifWith, comfyExif, commentExif, jpegWith, pngWith, webpWith } from '../support/recipeFiles.ts'
import { auto1111Text, civitaiText, comfyGraph, comfyWorkflow, forgeText } from '../support/recipeTexts.ts'
import { sampleRecipe } from '../support/samples.ts'

it('reads AUTOMATIC1111 with all its traps', async () => {
  const found = await readRecipe(await pngWith({ parameters: auto1111Text }))
  expect(found).toMatchObject({ format: 'PNG', tool: 'AUTOMATIC1111', why: [] })
  expect(found.recipe).toMatchObject({
    prompt: 'a lighthouse at dusk, (storm:1.3), [calm:waves:0.5] <lora:etching_v2:0.7>\nsecond line',
    negativePrompt: 'people, (blurry:1.2)\ntext, frame',
    seed: '4022250974',
    steps: 28,
    cfgScale: 6.5,
    sampler: 'DPM++ 2M',
    scheduler: 'Karras',
    width: 512,
    height: 768,
    model: 'v1-5-pruned-emaonly',
    vae: 'vae-ft-mse.safetensors',
    loras: [{ name: 'etching_v2', weight: 0.7 }],
    clipSkip: 2,
    hires: { scale: 1.5, upscaler: '4x-UltraSharp', denoisingStrength: 0.45 },
    denoisingStrength: undefined,
    more: [
      ['Hires steps', '12'],
      ['ControlNet 0', 'Module: canny, Model: control_v11p [d14c016b], Weight: 1'],
    ],
  })
})

it('tells Forge, CivitAI, SD.Next and sd.cpp by what they add', async () => {
  const toolOf = async (parameters: string) => (await readRecipe(await pngWith({ parameters }))).tool
  const plain = 'a cat\nSteps: 20, Sampler: Euler, Seed: 1'
  expect(await toolOf(forgeText)).toBe('Forge')
  expect(await toolOf(`${plain}, Version: neo-2.24`)).toBe('Forge')
  expect(await toolOf(civitaiText)).toBe('CivitAI')
  expect(await toolOf(`${plain}, App: SD.Next, Version: 0eb4a98`)).toBe('SD.Next')
  expect(await toolOf(`${plain}, Version: stable-diffusion.cpp`)).toBe('stable-diffusion.cpp')
  expect(await toolOf(`${plain}, Version: ComfyUI`)).toBe('ComfyUI')
  expect(await toolOf(`${plain}, Version: v1.9.3`)).toBe('AUTOMATIC1111')
  expect((await readRecipe(await pngWith({ parameters: plain }))).recipe?.notes[0]).toMatch(/not signed/)
})

it('reads JSON without quotes, a seed of 20 digits and what the generator of CivitAI does not know', async () => {
  const { recipe } = await readRecipe(await jpegWith(civitaiText))
  expect(recipe).toMatchObject({
    seed: '12345678901234567890',
    sampler: undefined,
    clipSkip: 2,
    model: 'SD XL',
    loras: [{ name: 'lace', weight: 0.8 }],
    more: [['Created Date', '2025-01-02T10:11:12.0000000Z']],
  })
})

it('finds the text in JPEG, WebP and AVIF, in whichever byte order it was written', async () => {
  const text = 'ein Käfer 甲虫\nSteps: 20, Sampler: Euler a, Seed: 5, Version: v1.10.1'
  const files = [
    await jpegWith(text, 'UTF-16BE'),
    await jpegWith(text, 'UTF-16LE'),
    await jpegWith(text, 'ASCII'),
    await jpegWith(text, 'none'),
    await webpWith(commentExif(text, 'UTF-16BE')),
    await avifWith(text),
  ]
  const found = await Promise.all(files.map(readRecipe))
  expect(found.map(({ format }) => format)).toEqual(['JPEG', 'JPEG', 'JPEG', 'JPEG', 'WebP', 'AVIF'])
  for (const { recipe } of found) expect(recipe).toMatchObject({ prompt: 'ein Käfer 甲虫', seed: '5' })
})

it('reads ComfyUI from PNG and from the EXIF of its WebP', async () => {
  const prompt = JSON.stringify(comfyGraph())
  const workflow = JSON.stringify(comfyWorkflow())
  const png = await readRecipe(await pngWith({ prompt, workflow }))
  const webp = await readRecipe(await webpWith(comfyExif(prompt, workflow)))
  expect(png.tool).toBe('ComfyUI')
  expect(png.recipe).toMatchObject({
    prompt: 'a glass (bottle:1.2)',
    seed: '156680208700286',
    sampler: 'DPM++ 2M',
  })
  expect(webp).toEqual({ ...png, format: 'WebP' })
  // Written by libexif, which we did not write, in the other byte order.
  const exif = { IFD0: { Make: `workflow:${workflow}`, Model: `prompt:${prompt}` } }
  const theirs = await sharp(await pngWith({}))
    .withExif(exif)
    .webp()
    .toBuffer()
  expect(await readRecipe(theirs)).toEqual(webp)
  const editorOnly = await readRecipe(await pngWith({ workflow }))
  expect(editorOnly.recipe).toMatchObject({ prompt: 'a glass bottle', sampler: 'Euler a' })
})

it('reads the graph that the generator of CivitAI puts into a JPEG', async () => {
  const json = JSON.stringify({ ...comfyGraph(), extraMetadata: '{"prompt":"a glass"}' })
  const found = await readRecipe(await jpegWith(json))
  expect(found).toMatchObject({
    format: 'JPEG',
    tool: 'CivitAI',
    recipe: { steps: 25, model: 'sd_xl_base_1.0' },
  })
})

it('reads what we write ourselves', async () => {
  const recipe = sampleRecipe({ variationSeed: 3, variationStrength: 0.2 })
  const found = await readRecipe(await pngWith(textsFor(recipe)))
  expect(found).toMatchObject({ tool: 'Darkroom', recipe: { variationSeed: '3', variationStrength: 0.2 } })
})

it('reads programs that keep JSON', async () => {
  const swarm = {
    sui_image_params: {
      prompt: 'a',
      negativeprompt: 'b',
      seed: 4,
      steps: 9,
      cfgscale: 3,
      model: 'x/y.safetensors',
    },
  }
  const invoke = {
    positive_prompt: 'a',
    negative_prompt: 'b',
    seed: 4,
    steps: 9,
    cfg_scale: 3,
    model: { name: 'y' },
    scheduler: 'euler_a',
  }
  const novel = { uc: 'b', seed: 4, steps: 9, scale: 3, sampler: 'k_euler_ancestral' }
  const fooocus = {
    prompt: 'a',
    negative_prompt: 'b',
    seed: '4',
    steps: 9,
    guidance_scale: 3,
    base_model: 'y',
    resolution: '(64, 96)',
  }
  const found = [
    await readRecipe(await pngWith({ parameters: JSON.stringify(swarm) })),
    await readRecipe(await pngWith({ invokeai_metadata: JSON.stringify(invoke) })),
    await readRecipe(
      await pngWith({ Software: 'NovelAI', Description: 'a', Comment: JSON.stringify(novel) }),
    ),
    await readRecipe(await pngWith({ parameters: JSON.stringify(fooocus) })),
  ]
  expect(found.map(({ tool }) => tool)).toEqual(['SwarmUI', 'InvokeAI', 'NovelAI', 'Fooocus'])
  for (const { recipe } of found) {
    expect(recipe).toMatchObject({ prompt: 'a', negativePrompt: 'b', seed: '4', steps: 9, cfgScale: 3 })
  }
})

it('says why there is no recipe, and what to do', async () => {
  const none = await readRecipe(
    await sharp(await pngWith({ parameters: auto1111Text }))
      .jpeg()
      .toBuffer(),
  )
  expect(none).toMatchObject({ format: 'JPEG', tool: undefined, recipe: undefined })
  expect(none.why.join(' ')).toMatch(/no recipe in this file.*preview.*download it/)
  const marked = await readRecipe(
    await pngWith({ 'XML:com.adobe.xmp': textsFor(sampleRecipe())['XML:com.adobe.xmp'] ?? '' }),
  )
  expect(marked.why[0]).toBe('The file says that a machine made it, but not how.')
  const unknown = await readRecipe(await pngWith({ parameters: 'dream: a cat' }))
  expect(unknown.why[0]).toMatch(/^It was made by something that I do not know/)
  expect(inWords(unknown)).toEqual([])
  await expect(readRecipe(Buffer.from('%PDF-1.7 no picture'))).rejects.toThrow(
    /not a picture that I can read/,
  )
})

it('stands broken and hostile files', async () => {
  const good = await jpegWith(auto1111Text)
  for (let length = 4; length < good.length; length += 97) {
    await expect(readRecipe(good.subarray(0, length))).resolves.toMatchObject({ format: 'JPEG' })
  }
  const webp = await webpWith(comfyExif(JSON.stringify(comfyGraph()), '{}'))
  for (let at = 30; at < webp.length; at += 61) {
    const bent = Buffer.from(webp)
    bent[at] = 0xff
    await expect(readRecipe(bent)).resolves.toMatchObject({ format: 'WebP' })
  }
  // A compressed text that grows beyond all measure hides nothing else.
  const bomb = Buffer.concat([Buffer.from('bomb\0\0', 'latin1'), deflateSync(Buffer.alloc(3_000_000))])
  const png = await pngWith({ parameters: auto1111Text })
  const chunk = Buffer.alloc(bomb.length + 12)
  chunk.writeUInt32BE(bomb.length, 0)
  chunk.write('zTXt', 4, 'latin1')
  bomb.copy(chunk, 8)
  const hidden = Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
  await expect(readRecipe(hidden)).resolves.toMatchObject({ tool: 'AUTOMATIC1111' })
})

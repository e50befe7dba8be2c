/** Draws with the model inside the bot, for figures: every recipe once, always the same pixels. */
import path from 'node:path'
import sharp from 'sharp'
import type { GeneratedImage, ImageBackend, ModelInfo, Recipe, Run } from '../../src/domain.ts'
import { createEmbedded } from '../../src/services/backends/embedded/embedded.ts'

export type Studio = {
  /** The recipe with the model's defaults for what is left out; seed 7. */
  recipe(wishes: Wishes): Recipe
  /** PNG, 512 x 512. */
  draw(wishes: Wishes): Promise<Buffer>
  run(wishes: Wishes): Promise<Run>
  /** img2img of a PNG. */
  remix(wishes: Wishes, image: Uint8Array): Promise<Buffer>
  close(): Promise<void>
}

export type Wishes = { prompt: string } & Partial<Recipe>

export async function openStudio(): Promise<Studio> {
  const backend: ImageBackend = await createEmbedded(path.resolve('data/models/emoji'))
  const model = backend.models()[0] as ModelInfo
  const { signal } = new AbortController()
  const recipe = (wishes: Wishes): Recipe => ({
    model: model.id,
    negativePrompt: '',
    seed: 7,
    steps: model.steps.default,
    cfgScale: model.cfgScale.default,
    sampler: model.samplers[0]?.id ?? '',
    scheduler: model.schedulers[0]?.id ?? '',
    width: model.sizes[0]?.width ?? 0,
    height: model.sizes[0]?.height ?? 0,
    ...wishes,
  })

  async function generate(wishes: Wishes, image?: Uint8Array): Promise<Buffer> {
    const request = { ...recipe(wishes), count: 1 }
    const input = image && { input: { image } }
    const [drawn] = await backend.generate(request, { signal, onProgress: () => undefined, ...input })
    return Buffer.from((drawn as GeneratedImage).png)
  }

  return {
    recipe,
    draw: (wishes) => generate(wishes),
    run: async (wishes) => (await backend.replay?.(recipe(wishes), { signal })) as Run,
    remix: generate,
    close: () => backend.close(),
  }
}

/** A file without what differs from version to version of sharp: pixels only, packed tightly. */
export const packed = (png: Buffer): Promise<Buffer> =>
  sharp(png).removeAlpha().png({ compressionLevel: 9, effort: 10 }).toBuffer()

/** From a recipe to the body of txt2img or img2img (auto1111 contract, section 4). */
import { Buffer } from 'node:buffer'
import { MAX_SEED, type GenerateContext, type Recipe } from '../../../domain.ts'
import type { Catalogue } from './catalogue.ts'
import type { Program } from './probe.ts'

/** A part of a job that goes out as one HTTP request: pictures with consecutive seeds. */
export type Part = { recipe: Recipe; first: number; count: number }

export type Machine = { program: Program; hasTaskIds: boolean; catalogue: Catalogue }

/** The seeds of the machine go on past ours, so a job that wraps around becomes two requests. */
export function partsOf(recipe: Recipe, count: number): Part[] {
  const rising = hasVariation(recipe) ? 'variationSeed' : 'seed'
  const start = recipe[rising] ?? 0
  const before = Math.min(count, MAX_SEED - start + 1)
  const parts = [{ recipe, first: 0, count: before }]
  if (before < count) parts.push({ recipe: { ...recipe, [rising]: 0 }, first: before, count: count - before })
  return parts
}

/** The recipe of picture `index` of a part. With a variation the machine keeps the seed and counts the subseed up. */
export function recipeOfPicture({ recipe }: Part, index: number): Recipe {
  if (!hasVariation(recipe)) return { ...recipe, seed: recipe.seed + index }
  return { ...recipe, variationSeed: (recipe.variationSeed ?? 0) + index }
}

const hasVariation = ({ variationSeed, variationStrength = 0 }: Recipe) =>
  variationSeed !== undefined && variationStrength > 0

export const routeOf = (input: GenerateContext['input']): string =>
  input === undefined ? '/sdapi/v1/txt2img' : '/sdapi/v1/img2img'

/** The marker by which a job is found where there are no task ids: see watch.ts. */
export const MARKER_OPTION = 'samples_filename_pattern'

export function requestBody(
  { recipe, count }: Part,
  { program, hasTaskIds, catalogue }: Machine,
  taskId: string,
  input: GenerateContext['input'],
): object {
  const vae = catalogue.vaes.find(({ name }) => name === recipe.vae)
  return {
    prompt: promptWithLoras(recipe),
    negative_prompt: recipe.negativePrompt,
    styles: recipe.styles ?? [],
    seed: recipe.seed,
    ...(hasVariation(recipe)
      ? { subseed: recipe.variationSeed, subseed_strength: recipe.variationStrength }
      : {}),
    // One at a time, not a batch: it needs the memory of one picture only, and each can be made again alone.
    n_iter: count,
    batch_size: 1,
    // The API's own default is 50 (section 4).
    steps: recipe.steps,
    cfg_scale: recipe.cfgScale,
    width: recipe.width,
    height: recipe.height,
    sampler_name: recipe.sampler,
    scheduler: recipe.scheduler,
    ...(input === undefined ? hires(recipe) : img2img(recipe, input)),
    ...(recipe.refiner === undefined ? {} : { refiner_checkpoint: recipe.refiner, refiner_switch_at: 0.8 }),
    force_task_id: taskId,
    send_images: true,
    // Students' pictures stay off the machine's disk; a grid would come first among the pictures otherwise.
    save_images: false,
    override_settings: {
      sd_model_checkpoint: recipe.model,
      ...(vae === undefined
        ? {}
        : program === 'Forge'
          ? { forge_additional_modules: [vae.file] }
          : { sd_vae: vae.name }),
      live_previews_enable: true,
      show_progress_every_n_steps: 1,
      live_previews_image_format: 'webp',
      ...(hasTaskIds ? {} : { [MARKER_OPTION]: taskId }),
    },
    override_settings_restore_afterwards: true,
  }
}

function promptWithLoras({ prompt, loras = [] }: Recipe): string {
  return [prompt, ...loras.map(({ name, weight }) => `<lora:${name}:${weight}>`)].join(' ')
}

function hires({ hires, denoisingStrength }: Recipe): object {
  if (hires === undefined) return {}
  return {
    enable_hr: true,
    hr_scale: hires.scale,
    hr_upscaler: hires.upscaler,
    denoising_strength: hires.denoisingStrength ?? denoisingStrength,
  }
}

export const USUAL_DENOISING = 0.75

/** setup_img2img_steps: one more than diffusers, and never all of them but at strength 1 (auto1111 contract, section 4). */
export function stepsOf({ steps, denoisingStrength = USUAL_DENOISING }: Recipe, isImg2img: boolean): number {
  if (!isImg2img) return steps
  return Math.min(steps, Math.floor(Math.min(denoisingStrength, 0.999) * steps) + 1)
}

function img2img({ denoisingStrength }: Recipe, input: NonNullable<GenerateContext['input']>): object {
  return {
    init_images: [base64(input.image)],
    denoising_strength: denoisingStrength ?? USUAL_DENOISING,
    // Crops rather than stretches a picture of another shape.
    resize_mode: 1,
    ...(input.mask === undefined
      ? {}
      : {
          mask: base64(input.mask),
          // Begin from what is there, and look at the whole picture: the API's default is the masked part alone.
          inpainting_fill: 1,
          inpaint_full_res: false,
        }),
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

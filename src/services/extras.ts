/** What some models take beside the usual settings: LoRAs, VAE, styles, hires fix, refiner. */
import type { Choice, ModelInfo, Recipe } from '../domain.ts'
import { UserError } from '../errors.ts'

export type ExtraOptions = {
  loras?: Recipe['loras']
  vae?: string | undefined
  styles?: readonly string[] | undefined
  hires?: { scale: number; upscaler?: string; denoisingStrength?: number } | undefined
  refiner?: string | undefined
  embeddings?: readonly string[] | undefined
}

/** More would hardly be seen, and each takes memory. */
const MOST = 5
const LORA_WEIGHT = { min: -2, max: 2 }
/** Enough to draw new detail, little enough to keep the picture; scaled-up latents stay blurred with less than this. */
const HIRES_DENOISING = { pixels: 0.4, latents: 0.6 }

/** The prompt with the embeddings that were asked for: they act by their names in it. @throws UserError invalid-options */
export function withEmbeddings(model: ModelInfo, prompt: string, embeddings: readonly string[] = []): string {
  few('embeddings', embeddings)
  const names = embeddings.map((name) => pickFrom(model.id, 'embedding', name, model.extras?.embeddings))
  return [prompt, ...names.filter((name) => !prompt.includes(name))].join(', ')
}

function pickFrom(modelId: string, what: string, asked: string, known: readonly Choice[] = []): string {
  if (known.length === 0) refuse(`The model "${modelId}" has no ${what} to choose; please leave it out.`)
  const wanted = asked.trim().toLowerCase()
  const found = known.find((choice) => choice.id.toLowerCase() === wanted)
  return found?.id ?? refuse(`${what} must be ${oneOf(known)}; you asked for "${asked.slice(0, 60)}".`)
}

/** The recipe's fields for what was asked. @throws UserError invalid-options that names what the model has */
export function extrasFor({ id, extras }: ModelInfo, options: ExtraOptions): Partial<Recipe> {
  const pick = (what: string, asked: string, known?: readonly Choice[]) => pickFrom(id, what, asked, known)
  const { loras = [], vae, styles = [], hires, refiner } = options
  few('LoRAs', loras)
  few('styles', styles)
  return {
    ...(loras.length > 0
      ? {
          loras: loras.map(({ name, weight }) => ({
            name: pick('lora', name, extras?.loras),
            weight: weightOf(weight),
          })),
        }
      : {}),
    ...(vae ? { vae: pick('vae', vae, extras?.vaes) } : {}),
    ...(styles.length > 0 ? { styles: styles.map((style) => pick('style', style, extras?.styles)) } : {}),
    ...(hires ? { hires: hiresFor(hires) } : {}),
    ...(refiner ? { refiner: pick('refiner', refiner, extras?.refiners) } : {}),
  }

  function hiresFor({ scale, upscaler, denoisingStrength }: NonNullable<ExtraOptions['hires']>) {
    const [usual] = extras?.upscalers ?? []
    if (!usual) return refuse(`The model "${id}" has no hires fix; please leave hires out.`)
    const by = upscaler === undefined ? usual.id : pick('upscaler', upscaler, extras?.upscalers)
    const enough = /^latent/i.test(by) ? HIRES_DENOISING.latents : HIRES_DENOISING.pixels
    return { scale, upscaler: by, denoisingStrength: denoisingStrength ?? enough }
  }
}

function weightOf(weight: number): number {
  const { min, max } = LORA_WEIGHT
  if (weight >= min && weight <= max) return weight
  return refuse(`The weight of a LoRA must be between ${min} and ${max}; you asked for ${weight}.`)
}

function few(what: string, list: readonly unknown[]): void {
  if (list.length > MOST) refuse(`A picture takes at most ${MOST} ${what}; you asked for ${list.length}.`)
}

/** A machine can have hundreds; the first ones give an idea. */
function oneOf(known: readonly Choice[]): string {
  const names = known.slice(0, 10).map(({ id }) => id)
  const left = known.length - names.length
  return left > 0
    ? `one of: ${names.join(', ')} and ${left} more (type to find them)`
    : `one of: ${names.join(', ')}`
}

function refuse(sentence: string): never {
  throw new UserError('invalid-options', sentence)
}

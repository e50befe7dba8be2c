/** The rarer settings of a stranger's recipe: what of them can be had here. Pure. */
import { MAX_SEED, type Choice, type ModelInfo } from '../../domain.ts'
import type { ImagineOptions } from '../imagine.ts'
import type { FoundRecipe } from './found.ts'
import { fileName, isSameFile } from './names.ts'

/** Notes what will differ. */
export type Miss = (sentence: string) => undefined

const MOST_LORAS = 5
const MOST_STYLES = 5

/** A seed as our models take it. */
export function seedFor(seed: string | undefined, name: string, miss: Miss): number | undefined {
  if (seed === undefined)
    return miss(`The file tells no ${name}, so a new one is drawn: it will be another picture.`)
  if (BigInt(seed) <= BigInt(MAX_SEED)) return Number(seed)
  return miss(`Its ${name}, ${seed}, is larger than seeds can be here (${MAX_SEED}), so a new one is drawn.`)
}

/** Noise of two seeds. */
export function variationFor(
  { variationSeed, variationStrength }: FoundRecipe,
  { id, supports }: ModelInfo,
  miss: Miss,
) {
  if (variationSeed === undefined || !variationStrength) return {}
  if (!supports.variation) {
    miss(`“${id}” cannot mix the noise of two seeds, so the variation is left out.`)
    return {}
  }
  const seed = seedFor(variationSeed, 'variation seed', miss)
  return { variationSeed: seed, variationStrength: Math.min(1, Math.max(0, variationStrength)) }
}

/** LoRAs, VAE, styles, hires fix and refiner, and sentences on what no model here takes. */
export function extrasFor(
  recipe: FoundRecipe,
  { id, extras }: ModelInfo,
  miss: Miss,
): Partial<ImagineOptions> {
  const find = (what: string, name: string, known: readonly Choice[] = []): string | undefined =>
    known.find((one) => isSameFile(one.id, name))?.id ??
    miss(`The ${what} “${fileName(name) || name}” is not here; it is left out.`)
  const loras = recipe.loras
    .map(({ name, weight }) => ({
      name: find('LoRA', name, extras?.loras),
      weight: Math.min(2, Math.max(-2, weight)),
    }))
    .filter((lora): lora is { name: string; weight: number } => lora.name !== undefined)
  if (loras.length > MOST_LORAS) miss(`Only the first ${MOST_LORAS} LoRAs are taken.`)
  const hires = hiresFor(recipe, extras, (what, name) => find(what, name, extras?.upscalers), id, miss)
  const vae =
    recipe.vae && !/^(automatic|none)$/i.test(recipe.vae) ? find('VAE', recipe.vae, extras?.vaes) : undefined
  const refiner = recipe.refiner && find('refiner', recipe.refiner, extras?.refiners)
  const styles = recipe.styles.flatMap((style) => find('style', style, extras?.styles) ?? [])
  lost(recipe, miss)
  return {
    ...(loras.length > 0 ? { loras: loras.slice(0, MOST_LORAS) } : {}),
    ...(vae ? { vae } : {}),
    ...(styles.length > 0 ? { styles: styles.slice(0, MOST_STYLES) } : {}),
    ...(hires ? { hires } : {}),
    ...(refiner ? { refiner } : {}),
  }
}

function hiresFor(
  { hires }: FoundRecipe,
  extras: ModelInfo['extras'],
  find: (what: string, name: string) => string | undefined,
  id: string,
  miss: Miss,
): ImagineOptions['hires'] {
  if (!hires) return undefined
  if (!extras?.upscalers.length)
    return miss(`“${id}” has no hires fix, so it is drawn in the first, smaller size.`)
  const upscaler = hires.upscaler === undefined ? undefined : find('upscaler', hires.upscaler)
  const { scale = 2, denoisingStrength } = hires
  return {
    scale: Math.min(4, Math.max(1, scale)),
    ...(upscaler === undefined ? {} : { upscaler }),
    ...(denoisingStrength === undefined
      ? {}
      : { denoisingStrength: Math.min(1, Math.max(0, denoisingStrength)) }),
  }
}

/** What no model here takes, or what is not in the file. */
function lost(recipe: FoundRecipe, miss: Miss): void {
  if (recipe.denoisingStrength !== undefined) {
    miss(
      'It began from another picture, which is not in the file; here it begins from noise. To begin from a picture, use /remix.',
    )
  }
  if (recipe.clipSkip !== undefined && recipe.clipSkip > 1)
    miss(`Clip skip ${recipe.clipSkip} cannot be set here.`)
  const has = (pattern: RegExp) => recipe.more.some(([key]) => pattern.test(key))
  if (has(/^ControlNet/)) miss('ControlNet guided it with another picture, which is not in the file.')
  if (has(/^ADetailer/)) miss('ADetailer drew faces or hands over again; that is not done here.')
  if (has(/^Face restoration/)) miss('Faces were smoothed afterwards; that is not done here.')
  if (has(/^(RNG|ENSD|Seed resize)/))
    miss('Its noise was made in a special way, so the same seed gives another picture here.')
}

/** What was read out of a picture file. Everything in it comes from outside: show it through an escape, trust no number. */

export type PictureFormat = 'PNG' | 'JPEG' | 'WebP' | 'AVIF' | 'GIF'

/** A low-rank addition to the model, by its name in the file, and how strongly it acted. */
export type FoundLora = { name: string; weight: number }

/** A recipe as another program wrote it; a field that it did not write is undefined. */
export type FoundRecipe = {
  /** As written, with weights, schedules and LoRA tags in it. */
  prompt: string
  negativePrompt: string
  /** Digits: other programs go beyond what a JavaScript number can hold. */
  seed: string | undefined
  steps: number | undefined
  cfgScale: number | undefined
  sampler: string | undefined
  scheduler: string | undefined
  width: number | undefined
  height: number | undefined
  model: string | undefined
  modelHash: string | undefined
  vae: string | undefined
  loras: FoundLora[]
  /** How much of the picture it began from was drawn over; undefined when it began from noise. */
  denoisingStrength: number | undefined
  clipSkip: number | undefined
  hires:
    | { scale: number | undefined; upscaler: string | undefined; denoisingStrength: number | undefined }
    | undefined
  refiner: string | undefined
  variationSeed: string | undefined
  variationStrength: number | undefined
  styles: string[]
  /** All other settings, in the order and by the names of the file. */
  more: [key: string, value: string][]
  /** Sentences about how it was read, e.g. that a workflow has several samplers. */
  notes: string[]
}

export type Found = {
  format: PictureFormat
  /** The program that made it, by the name it is known by; undefined when nothing in the file tells. */
  tool: string | undefined
  recipe: FoundRecipe | undefined
  /** Without a recipe: what that means and what to do, one sentence each. */
  why: string[]
}

/** No program reads longer prompts, and no message shows them. */
const LONGEST_PROMPT = 8000

/** A recipe of which nothing is known yet but its words. */
export const emptyRecipe = (prompt: string, negativePrompt: string): FoundRecipe => ({
  prompt: prompt.slice(0, LONGEST_PROMPT),
  negativePrompt: negativePrompt.slice(0, LONGEST_PROMPT),
  seed: undefined,
  steps: undefined,
  cfgScale: undefined,
  sampler: undefined,
  scheduler: undefined,
  width: undefined,
  height: undefined,
  model: undefined,
  modelHash: undefined,
  vae: undefined,
  loras: [],
  denoisingStrength: undefined,
  clipSkip: undefined,
  hires: undefined,
  refiner: undefined,
  variationSeed: undefined,
  variationStrength: undefined,
  styles: [],
  more: [],
  notes: [],
})

/** Another program's number, if it is one. */
export function numberOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '' || typeof value === 'boolean') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** A seed as digits: text, or a JSON number that lost nothing. -1 means "any" and is no seed. */
export function seedOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const digits = String(value).trim()
  return /^\d{1,40}$/.test(digits) ? digits : undefined
}

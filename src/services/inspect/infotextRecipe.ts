/** From infotext to a recipe, and which of the many programs that write it this one was. Pure. */
import { emptyRecipe, numberOf, seedOf, type FoundLora, type FoundRecipe } from './found.ts'
import { readInfotext, type Infotext } from './infotextReader.ts'
import { methodOf } from './names.ts'
import { promptSyntax } from './promptSyntax.ts'

/** What becomes a field of its own. Everything else is kept under its own name. */
const KNOWN = new Set(
  (
    'Steps|Sampler|Schedule type|CFG scale|Seed|Size|Model|Model hash|VAE|Variation seed|Variation seed strength|' +
    'Denoising strength|Clip skip|Styles|Refiner|Hires upscale|Hires upscaler|Hires resize|Version|Civitai resources'
  ).split('|'),
)
/** Hashes tell people nothing. */
const HIDDEN = /hash(es)?( \w+)?$|^Civitai metadata$|^User$/i

const UNSIGNED =
  'The text is not signed; it is written the way AUTOMATIC1111 writes, and other programs write alike.'

/** The recipe and the program; undefined when the text has no line of settings, so that nobody knows what it is. */
export function recipeOfInfotext(text: string): { recipe: FoundRecipe; tool: string } | undefined {
  const infotext = readInfotext(text)
  if (infotext.pairs.length === 0) return undefined
  const values = valuesOf(infotext.pairs)
  const tool = toolOf(values)
  return { recipe: recipeOf(infotext, values, tool), tool }
}

/** By key, of two the last; "512x768" also as two, as AUTOMATIC1111 does it: `Size-1` and `Size-2`. */
export function valuesOf(pairs: Infotext['pairs']): Map<string, string> {
  const values = new Map<string, string>()
  for (const [key, value] of pairs) {
    values.set(key, value)
    const [, first, second] = /^(\d+)x(\d+)$/.exec(value) ?? []
    if (first && second) values.set(`${key}-1`, first).set(`${key}-2`, second)
  }
  return values
}

function recipeOf(
  { prompt, negativePrompt, pairs }: Infotext,
  values: Map<string, string>,
  tool: string,
): FoundRecipe {
  const number = (key: string) => numberOf(values.get(key))
  const scale = number('Hires upscale')
  const hasHires = scale !== undefined || values.has('Hires upscaler') || values.has('Hires resize')
  const denoisingStrength = number('Denoising strength')
  // What is not written has its usual value; programs that only write alike leave out what they do not know.
  const isUsual = tool === 'AUTOMATIC1111' || tool === 'Forge'
  const method = methodOf(values.get('Sampler'), values.get('Schedule type'))
  return {
    ...emptyRecipe(prompt, negativePrompt),
    seed: seedOf(values.get('Seed')),
    steps: number('Steps'),
    cfgScale: number('CFG scale'),
    sampler: method.sampler,
    scheduler: method.scheduler ?? (isUsual ? 'Automatic' : undefined),
    width: number('Size-1'),
    height: number('Size-2'),
    model: values.get('Model') || modelOfResources(values.get('Civitai resources')),
    modelHash: values.get('Model hash') || undefined,
    vae: values.get('VAE') || undefined,
    loras: lorasOf(prompt, values.get('Civitai resources')),
    denoisingStrength: hasHires ? undefined : denoisingStrength,
    clipSkip: number('Clip skip') ?? (isUsual ? 1 : undefined),
    hires: hasHires ? { scale, upscaler: values.get('Hires upscaler'), denoisingStrength } : undefined,
    refiner: values.get('Refiner') || undefined,
    variationSeed: seedOf(values.get('Variation seed')),
    variationStrength: number('Variation seed strength'),
    styles: values.get('Styles')?.split(', ') ?? [],
    notes: tool === 'AUTOMATIC1111' && !values.has('Version') ? [UNSIGNED] : [],
    more: pairs.filter(([key]) => !KNOWN.has(key) && !HIDDEN.test(key)),
  }
}

function toolOf(values: Map<string, string>): string {
  const version = values.get('Version') ?? ''
  if (version === 'Darkroom') return 'Darkroom'
  if (values.has('Civitai resources') || values.has('Civitai metadata')) return 'CivitAI'
  if (/^sd\.?next/i.test(values.get('App') ?? '')) return 'SD.Next'
  if (/^ComfyUI/i.test(version)) return 'ComfyUI'
  if (/^stable-diffusion\.cpp/i.test(version)) return 'stable-diffusion.cpp'
  if (/^Fooocus/i.test(version)) return 'Fooocus'
  // Forge counts its own versions: "f2.0.1v1.10.1-…", and "neo-2.24" in a later line of it.
  if (/^(f\d|neo\b)/i.test(version) || values.has('Distilled CFG Scale') || values.has('Module 1'))
    return 'Forge'
  return 'AUTOMATIC1111'
}

/** Of the tags in the prompt and of CivitAI's list, which may name the same ones again. */
function lorasOf(prompt: string, resources: string | undefined): FoundLora[] {
  const tagged = promptSyntax(prompt).loras
  const listed = resourcesOf(resources).filter(({ type }) => /^(lora|lycoris|locon|dora)$/i.test(type))
  const added = listed
    .filter(({ name }) => name !== '' && !tagged.some((tag) => tag.name === name))
    .map(({ name, weight }) => ({ name, weight: weight ?? 1 }))
  return [...tagged, ...added].slice(0, 50)
}

const modelOfResources = (resources: string | undefined): string | undefined =>
  resourcesOf(resources).find(({ type }) => /^(checkpoint|model)$/i.test(type))?.name || undefined

function resourcesOf(json: string | undefined): { type: string; name: string; weight: number | undefined }[] {
  let list: unknown
  try {
    list = JSON.parse(json ?? '[]')
  } catch {
    return []
  }
  if (!Array.isArray(list)) return []
  return list
    .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    .map((one) => ({
      type: textOf(one['type']),
      name: textOf(one['modelName']),
      weight: numberOf(one['weight']),
    }))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

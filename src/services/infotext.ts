/** The text that AUTOMATIC1111 writes into its pictures (`modules/infotext_utils.py` reads it), and the mark of origin. */
import { isSwap, type PictureRecipe, type Recipe } from '../domain.ts'

/**
 * A recipe as infotext: the prompt, `Negative prompt: …`, and one last line of `key: value` pairs in AUTOMATIC1111's
 * order, so that its "PNG Info" fills in the same settings. Samplers and schedulers are called as they are there.
 */
export function infotext(recipe: Recipe): string {
  const pairs: [string, string | number | undefined][] = [
    ['Steps', recipe.steps],
    ['Sampler', recipe.sampler],
    ['Schedule type', recipe.scheduler],
    ['CFG scale', recipe.cfgScale],
    ['Seed', recipe.seed],
    ['Size', `${recipe.width}x${recipe.height}`],
    ['Model', recipe.model],
    ['VAE', recipe.vae],
    ['Variation seed', recipe.variationSeed],
    ['Variation seed strength', recipe.variationSeed === undefined ? undefined : recipe.variationStrength],
    ['Denoising strength', recipe.hires?.denoisingStrength ?? recipe.denoisingStrength],
    ['Hires upscale', recipe.hires?.scale],
    ['Hires upscaler', recipe.hires?.upscaler],
    ['Refiner', recipe.refiner],
    // AUTOMATIC1111 has no key for these: there the prompt already holds their words.
    ['Styles', recipe.styles?.join(', ')],
    ['Version', 'Darkroom'],
  ]
  const settings = pairs
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${quoted(String(value))}`)
    .join(', ')
  const loras = (recipe.loras ?? []).map(({ name, weight }) => ` <lora:${name}:${weight}>`)
  // There is no way to quote these words at the very beginning; in lower case they are only words.
  const prompt = promptLines(recipe.prompt).replace(/^Negative prompt:/, 'negative prompt:')
  const lines = [prompt + loras.join('')]
  if (recipe.negativePrompt !== '') lines.push(`Negative prompt: ${promptLines(recipe.negativePrompt)}`)
  return [...lines, settings].join('\n')
}

/**
 * As a JSON string where a comma, a colon or a line break would end the value, and where a reader would take its beginning for
 * quotes or JSON, or its spaces for none.
 */
function quoted(value: string): string {
  return /[,:\r\n]|^["{[]|^\s|\s$/.test(value) ? JSON.stringify(value) : value
}

/** A line that begins with "Negative prompt:" would be read as one, so such a prompt is written as one line. */
function promptLines(prompt: string): string {
  const text = prompt.replaceAll(/\r\n?/g, '\n').trim()
  return /^\s*Negative prompt:/im.test(text) ? text.replaceAll('\n', ' ') : text
}

/** Stands in the file of every face swap; `/inspect` knows one by it. */
export const SWAP_DESCRIPTION = 'A face swap, made by a machine with Darkroom.'

/**
 * The texts that the file of a picture carries, by PNG keyword: its recipe, and that a machine made it.
 * A face swap has no infotext: other programs could not make it again from one.
 */
export function textsFor(
  recipe: PictureRecipe,
  { isComposite: isMixed = false } = {},
): Record<string, string> {
  const isComposite = isMixed || isSwap(recipe) || recipe.initImage !== undefined
  const origin = originXmp(isComposite ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia')
  const words = isSwap(recipe) ? { Description: SWAP_DESCRIPTION } : { parameters: infotext(recipe) }
  return { ...words, 'XML:com.adobe.xmp': origin }
}

/**
 * XMP for the PNG chunk `XML:com.adobe.xmp`, with a term of https://cv.iptc.org/newscodes/digitalsourcetype/: drawn by a machine
 * alone, or composed of what a machine made and what it did not.
 */
const originXmp = (
  sourceType: 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia',
): string => `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmp:CreatorTool="Darkroom"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/${sourceType}"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`

/** Every setting of a recipe in plain words, for art students. Pure. */
import type { Found, FoundRecipe } from './found.ts'

/** How words from a file are written, e.g. without formatting. */
type Escape = (words: string) => string

/** A file may hold hundreds of settings of extensions. */
const MOST_OTHERS = 12
const LONGEST_VALUE = 120

/** One line for each setting that the file holds: its name in bold, its value, and what it means. The prompts are not among them. */
export function inWords({ recipe, tool }: Found, escape: Escape = (words) => words): string[] {
  if (!recipe) return []
  const line = (name: string, value: string | number | undefined, means: string) =>
    value === undefined || value === ''
      ? []
      : [`**${name}** ${isNumber(value) ? value : escape(short(String(value)))}: ${means}`]
  return [
    ...line(
      'Model',
      recipe.model ?? recipe.modelHash,
      recipe.model
        ? 'the trained network that drew it.'
        : 'a fingerprint of the model’s file; its name is not told.',
    ),
    ...line(
      'Seed',
      recipe.seed,
      'the number from which the first noise is made; the same seed and settings give the same picture.',
    ),
    ...line('Steps', recipe.steps, 'how often a little of the noise was taken away.'),
    ...line('Sampler', recipe.sampler, 'the method that takes the steps.'),
    ...line('Scheduler', recipe.scheduler, schedulerMeans(recipe.scheduler)),
    ...line('CFG', recipe.cfgScale, cfgMeans(recipe.cfgScale)),
    ...sizeLine(recipe),
    ...recipe.loras.flatMap(({ name, weight }) =>
      line(
        'LoRA',
        `${name}, weight ${weight}`,
        'a small addition to the model, for a style, a thing or a person.',
      ),
    ),
    ...line('VAE', recipe.vae, 'the part that turns the finished latent into pixels.'),
    ...line('Styles', recipe.styles.join(', '), 'pieces of prompt kept on the machine.'),
    ...line('Clip skip', recipe.clipSkip, clipSkipMeans(recipe.clipSkip)),
    ...line(
      'Denoising strength',
      recipe.denoisingStrength,
      'it began from another picture, and so much of that was drawn anew (0 nothing, 1 all).',
    ),
    ...hiresLine(recipe, line),
    ...line('Refiner', recipe.refiner, 'a second model that finished the picture.'),
    ...line('Variation seed', recipe.variationSeed, variationMeans(recipe)),
    ...recipe.more
      .slice(0, MOST_OTHERS)
      .flatMap(([key, value]) => line(escape(short(key)), value, meaningOf(key, tool))),
    ...(recipe.more.length > MOST_OTHERS ? [`And ${recipe.more.length - MOST_OTHERS} more settings.`] : []),
  ]
}

function sizeLine({ width, height }: FoundRecipe): string[] {
  if (width === undefined || height === undefined) return []
  return [`**Size** ${width} × ${height}: width and height in pixels, as it was drawn.`]
}

function hiresLine(
  { hires }: FoundRecipe,
  line: (name: string, value: string | undefined, means: string) => string[],
): string[] {
  if (!hires) return []
  const { scale, upscaler, denoisingStrength } = hires
  const times = scale === undefined ? undefined : `${scale} times`
  const value = [upscaler && `by ${upscaler}`, times].filter(Boolean).join(', ')
  const again = denoisingStrength === undefined ? 'partly' : `to ${Math.round(denoisingStrength * 100)} %`
  return line('Hires fix', value || 'on', `drawn small first, then enlarged and drawn over again ${again}.`)
}

const schedulerMeans = (scheduler: string | undefined) =>
  scheduler === 'Automatic'
    ? 'how the noise is spread over the steps; here as the sampler likes it.'
    : 'how the noise is spread over the steps.'

function cfgMeans(cfg = 0): string {
  if (cfg <= 1)
    return 'how strongly the prompt guides it; at 1 or less not beyond what the model does by itself.'
  if (cfg < 5) return 'how strongly the prompt guides it; this is loose.'
  if (cfg <= 9) return 'how strongly the prompt guides it; this is usual.'
  return 'how strongly the prompt guides it; this is strict, and colours become hard.'
}

const clipSkipMeans = (skip = 1) =>
  skip <= 1
    ? 'all layers of the network that reads the prompt are used.'
    : `the last ${skip === 2 ? 'layer' : `${skip - 1} layers`} of the network that reads the prompt ${skip === 2 ? 'is' : 'are'} left out.`

function variationMeans({ variationStrength }: FoundRecipe): string {
  const percent = Math.round((variationStrength ?? 0) * 100)
  return `its noise was mixed in, ${percent} % of the way; so this is a variation of the picture with the other seed.`
}

const OTHERS: readonly [RegExp, string][] = [
  [/^Distilled CFG Scale$/i, 'guidance of models such as FLUX, which learned it beforehand.'],
  [/^ControlNet/, 'a second picture that guided pose, edges or depth; it is not in this file.'],
  [/^ADetailer/, 'an extension that finds faces or hands and draws them again.'],
  [/^Hires/, 'a setting of the second, larger pass.'],
  [/^Refiner switch at$/, 'from this part of the steps on the second model drew.'],
  [/^Mask|^Inpaint|^Masked/, 'only a part of a picture was drawn anew.'],
  [/^Conditional mask weight$/, 'how much the picture below a mask was heeded.'],
  [/^Image CFG scale$/, 'how strongly it followed the picture it began from.'],
  [/^Face restoration$/, 'a second network that smooths faces afterwards.'],
  [/^ENSD$/, 'a number added to the seed for the noise of each step.'],
  [/^RNG$/, 'where the noise was made; another place gives another picture.'],
  [/^(Token merging|ToMe)/, 'parts of the picture were computed together, to be quicker.'],
  [/^NGMS$/, 'steps in which the negative prompt was left out, to be quicker.'],
  [/^Tiling$/, 'the edges fit each other, for patterns.'],
  [/^Eta/, 'how much fresh noise each step added.'],
  [/^Seed resize/, 'the noise was made for this size and then fitted.'],
  [/^(Module \d+|VAE (En|De)coder|Diffusion in Low Bits)/, 'a part of the model that was loaded beside it.'],
  [/^TI$|^Dynamic|^Template|^Wildcard/, 'the prompt was filled in by a program.'],
  [/^(Created Date|Date)$/, 'when it was made.'],
  [/^(App|Backend|Pipeline|Operations|Parser)$/, 'the program that drew it, in its own words.'],
  [/^Version$/, 'of the program.'],
]

const meaningOf = (key: string, tool: string | undefined): string =>
  OTHERS.find(([pattern]) => pattern.test(key))?.[1] ??
  `a setting of ${tool ?? 'the program'} that I do not know.`

/** Nothing in a number has to be escaped, and "6\\.5" would be read aloud. */
const isNumber = (value: string | number) => typeof value === 'number' || /^\d+(\.\d+)?$/.test(value)

const short = (value: string) =>
  value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value

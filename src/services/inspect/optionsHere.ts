/** What of a stranger's recipe can be made here, and what cannot. Pure. */
import type { Choice, ModelInfo, Range } from '../../domain.ts'
import type { ImagineOptions } from '../imagine.ts'
import type { Found, FoundRecipe } from './found.ts'
import { extrasFor, seedFor, variationFor, type Miss } from './optionsExtras.ts'
import { fileName, isSameFile, isSameScheduler, methodOf } from './names.ts'
import { plainWords, promptSyntax, withoutTags, type PromptSyntax } from './promptSyntax.ts'

export type Here = {
  /** To be given to `imagine.parse`; empty prompt when there is nothing to make. */
  options: ImagineOptions
  /** What will differ, one sentence each; empty when the same picture is to be expected. Holds words of the file. */
  unmatched: string[]
}

const NO_MODEL =
  'Its model is not here, and no free one draws for this class; type /imagine and choose a model to use this recipe.'

/**
 * The options that come nearest to what was found.
 * @param models all that can draw here
 * @param classModel what draws when the recipe's own model is not here; else the first one that costs nothing; one that costs money is never chosen for anybody
 */
export function optionsHere(found: Found, models: readonly ModelInfo[], classModel?: string): Here {
  const { recipe } = found
  const own = models.find(({ id, title }) =>
    [id, title].some((name) => isSameFile(name, recipe?.model ?? '')),
  )
  const model = own ?? models.find(({ id }) => id === classModel) ?? models.find(({ price }) => !price)
  if (!recipe) return { options: { prompt: '' }, unmatched: [] }
  if (!model) return { options: { prompt: '' }, unmatched: [NO_MODEL] }
  const unmatched: string[] = []
  const miss = (sentence: string): undefined => void unmatched.push(sentence)
  if (!own) {
    const name = recipe.model
      ? `Its model, “${fileName(recipe.model)}”, is not here`
      : 'The file does not name its model'
    miss(`${name}; “${model.id}” draws instead, so it will be another picture.`)
  }
  const options: ImagineOptions = {
    model: model.id,
    ...promptsFor(found, recipe, model, miss),
    seed: seedFor(recipe.seed, 'seed', miss),
    steps: inside('steps', recipe.steps && Math.round(recipe.steps), model.steps, model, miss),
    cfg: inside('guidance (CFG)', recipe.cfgScale, model.cfgScale, model, miss),
    ...methodFor(recipe, model, miss),
    size: sizeFor(recipe, model, miss),
    ...variationFor(recipe, model, miss),
    ...extrasFor(recipe, model, miss),
  }
  if (own && !isSameProgram(found, own)) {
    miss(
      'Another program drew it, and each makes its first noise in its own way, so it will be another picture.',
    )
  }
  return { options, unmatched }
}

/** AUTOMATIC1111 and its kin read brackets as weights; for every other model they are letters. */
const readsSyntax = ({ backend }: ModelInfo) => /^(auto1111|comfyui)/.test(backend)

/** The noise of a seed is the same only there. */
const isSameProgram = ({ tool = '' }: Found, { backend }: ModelInfo) =>
  tool === 'Darkroom' ||
  (['AUTOMATIC1111', 'Forge', 'SD.Next'].includes(tool) && backend.startsWith('auto1111'))

function promptsFor(found: Found, recipe: FoundRecipe, model: ModelInfo, miss: Miss) {
  // LoRAs are asked for as options, so that a missing one is noticed.
  const [prompt, negative] = [recipe.prompt, recipe.negativePrompt].map(withoutTags) as [string, string]
  // What was drawn here was given to the same kind of model as it stands.
  const readsAsWritten = found.tool === 'Darkroom' || readsSyntax(model)
  const signs = readsAsWritten ? [] : signsIn([prompt, negative])
  if (signs.length > 0) {
    miss(
      `“${model.id}” does not understand ${signs.join(' and ')}, so only the words of the prompts are kept.`,
    )
  }
  const read = (text: string) => (signs.length > 0 ? plainWords(text) : text)
  return {
    prompt: fitted('prompt', read(prompt), model, miss),
    negative: negative === '' ? undefined : negativeFor(read(negative), model, miss),
  }
}

function negativeFor(negative: string, model: ModelInfo, miss: Miss): string | undefined {
  if (model.supports.negativePrompt) return fitted('negative prompt', negative, model, miss)
  return miss(`“${model.id}” takes no negative prompt, so that is left out.`)
}

function signsIn(texts: readonly string[]): string[] {
  const all = texts.map(promptSyntax)
  const has = (test: (syntax: PromptSyntax) => boolean, name: string) => (all.some(test) ? [name] : [])
  return [
    ...has(({ weights }) => weights.some(({ weight }) => weight !== 1), 'weights such as (house:1.3)'),
    ...has(({ changes }) => changes.length > 0, 'words that change during the run'),
    ...has(({ breaks, composed }) => breaks > 0 || composed.length > 0, 'BREAK and AND'),
  ]
}

function fitted(name: string, text: string, { id, maxPromptLength }: ModelInfo, miss: Miss): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= maxPromptLength) return line
  miss(`The ${name} is longer than “${id}” takes (${maxPromptLength} characters), so its end is cut off.`)
  const cut = line.slice(0, maxPromptLength)
  return (cut.includes(' ') ? cut.slice(0, cut.lastIndexOf(' ')) : cut).replace(/[\uD800-\uDBFF]$/, '')
}

function inside(
  name: string,
  value: number | undefined,
  { min, max, default: usual }: Range,
  model: ModelInfo,
  miss: Miss,
) {
  if (value === undefined)
    return miss(`The file tells no ${name}, so ${usual}, the usual for “${model.id}”, is taken.`)
  const nearest = Math.min(max, Math.max(min, value))
  if (nearest !== value)
    miss(`${value} for ${name} becomes ${nearest}: “${model.id}” takes ${min} to ${max}.`)
  return nearest
}

function methodFor(recipe: FoundRecipe, { id, samplers, schedulers }: ModelInfo, miss: Miss) {
  const asked = recipe.scheduler
  // Old machines have one sampler for each pair, such as "DPM++ 2M Karras".
  const wanted = [`${recipe.sampler} ${asked}`, `${recipe.sampler}`].map((name) => name.toLowerCase())
  const samplerOf = (id: string) => methodOf(id, '').sampler?.toLowerCase() ?? ''
  const sampler = wanted.flatMap((name) => samplers.find(({ id }) => samplerOf(id) === name) ?? [])[0]?.id
  const scheduler =
    schedulers.find(({ id }) => id.toLowerCase() === asked?.toLowerCase())?.id ??
    schedulers.find(({ id }) => asked !== undefined && isSameScheduler(id, asked))?.id
  const usual = (list: readonly Choice[]) => list[0]?.id ?? 'its own'
  if (!sampler) {
    miss(
      recipe.sampler
        ? `“${id}” has no sampler “${recipe.sampler}”; ${usual(samplers)} is taken.`
        : `The file tells no sampler; ${usual(samplers)} is taken.`,
    )
  }
  // "Automatic" is no wish, and with a single one there is nothing to choose.
  if (asked !== undefined && !scheduler && asked !== 'Automatic' && schedulers.length > 1) {
    miss(`“${id}” has no scheduler “${asked}”; ${usual(schedulers)} is taken.`)
  }
  return { sampler, scheduler }
}

function sizeFor({ width, height }: FoundRecipe, { id, sizes }: ModelInfo, miss: Miss): string | undefined {
  if (!width || !height) return undefined
  const same = sizes.find((size) => size.width === width && size.height === height)
  if (same) return same.id
  // The shape first: half as large is still the same picture, square instead of tall is not.
  const distance = (size: { width: number; height: number }) =>
    3 * Math.abs(Math.log(size.width / size.height / (width / height))) +
    Math.abs(Math.log((size.width * size.height) / (width * height)))
  const nearest = [...sizes].sort((a, b) => distance(a) - distance(b))[0]
  if (!nearest) return undefined
  miss(`“${id}” does not draw ${width} × ${height}; ${nearest.width} × ${nearest.height} is nearest.`)
  return nearest.id
}

/** What changed from one picture to the next, in plain words, by comparing their recipes. */
import { isSwap, type PictureRecipe, type Recipe, type Relation } from '../../domain.ts'
import { shorten } from '../explain/words.ts'

/** How a picture came from its parent, as the button or the command is called. */
const relationWords: Record<Relation, string> = {
  again: 'again',
  vary: 'varied',
  change: 'changed',
  remix: 'remixed',
  experiment: 'experiment',
  face: 'face taken',
  scene: 'new face',
  other: 'made from it',
}

export type Compared = {
  relation: Relation
  /** Undefined for a deleted picture: nothing of it is told, and nothing can be compared with it. */
  parent: PictureRecipe | undefined
  child: PictureRecipe | undefined
}

const SHORT_NAME = 20

/**
 * One short phrase for each thing that changed, what one sees most first; empty when nothing did or nothing is known.
 * @param longest characters of a prompt; 0 leaves the words themselves out
 */
export function changesOf({ relation, parent, child }: Compared, longest = 80): string[] {
  if (!child) return []
  if (isSwap(child))
    return [relation === 'face' ? `face of ${nameOf(parent, longest || SHORT_NAME)}` : 'another face']
  if (!parent) return relation === 'vary' ? varied(undefined, child) : []
  const before = isSwap(parent) ? undefined : parent
  return [
    ...prompts(before, child, longest),
    ...beginning(before, child, relation),
    ...varied(before, child),
    ...(before ? settings(before, child) : []),
  ]
}

/** The relation and the changes as one phrase, e.g. "changed, new prompt: a blue heart, steps 20 → 8". */
export function linkWords(compared: Compared, longest?: number): string {
  const changes = changesOf(compared, longest)
  const word = relationWords[compared.relation]
  // "varied: varied 30 %" and "face taken: face of ..." would say it twice.
  const says = compared.relation === 'vary' ? changes.some((change) => change.startsWith('varied')) : false
  if (says || isSwapLink(compared)) return changes.join(', ') || word
  if (changes.length > 0) return `${word}, ${changes.join(', ')}`
  return compared.parent && compared.child ? `${word}, nothing is different` : word
}

const isSwapLink = ({ child }: Compared): boolean => child !== undefined && isSwap(child)

/** A picture by what was asked for, in quotes. */
export function nameOf(recipe: PictureRecipe | undefined, longest = 80): string {
  if (!recipe) return 'a deleted picture'
  return isSwap(recipe) ? 'a face swap' : `“${shorten(recipe.prompt, longest)}”`
}

function prompts(before: Recipe | undefined, after: Recipe, longest: number): string[] {
  const changes: string[] = []
  const say = (what: string, words: string) =>
    changes.push(longest === 0 ? what : `${what}: ${shorten(words, longest)}`)
  if (before?.prompt !== after.prompt) say('new prompt', after.prompt)
  if (before && before.negativePrompt !== after.negativePrompt) {
    if (after.negativePrompt === '') changes.push('nothing unwanted any more')
    else say('not wanted', after.negativePrompt)
  }
  return changes
}

/** How much was kept of the picture that it begins from. */
function beginning(before: Recipe | undefined, after: Recipe, relation: Relation): string[] {
  if (after.initImage === undefined) return before?.initImage === undefined ? [] : ['from noise again']
  const isNew = relation === 'remix' || before?.initImage === undefined
  const strength = after.denoisingStrength
  return [
    ...(strength === undefined
      ? []
      : isNew
        ? [`strength ${strength}`]
        : step('strength', before?.denoisingStrength, strength)),
    ...(after.mask !== undefined && after.mask !== before?.mask ? ['only a part of it'] : []),
  ]
}

function varied(before: Recipe | undefined, after: Recipe): string[] {
  const { variationStrength, variationSeed } = after
  if (!variationStrength || variationSeed === undefined) return []
  const isSame = before?.variationSeed === variationSeed && before.variationStrength === variationStrength
  return isSame ? [] : [`varied ${Math.round(variationStrength * 100)} %`]
}

function settings(before: Recipe, after: Recipe): string[] {
  return [
    ...seeds(before.seed, after.seed),
    ...step('model', before.model, after.model),
    ...step('steps', before.steps, after.steps),
    ...step('guidance', before.cfgScale, after.cfgScale),
    ...step('sampler', before.sampler, after.sampler),
    ...step('scheduler', before.scheduler, after.scheduler),
    ...step('size', sizeOf(before), sizeOf(after)),
    ...extra('LoRA', lorasOf(before), lorasOf(after)),
    ...extra('VAE', before.vae, after.vae),
    ...extra('style', before.styles?.join(', '), after.styles?.join(', ')),
    ...extra('hires fix', hiresOf(before), hiresOf(after)),
    ...extra('refiner', before.refiner, after.refiner),
  ]
}

/** Drawn seeds have up to ten digits; two of them would hide the rest. */
const seeds = (before: number, after: number): string[] =>
  Math.max(before, after) < 100_000
    ? step('seed', before, after)
    : before === after
      ? []
      : [`new seed ${after}`]

const sizeOf = ({ width, height }: Recipe) => `${width} × ${height}`
const lorasOf = ({ loras = [] }: Recipe) => loras.map(({ name, weight }) => `${name} ${weight}`).join(', ')
const hiresOf = ({ hires }: Recipe) => hires && `${hires.scale} times`

const step = <T>(name: string, before: T | undefined, after: T): string[] =>
  before === after
    ? []
    : [before === undefined ? `${name} ${String(after)}` : `${name} ${String(before)} → ${String(after)}`]

/** What a model may have or not. */
const extra = (name: string, before: string | undefined, after: string | undefined): string[] =>
  (before || undefined) === (after || undefined) ? [] : [after ? `${name} ${after}` : `no ${name}`]

/** Facts -> a short text that an art student follows. It says what this run shows and no more. */
import type { Drawing, Recipe, Run } from '../../domain.ts'
import { LAYOUT_TOLERANCE, type Facts } from './facts.ts'
import type { PixelComparison } from './pixels.ts'
import { hasOwnSpacing, isAncestral, samplerSentence } from './samplerWords.ts'
import { list, percent, quoted } from './words.ts'

/** Four short paragraphs, markdown with bold beginnings only. */
export function sentences(facts: Facts, picture: Drawing, comparison: PixelComparison): string[] {
  const { recipe } = picture
  return [
    noiseParagraph(facts, recipe),
    stepsParagraph(facts, recipe),
    promptParagraph(facts, recipe),
    pictureParagraph(facts, picture, comparison),
  ]
}

/** A remix with strength 0: no step ran, so there is nothing to tell of any. */
export function noStepSentences(
  run: Pick<Run, 'width' | 'height'>,
  picture: Drawing,
  comparison: PixelComparison,
): string[] {
  return [
    `**Nothing was drawn.** Strength 0 leaves out all ${picture.recipe.steps} steps: no noise was added, and the prompt and the seed played no ` +
      `part. The picture was only made as small as the model sees it (${run.width} × ${run.height}) and large again.`,
    pictureParagraph(run, picture, comparison),
  ]
}

function noiseParagraph(facts: Facts, recipe: Recipe): string {
  if (recipe.initImage !== undefined) return remixParagraph(facts, recipe)
  const again = isAncestral(recipe.sampler) ? ' and the fresh noise that this sampler adds on the way' : ''
  return (
    `**It began as noise.** Seed ${recipe.seed} stands for one particular field of ` +
    `${facts.width} × ${facts.height} random dots${variation(recipe)}. The seed sets this noise${again}, nothing else: with the ` +
    'same model, prompt and settings it leads to the same picture; another seed starts from other dots and leads to another.'
  )
}

/** It began from a picture: how much of it was left, and which steps were not taken. */
function remixParagraph(facts: Facts, recipe: Recipe): string {
  const { steps, seed, denoisingStrength: strength = 1, mask } = recipe
  const skipped = steps - facts.steps
  const left =
    skipped === 0
      ? `At strength ${strength} all ${steps} steps ran, from noise so strong that hardly anything of the picture was left under it`
      : `Strength ${strength} left out the first ${skipped} of ${steps} steps and began further down the ladder of noise`
  const kept =
    mask === undefined
      ? ''
      : ' Where the mask is black, each guess was replaced by the picture itself, so nothing changed there.'
  const again = isAncestral(recipe.sampler) ? ' and the fresh noise that this sampler adds on the way' : ''
  return (
    `**It began as a picture under noise.** The picture was made as small as the model sees it, ${facts.width} × ${facts.height}, and noise was laid ` +
    `over it until ${percent(facts.noise[0] ?? 0)} of what the first step saw was noise. ${left}. Seed ${seed} chose the noise${variation(recipe)}${again}.${kept}`
  )
}

function variation({ variationStrength = 0, variationSeed }: Recipe): string {
  if (variationStrength === 0 || variationSeed === undefined) return ''
  if (variationStrength === 1)
    return `; variation strength 1 put the dots of variation seed ${variationSeed} in their place`
  return `, mixed with those of variation seed ${variationSeed} (strength ${variationStrength})`
}

function stepsParagraph(facts: Facts, recipe: Recipe): string {
  const often = facts.steps === 1 ? 'In its one step' : `In each of ${facts.steps} steps`
  return [
    `**${title(facts)}** ${often} the model guessed the finished picture; ${samplerSentence(recipe.sampler)}`,
    ...(facts.steps === 1
      ? []
      : [
          scheduleSentence(facts, recipe),
          layoutSentence(facts),
          detailSentence(facts),
          facts.endsAtGuess ? 'The last guess is the picture.' : '',
        ]),
  ]
    .filter(Boolean)
    .join(' ')
}

function scheduleSentence({ noise, steps }: Facts, recipe: Recipe): string {
  const clearer = noise.filter((level) => level < 0.5).length
  const name = hasOwnSpacing(recipe.sampler) ? 'Its spacing' : `The ${recipe.scheduler} schedule`
  return `${name} put ${clearer} of the ${steps} steps below half noise.`
}

function title({ steps, layoutStep, detailStep }: Facts): string {
  if (steps === 1) return 'One step did it all.'
  if (layoutStep === undefined || detailStep === undefined) return 'Then it took shape.'
  if (layoutStep < detailStep) return 'Large areas first, then detail.'
  return layoutStep > detailStep
    ? 'Much detail came before the layout settled.'
    : 'Layout and detail came together.'
}

function layoutSentence({ layoutStep, steps, noise }: Facts): string {
  if (layoutStep === undefined) return 'The large areas of colour moved until the very end.'
  const level = `${percent(noise[layoutStep - 1] ?? 0)} noise`
  if (layoutStep === steps)
    return `The layout, the large areas of colour, moved until the last step (${level}).`
  const start = layoutStep === 1 ? 'the very first step' : `step ${layoutStep}`
  return (
    `From ${start} on (${level}) the layout was settled: blurred to 8 × 8 patches, every guess stayed within ` +
    `${percent(LAYOUT_TOLERANCE)} of the finished picture.`
  )
}

function detailSentence({ detailStep, noise }: Facts): string {
  if (detailStep === undefined) return ''
  const level = percent(noise[detailStep - 1] ?? 0)
  return `Half of all the change in fine detail was done at step ${detailStep} (${level} noise).`
}

function promptParagraph(facts: Facts, recipe: Recipe): string {
  const { cfgScale } = recipe
  const without =
    recipe.negativePrompt.trim() === '' ? 'once without it' : 'once with the negative prompt in its place'
  const pulled = facts.guidancePeak !== undefined && cfgScale !== 0
  return (
    `**The prompt ${pulled ? 'pulled' : 'did not pull'}.** Each guess was made twice, once with the prompt and ${without}. ` +
    `${cfgSentence(cfgScale)} ${differenceSentence(facts, cfgScale)}${unknownSentence(facts.unknownWords)}`
  )
}

function differenceSentence(facts: Facts, cfgScale: number): string {
  const peak = facts.guidancePeak
  if (peak === undefined) return 'Both guesses were the same all the way, so the prompt changed nothing here.'
  const both = cfgScale === 0 || cfgScale === 1 ? 'The two guesses' : 'Before that, the two'
  const mean = `${both} were ${percent(facts.guidanceMean)} of the way from black to white apart`
  if (facts.steps === 1) return `${mean}.`
  return `${mean} on average, furthest at step ${peak} (${percent(facts.guidance[peak - 1] ?? 0)}).`
}

function cfgSentence(cfgScale: number): string {
  if (cfgScale === 1)
    return 'CFG 1 took the guess with the prompt as it was; the other was only for comparison.'
  if (cfgScale === 0) return 'CFG 0 took only the other guess, so the prompt did not count.'
  return `CFG ${cfgScale} made the difference between the two ${cfgScale} times as large.`
}

function unknownSentence(words: string[]): string {
  if (words.length === 0) return ''
  const named = words.slice(0, 8).map((word) => quoted(word, 24))
  const more = words.length - named.length
  const all = more > 0 ? [...named, `${more} more`] : named
  return ` The model does not know ${list(all)}; ${words.length === 1 ? 'that word' : 'those words'} played no part.`
}

function pictureParagraph(
  facts: Pick<Facts, 'width' | 'height'>,
  picture: Drawing,
  comparison: PixelComparison,
): string {
  const kept =
    picture.recipe.mask === undefined
      ? ''
      : ' Where the mask is black, the pixels of the picture itself were put back.'
  const scale = picture.width / facts.width
  const scaled =
    scale > 1
      ? `The model drew at ${facts.width} × ${facts.height}; for viewing, the picture was scaled up ${Number(scale.toFixed(1))} times, which adds no detail.`
      : `The model drew at ${facts.width} × ${facts.height}.`
  return `**How we know.** ${scaled}${kept} To look inside, the recipe was run once more: ${comparisonSentence(comparison)}`
}

function comparisonSentence(comparison: PixelComparison): string {
  if (comparison.matches)
    return 'every pixel came out as in the stored picture, so these are the steps that made it.'
  if (!comparison.sameSize) {
    return 'the result has another size than the stored picture, so these steps are not exactly the ones that made it.'
  }
  return (
    `${percent(Math.max(comparison.differing, 0.001))} of the pixels came out differently (by at most ${comparison.largest} of 255), so these ` +
    'steps are not exactly the ones that made the stored one. Another computer or another version of the program can cause that.'
  )
}

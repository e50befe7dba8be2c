/** A run that was only watched, or not even that, in a few short paragraphs: what was seen, what the recipe says, and what is unknown. */
import type { ModelInfo, Recipe } from '../../domain.ts'
import { priceInWords } from '../../money.ts'
import { LAYOUT_TOLERANCE } from './facts.ts'
import type { Prescription } from './prescription.ts'
import type { RecordFacts } from './recordFacts.ts'
import { seenWords } from './recordWords.ts'
import { isAncestral } from './samplerWords.ts'
import { list, percent } from './words.ts'

/** From the frames that were seen. */
export function recordSentences(
  facts: RecordFacts,
  recipe: Recipe,
  prescribed: Prescription | undefined,
): string[] {
  return [
    startParagraph(recipe),
    `**What was seen.** ${capital(seenWords(facts))}${whichSteps(facts)}. ${kindSentence(facts)}`,
    layoutParagraph(facts),
    scheduleParagraph(recipe, prescribed),
    `**How we know.** ${sourceSentence(facts)}${gapSentence(facts)}`,
  ].filter(Boolean)
}

/** From the recipe and the finished picture alone. */
export function noRecordSentences(
  recipe: Recipe,
  prescribed: Prescription | undefined,
  better?: Pick<ModelInfo, 'id' | 'price'>,
): string[] {
  const levels = prescribed ? `amounts from the ${prescribed.name} schedule` : 'evenly chosen amounts'
  return [
    '**Nothing of the making was recorded.** No step of this run was kept, and the run cannot be made again here, so what the picture ' +
      'looked like on the way is not known. What follows is true of any run like it.',
    startParagraph(recipe),
    `**Noise, the other way round.** The strip shows noise added to the finished picture (${levels}); not the moments of its making. ` +
      'A diffusion model learns from pictures made noisy like this, by guessing what is under the noise; it draws by ' +
      'starting from noise and taking away a little at a time. Large models do both on a compressed form of the picture, where noise looks different.',
    scheduleParagraph(recipe, prescribed),
    better
      ? `**A true filmstrip can be had.** Draw with the model ${better.id} (${priceInWords(better.price)}): some steps of its run are kept.`
      : '',
  ].filter(Boolean)
}

function startParagraph(recipe: Recipe): string {
  const { seed, sampler, denoisingStrength = 1, variationSeed, variationStrength = 0, initImage } = recipe
  const again = isAncestral(sampler) ? ' and the fresh noise that this sampler adds on the way' : ''
  if (denoisingStrength < 1 || initImage !== undefined) {
    return (
      `**It began as a picture under noise.** Denoising strength ${denoisingStrength} says how much of the picture it began from was ` +
      `covered: 0 keeps it, 1 keeps nothing of it. Seed ${seed} chose the noise${again}.`
    )
  }
  const mixed =
    variationStrength > 0 && variationSeed !== undefined
      ? `, mixed with the noise of variation seed ${variationSeed} (strength ${variationStrength})`
      : ''
  return (
    `**It began as noise.** Seed ${seed} chose that noise${mixed}${again}. The same seed with the same model, prompt and settings on the same ` +
    'machine leads to the same picture, or nearly; another seed leads to another.'
  )
}

function whichSteps({ shown }: RecordFacts): string {
  const steps = shown.filter((step) => step > 0)
  if (steps.length === 0) return ''
  const noise = shown.length > steps.length ? ', and the noise before the first one' : ''
  return ` (shown: ${steps.length === 1 ? 'step' : 'steps'} ${list(steps)}${noise})`
}

function kindSentence({ kind }: RecordFacts): string {
  return kind === 'guess'
    ? 'Each frame is the model’s guess of the finished picture at that step, not the noisy state it worked on.'
    : 'Each frame is the noisy state after that step, with the noise that was still in it, not the model’s guess of the finished picture.'
}

function layoutParagraph({ settled, steps }: RecordFacts): string {
  if (!settled || steps === 1) return ''
  const near = `within ${percent(LAYOUT_TOLERANCE)} of the finished picture when both are blurred to 8 × 8 patches`
  const rough = 'A preview may also be rougher than the picture, so this is not certain.'
  if (settled.how === 'between') {
    const { after, by } = settled
    return after === 0
      ? `**The layout was settled by step ${by}.** From there on every guess seen was ${near}; the noise before the first step was not.`
      : `**The layout settled between steps ${after} and ${by}.** From step ${by} on every guess seen was ${near}; at step ${after} it was not, and no step between them is kept.`
  }
  const { how, step } = settled
  if (how === 'from') {
    return `**The layout was settled from step ${step} on.** Every guess seen from there on was ${near}; the one before was not.`
  }
  if (how === 'already') {
    return `**The layout was settled by step ${step}.** That is the first that was seen; every guess seen was ${near}.`
  }
  if (how === 'after') {
    const place = step === 0 ? 'before the first step' : `at step ${step}`
    return `**The layout was not settled yet ${place}.** That is the last that was seen; the guess was not ${near}. ${rough}`
  }
  return `**When the layout settled cannot be told.** Even the guess of the last step was not ${near}. ${rough.replace(', so this is not certain', '')}`
}

function scheduleParagraph(recipe: Recipe, prescribed: Prescription | undefined): string {
  const { steps, sampler, scheduler, cfgScale } = recipe
  const settings = [
    sampler === '' ? '' : `the sampler ${sampler}`,
    scheduler === '' ? '' : `the schedule ${scheduler}`,
    `CFG ${cfgScale}`,
  ].filter(Boolean)
  const asked = `**The recipe asked for ${steps} ${steps === 1 ? 'step' : 'steps'}** with ${list(settings)}.`
  if (!prescribed) return `${asked} Which noise levels that means on this machine is not known here.`
  const clearer = prescribed.noise.filter((level) => level < 0.5).length
  const own =
    prescribed.name.toLowerCase() === scheduler.toLowerCase()
      ? ''
      : ` With this sampler that means ${prescribed.name}.`
  return (
    `${asked}${own} The chart shows what the ${prescribed.name} schedule prescribes with Stable Diffusion’s noise levels, computed and not ` +
    `measured: ${clearer} of ${steps} steps below half noise.`
  )
}

function sourceSentence({ kind }: RecordFacts): string {
  return kind === 'guess'
    ? 'These are the previews of that very run, kept while it went on; previews are small and often decoded in a quicker, rougher way than the picture.'
    : 'These are states of that very run, kept while it went on, and made smaller.'
}

function gapSentence({ watched, shown, steps }: RecordFacts): string {
  const kept = shown.filter((step) => step > 0).length
  return kept < steps
    ? ` What happened at the other steps is not ${watched === steps ? 'kept' : 'known'}, and the run cannot be made again here.`
    : ''
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

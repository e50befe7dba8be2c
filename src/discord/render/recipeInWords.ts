/** The recipe of a picture as a person reads it. Pure. */
import { isSwap, type Picture, type Recipe } from '../../domain.ts'
import { strengthInWords } from '../strength.ts'
import { plain, shorten } from './blocks.ts'
import { swapAlt } from './swapInWords.ts'

/**
 * One short paragraph about the recipe that the pictures share, e.g. "Drawn by **emoji** in **20 steps**: ...".
 * Markdown; the prompt is not in it. Pictures of one job differ only in their seeds.
 */
export function recipeInWords(recipe: Recipe, siblings: readonly Recipe[] = []): string {
  const all = siblings.length > 0 ? siblings : [recipe]
  const sentences = [
    `Drawn by **${plain(recipe.model)}** ${overSteps(recipe)}: ` +
      `sampler **${plain(recipe.sampler)}**, scheduler **${plain(recipe.scheduler)}**, ` +
      `cfg **${recipe.cfgScale}**, ${seedsInWords(all.map((each) => each.seed))}, ` +
      `${recipe.width} × ${recipe.height} pixels.`,
  ]
  if (recipe.negativePrompt) sentences.push(`Not wanted: “${plain(recipe.negativePrompt, 200)}”.`)
  if (recipe.variationSeed !== undefined && recipe.variationStrength) {
    const others = seedsInWords(all.map((each) => each.variationSeed ?? 0))
    const percent = Math.round(recipe.variationStrength * 100)
    sentences.push(`A variation: its noise is ${percent} % of the way to that of ${others}.`)
  }
  if (recipe.initImage !== undefined) {
    const { denoisingStrength = 1, mask } = recipe
    const where = mask === undefined ? '' : ', only where the mask is white'
    sentences.push(
      `A remix with strength **${denoisingStrength}** (${strengthInWords(denoisingStrength)})${where}.`,
    )
  }
  return [...sentences, ...extrasInWords(recipe)].join(' ')
}

/** How many of them a remix has really run is for the machine that drew it to say. */
function overSteps({ steps, initImage, denoisingStrength = 1 }: Recipe): string {
  const isPart = initImage !== undefined && denoisingStrength > 0 && denoisingStrength < 1
  return `${isPart ? 'over the last part of' : 'in'} **${steps} ${steps === 1 ? 'step' : 'steps'}**`
}

function extrasInWords({ loras = [], vae, styles = [], hires, refiner }: Recipe): string[] {
  const sentences: string[] = []
  if (loras.length > 0) {
    const names = loras.map(({ name, weight }) => `**${plain(name, 60)}** (weight ${weight})`)
    sentences.push(`With LoRA ${names.join(', ')}.`)
  }
  if (styles.length > 0)
    sentences.push(`Style ${styles.map((style) => `**${plain(style, 60)}**`).join(', ')}.`)
  if (vae) sentences.push(`Decoded by VAE **${plain(vae, 60)}**.`)
  if (hires) {
    const percent = Math.round(hires.denoisingStrength * 100)
    sentences.push(
      `Hires fix: scaled up **${hires.scale} times** by ${plain(hires.upscaler, 60)}, then ${percent} % of it drawn over again.`,
    )
  }
  if (refiner) sentences.push(`Finished by refiner **${plain(refiner, 60)}**.`)
  return sentences
}

function seedsInWords(seeds: readonly number[]): string {
  const different = [...new Set(seeds)]
  if (different.length === 1) return `seed **${different[0]}**`
  return `seeds ${different.map((seed) => `**${seed}**`).join(', ')}`
}

/** Alt text of a picture, for those who hear it. */
export function altText({ recipe }: Pick<Picture, 'recipe'>): string {
  if (isSwap(recipe)) return swapAlt(recipe)
  const how = recipe.initImage === undefined ? '' : ' from another picture'
  return `Picture made by a machine${how}: ${shorten(recipe.prompt.replace(/\s+/g, ' ').trim(), 900)}`
}

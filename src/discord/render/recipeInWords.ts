/** The recipe of a picture as a person reads it. Pure. */
import type { Recipe } from '../../domain.ts'
import { plain, shorten } from './blocks.ts'

/**
 * One short paragraph about the recipe that the pictures share, e.g. "Drawn by **emoji** in **20 steps**: ...".
 * Markdown; the prompt is not in it. Pictures of one job differ only in their seeds.
 */
export function recipeInWords(recipe: Recipe, siblings: readonly Recipe[] = []): string {
  const all = siblings.length > 0 ? siblings : [recipe]
  const sentences = [
    `Drawn by **${plain(recipe.model)}** in **${recipe.steps} ${recipe.steps === 1 ? 'step' : 'steps'}**: ` +
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
  return sentences.join(' ')
}

function seedsInWords(seeds: readonly number[]): string {
  const different = [...new Set(seeds)]
  if (different.length === 1) return `seed **${different[0]}**`
  return `seeds ${different.map((seed) => `**${seed}**`).join(', ')}`
}

/** Alt text of a picture, for those who hear it. */
export function altText(recipe: Recipe): string {
  return `Picture made by a machine: ${shorten(recipe.prompt.replace(/\s+/g, ' ').trim(), 900)}`
}

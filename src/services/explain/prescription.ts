/** The noise levels that a recipe's schedule prescribes, as far as the recipe alone tells them. Computed, never measured. */
import type { Recipe } from '../../domain.ts'
import { type Schedule, schedules } from '../schedules.ts'

/** `sigma` and `noise` (its share in the state, sigma / (1 + sigma)) before each step. */
export type Prescription = { name: string; steps: number; sigma: number[]; noise: number[] }

/** The same schedules under the names that AUTOMATIC1111 and ComfyUI give them. */
const scheduleByName: Record<string, Schedule> = {
  normal: schedules.Normal,
  uniform: schedules.Normal,
  karras: schedules.Karras,
  exponential: schedules.Exponential,
  ddim: schedules.DDIM,
  ddim_uniform: schedules.DDIM,
}

/** Families of models with other noise levels than Stable Diffusion 1.5 and SDXL, by what their names have in common. */
const otherLevels =
  /flux|sd-?3|stable-diffusion-3|chroma|qwen|z-image|hidream|wan2|aura|imagen|turbo|lightning/iu

/**
 * Undefined where it cannot be told: an unknown schedule, a model with other noise levels, a run over the last part of a schedule only
 * (img2img), or over two (hires fix).
 */
export function prescription(recipe: Recipe): Prescription | undefined {
  const { scheduler, sampler, steps, denoisingStrength = 1, hires } = recipe
  // AUTOMATIC1111's DDIM brings its own levels, whatever scheduler is named; ComfyUI's "ddim" does not.
  const name = sampler === 'DDIM' ? 'DDIM' : scheduler
  const schedule = Object.hasOwn(scheduleByName, name.toLowerCase()) && scheduleByName[name.toLowerCase()]
  const isPartial = denoisingStrength < 1 || hires !== undefined
  if (!schedule || isPartial || steps > 500 || otherLevels.test(recipe.model)) return undefined
  const sigma = schedule.levels(steps)
  return { name, steps, sigma, noise: sigma.map((level) => level / (1 + level)) }
}

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

/** A chart of more would be a smear; no model is drawn with that many. */
const MOST_STEPS = 500

/** Families of models with other noise levels than Stable Diffusion 1.5 and SDXL, by what their names have in common. */
const otherLevels =
  /flux|sd-?3|stable-diffusion-3|chroma|qwen|z-image|hidream|wan2|aura|imagen|turbo|lightning/iu

/** What AUTOMATIC1111 1.6 and later take for the scheduler "Automatic" (modules/sd_samplers_kdiffusion.py), as our model does. */
const automatic: Record<string, string> = {
  Euler: 'Normal',
  'Euler a': 'Normal',
  LMS: 'Normal',
  Heun: 'Normal',
  'DPM++ 2M': 'Karras',
  'DPM++ SDE': 'Karras',
  'DPM++ 2S a': 'Karras',
  'DPM++ 2M SDE': 'Exponential',
  'DPM++ 2M SDE Heun': 'Exponential',
  DPM2: 'Karras',
  'DPM2 a': 'Karras',
  'DPM++ 3M SDE': 'Exponential',
}

/** AUTOMATIC1111 and ComfyUI compute one level more for these and leave out the last but one. */
const skipsLastLevel = /^(DPM2|DPM2 a|DPM\+\+ 3M SDE|dpm_2|dpm_2_ancestral|uni_pc|uni_pc_bh2)$/u

/** These choose their own levels on the way, or by tables that we do not have. */
const choosesLevels = /^(DPM fast|DPM adaptive|Restart|UniPC|PLMS|LCM|DDIM CFG\+\+|dpm_fast|dpm_adaptive)$/u

/**
 * Undefined where it cannot be told: an unknown schedule, a model with other noise levels, a run over the last part of a schedule only
 * (img2img), or over two (hires fix).
 */
export function prescription(recipe: Recipe): Prescription | undefined {
  const { sampler, steps, denoisingStrength = 1, hires } = recipe
  const name = scheduleName(recipe)
  const schedule = lookUp(scheduleByName, name.toLowerCase())
  const isPartial = denoisingStrength < 1 || hires !== undefined
  const isOther = otherLevels.test(recipe.model) || choosesLevels.test(sampler)
  if (!schedule || isPartial || isOther || steps > MOST_STEPS) return undefined
  const sigma = skipsLastLevel.test(sampler)
    ? schedule.levels(steps + 1).slice(0, -1)
    : schedule.levels(steps)
  return { name, steps, sigma, noise: sigma.map((level) => level / (1 + level)) }
}

function scheduleName({ sampler, scheduler }: Recipe): string {
  // AUTOMATIC1111's DDIM brings its own levels, whatever scheduler is named; ComfyUI's "ddim" does not.
  if (sampler === 'DDIM') return 'DDIM'
  return scheduler === 'Automatic' ? (lookUp(automatic, sampler) ?? scheduler) : scheduler
}

/** Names come from recipes, so "constructor" must not find what every object has. */
function lookUp<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

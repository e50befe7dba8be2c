/** The same samplers, schedulers and models go by several names; here they meet under AUTOMATIC1111's. Pure. */

/** ComfyUI's and k-diffusion's names. */
const samplers: Record<string, string> = {
  euler: 'Euler',
  euler_ancestral: 'Euler a',
  euler_a: 'Euler a',
  heun: 'Heun',
  heunpp2: 'Heun++ 2',
  dpm_2: 'DPM2',
  dpm_2_ancestral: 'DPM2 a',
  lms: 'LMS',
  dpm_fast: 'DPM fast',
  dpm_adaptive: 'DPM adaptive',
  dpmpp_2s_ancestral: 'DPM++ 2S a',
  dpmpp_sde: 'DPM++ SDE',
  dpmpp_2m: 'DPM++ 2M',
  dpmpp_2m_sde: 'DPM++ 2M SDE',
  dpmpp_3m_sde: 'DPM++ 3M SDE',
  ddim: 'DDIM',
  ddpm: 'DDPM',
  lcm: 'LCM',
  uni_pc: 'UniPC',
  plms: 'PLMS',
}

const schedulers: Record<string, string> = {
  normal: 'Normal',
  karras: 'Karras',
  exponential: 'Exponential',
  polyexponential: 'Polyexponential',
  sgm_uniform: 'SGM Uniform',
  simple: 'Simple',
  ddim_uniform: 'DDIM',
  beta: 'Beta',
  uniform: 'Uniform',
  automatic: 'Automatic',
  linear_quadratic: 'Linear Quadratic',
  kl_optimal: 'KL Optimal',
}

/** Before version 1.9 AUTOMATIC1111 wrote the schedule as the end of the sampler's name. */
const ENDS_WITH_SCHEDULE = / (Karras|Exponential|Polyexponential|SGM Uniform)$/i

/** "dpmpp_2m" as "DPM++ 2M", "DPM++ 2M Karras" as two names; a name that is not known stays. */
export function methodOf(
  sampler: string | undefined,
  scheduler: string | undefined,
): { sampler: string | undefined; scheduler: string | undefined } {
  const name = sampler?.trim()
  // CivitAI writes "Undefined" where it does not know.
  if (!name || /^undefined$/i.test(name)) return { sampler: undefined, scheduler: schedulerName(scheduler) }
  const end = ENDS_WITH_SCHEDULE.exec(name)
  if (end && scheduler === undefined) {
    return { sampler: name.slice(0, end.index), scheduler: schedulerName(end[1]) }
  }
  const key = name
    .toLowerCase()
    .replace(/^(k|sample)_/, '')
    .replace(/_gpu$/, '')
  return { sampler: own(samplers, key) ?? name, scheduler: schedulerName(scheduler) }
}

function schedulerName(scheduler: string | undefined): string | undefined {
  const name = scheduler?.trim()
  return name ? (own(schedulers, name.toLowerCase().replaceAll(' ', '_')) ?? name) : undefined
}

/** Names from a file may be called like what every object has, e.g. "constructor". */
const own = (names: Record<string, string>, key: string) =>
  Object.hasOwn(names, key) ? names[key] : undefined

/** True when two names of schedulers mean the same spacing of noise; "Uniform" is how some programs call "Normal". */
export function isSameScheduler(one: string, other: string): boolean {
  const key = (name: string) =>
    schedulerName(name)
      ?.toLowerCase()
      .replace(/^uniform$/, 'normal')
  return key(one) === key(other)
}

/** True when two names mean the same file: folders, endings, hashes in brackets, case and punctuation do not count. */
export function isSameFile(one: string, other: string): boolean {
  return fileKey(one) !== '' && fileKey(one) === fileKey(other)
}

/** "SDXL/sd_xl_base_1.0.safetensors [31e35c80fc]" as "sd_xl_base_1.0". */
export const fileName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? '')
    .replace(/\s*\[[0-9a-f]{6,}\]\s*$/i, '')
    .replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '')
    .trim()

const fileKey = (name: string) =>
  fileName(name)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')

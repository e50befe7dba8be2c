/**
 * Noise schedules: which noise levels (sigma) a run visits, from pure noise down to 0.
 * Named and spaced as in AUTOMATIC1111 (modules/sd_schedulers.py) and k-diffusion (get_sigmas_karras, get_sigmas_exponential),
 * over Stable Diffusion's own noise levels, so that what students see here is what they meet there.
 */

const TIMESTEPS = 1000
const BETA_START = 0.00085
const BETA_END = 0.012

/**
 * Sigma of each of Stable Diffusion's 1000 timesteps, rising: sqrt((1 - a) / a), a the cumulative product of 1 - beta,
 * with the square root of beta spaced evenly ("scaled linear").
 */
export const sigmas: readonly number[] = trainingSigmas()

const SIGMA_MIN = sigmas[0] as number
const SIGMA_MAX = sigmas[TIMESTEPS - 1] as number
/** Karras et al. 2022, section 3.2: 7 spends most steps at low noise. */
const RHO = 7

export type Schedule = {
  id: string
  /** For art students. */
  help: string
  /** `steps` falling noise levels, all above 0. */
  levels(steps: number): number[]
}

export const schedules = {
  Normal: {
    id: 'Normal',
    help: "Even strides through Stable Diffusion's 1000 noise levels; also called Uniform.",
    levels: (steps) => linspace(TIMESTEPS - 1, 0, steps).map(sigmaAt),
  },
  Karras: {
    id: 'Karras',
    help: 'Big strides while there is much noise, small ones at the end, where detail is made.',
    levels: (steps) =>
      linspace(SIGMA_MAX ** (1 / RHO), SIGMA_MIN ** (1 / RHO), steps).map((root) => root ** RHO),
  },
  Exponential: {
    id: 'Exponential',
    help: 'Each step divides the noise by the same number; yet more steps at the end.',
    levels: (steps) => linspace(Math.log(SIGMA_MAX), Math.log(SIGMA_MIN), steps).map(Math.exp),
  },
  DDIM: {
    id: 'DDIM',
    help: "DDIM's own even strides, counted up from the clean end; the sampler DDIM always uses it.",
    levels: ddimLevels,
  },
} as const satisfies Record<string, Schedule>

export type ScheduleId = keyof typeof schedules

/** The noise levels of a run, down to the 0 that ends it: `steps + 1` numbers. */
export function sigmasOf(schedule: Schedule, steps: number): number[] {
  return [...schedule.levels(steps), 0]
}

/** Sigma at a timestep between 0 and 999; between two timesteps the logarithm is interpolated, as k-diffusion's t_to_sigma does. */
function sigmaAt(timestep: number): number {
  const below = Math.floor(timestep)
  const low = sigmas[below] as number
  const high = sigmas[Math.min(below + 1, TIMESTEPS - 1)] as number
  return Math.exp(Math.log(low) + (timestep - below) * (Math.log(high) - Math.log(low)))
}

/**
 * Timesteps 1, 1 + s, 1 + 2s ... with s = floor(1000 / steps) (Song et al. 2020; AUTOMATIC1111's ddim_scheduler). Where 1000 is not
 * a multiple of the steps AUTOMATIC1111 draws a few more; this keeps to the number asked for. One step alone starts from the top.
 */
function ddimLevels(steps: number): number[] {
  const stride = Math.floor(TIMESTEPS / steps)
  if (steps === 1) return [SIGMA_MAX]
  return Array.from({ length: steps }, (_, index) => sigmas[1 + (steps - 1 - index) * stride] as number)
}

function linspace(from: number, to: number, count: number): number[] {
  if (count === 1) return [from]
  return Array.from({ length: count }, (_, index) => from + (index / (count - 1)) * (to - from))
}

function trainingSigmas(): number[] {
  let kept = 1
  return linspace(Math.sqrt(BETA_START), Math.sqrt(BETA_END), TIMESTEPS).map((root) => {
    kept *= 1 - root ** 2
    return Math.sqrt((1 - kept) / kept)
  })
}

/** A few words on samplers and schedulers for the suggestions. */

const samplers: readonly [RegExp, string][] = [
  [/^Euler a$/, 'adds fresh noise at every step; keeps changing with more steps'],
  [/^Euler$/, 'the simplest: straight steps'],
  [/^DPM\+\+ 2M$/, 'sharp in few steps; a good start'],
  [/^DPM\+\+ 2M SDE/, 'as DPM++ 2M, with fresh noise'],
  [/^DPM\+\+ SDE/, 'two looks a step, with fresh noise: slower'],
  [/Heun/, 'looks twice at every step: slower, more exact'],
  [/^DDIM/, 'the classic; the same noise always gives the same picture'],
  [/^LCM/, 'only for models made for very few steps'],
  [/ a$|ancestral/i, 'adds fresh noise at every step'],
  [/SDE/, 'adds fresh noise'],
]

const schedulers: readonly [RegExp, string][] = [
  [/^Automatic$/, 'what suits the sampler'],
  [/^Karras$/, 'small steps at the end, for fine detail'],
  [/^Exponential$/, 'the noise falls by the same factor each step'],
  [/^Polyexponential$/, 'as Exponential, bent'],
  [/^SGM/, 'even, as SDXL was made with'],
  [/Turbo/, 'only for turbo models'],
]

const find = (list: readonly [RegExp, string][], id: string, otherwise: string) =>
  list.find(([pattern]) => pattern.test(id))?.[1] ?? otherwise

export const samplerHelp = (id: string): string => find(samplers, id, 'a way from noise to picture')
export const schedulerHelp = (id: string): string =>
  find(schedulers, id, 'how the noise is spread over the steps')

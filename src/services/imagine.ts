/** From what a person typed to a stored job. */
import { randomInt } from 'node:crypto'
import {
  MAX_SEED,
  type Asker,
  type CommandOrigin,
  type ImageRequest,
  type Job,
  type ModelInfo,
  type Parent,
  type Range,
} from '../domain.ts'
import { UserError } from '../errors.ts'
import type { Backends } from './backends.ts'
import { limitsOf } from './budget.ts'
import { classTerms } from './classTerms.ts'
import { extrasFor, withEmbeddings, type ExtraOptions } from './extras.ts'
import type { JobQueue } from './queue.ts'
import { modelFor } from './routing.ts'
import type { Safety } from './safety.ts'
import type { Settings } from './settings.ts'

/** Options as typed by a person; every field but the prompt may be left out. */
export type ImagineOptions = ExtraOptions & {
  prompt: string
  negative?: string | undefined
  /** -1 draws one, as in AUTOMATIC1111. */
  seed?: number | undefined
  steps?: number | undefined
  cfg?: number | undefined
  sampler?: string | undefined
  scheduler?: string | undefined
  size?: string | undefined
  count?: number | undefined
  model?: string | undefined
  variationSeed?: number | undefined
  variationStrength?: number | undefined
  /** img2img: a kept input, as large as `size`; and a mask for a part of it. */
  initImage?: string | undefined
  mask?: string | undefined
  /** Denoising strength: 0 keeps the picture, 1 keeps nothing of it. */
  strength?: number | undefined
}

export type Imagine = {
  /** The model of a job: the one asked for, else that of the class (routing.ts). @throws UserError not-found, not-set-up */
  modelFor(asked: string | undefined, guildId: string): Promise<ModelInfo>
  /**
   * Chooses the model, fills in defaults and draws a seed.
   * @throws UserError invalid-options that names the limit, not-found or not-set-up about the model
   */
  parse(options: ImagineOptions, guildId: string): Promise<ImageRequest>
  /**
   * Checks the words, reserves what it costs and stores the job: when it resolves, the row is committed.
   * @param accepting runs in the transaction that stores the job; when it throws, nothing is stored
   * @throws UserError content-refused, too-many, over-budget, not-allowed while the class is paused
   */
  submit(
    request: ImageRequest,
    asker: Asker,
    origin: CommandOrigin,
    parents?: readonly Parent[],
    accepting?: (job: Job) => unknown,
  ): Promise<Job>
}

/** How much of the variation seed is mixed in when nobody says: clearly another picture, clearly a relative. */
const DEFAULT_VARIATION_STRENGTH = 0.3

/** Where the class's own course begins: the picture is still there, and the prompt is, too. */
const DEFAULT_STRENGTH = 0.7

/** The use case of /imagine and of every button that draws again. */
export function createImagine(services: {
  backends: Pick<Backends, 'find' | 'models' | 'all' | 'estimate'>
  safety: Safety
  settings: Pick<Settings, 'guild'>
  queue: Pick<JobQueue, 'add'>
}): Imagine {
  const { backends, safety, settings, queue } = services

  async function modelOfClass(asked: string | undefined, guildId: string): Promise<ModelInfo> {
    return modelFor(backends, asked, (await settings.guild(guildId)).model)
  }

  return {
    modelFor: modelOfClass,
    async parse(options, guildId) {
      return parseFor(await modelOfClass(options.model, guildId), options)
    },
    async submit(request, asker, origin, parents = [], accepting) {
      const checked = await safety.check(request, origin.guildId)
      const rules = await settings.guild(origin.guildId)
      if (rules.isPaused) throw new UserError('not-allowed', PAUSED)
      const estimate = backends.estimate(checked)
      const charge = estimate && { usd: estimate.usd, limits: limitsOf(rules) }
      return queue.add(checked, asker, origin, { parents, charge, accepting, ...classTerms(rules, asker) })
    },
  }
}

const PAUSED =
  'Your instructor has paused the class, so nothing new is drawn right now; please keep your idea and try again a little later.'

function parseFor(model: ModelInfo, options: ImagineOptions): ImageRequest {
  const { width, height } = choose('size', options.size, model.sizes)
  return {
    model: model.id,
    prompt: withEmbeddings(
      model,
      words('The prompt', options.prompt, model) || refuse('The prompt is empty; please write what to draw.'),
      options.embeddings,
    ),
    negativePrompt: negativePrompt(model, options.negative),
    seed: seed('seed', options.seed),
    steps: whole('steps', inRange('steps', options.steps, model.steps)),
    cfgScale: inRange('cfg', options.cfg, model.cfgScale),
    sampler: choose('sampler', options.sampler, model.samplers).id,
    scheduler: choose('scheduler', options.scheduler, model.schedulers).id,
    width,
    height,
    ...variation(model, options),
    ...img2img(model, options),
    ...extrasFor(model, options),
    count: whole('count', inRange('count', options.count, { min: 1, max: model.maxCount, default: 1 })),
  }
}

/** One line, without the spaces around it. */
function words(name: string, text: string, model: ModelInfo): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length > model.maxPromptLength) {
    refuse(`${name} may have ${model.maxPromptLength} characters; yours has ${line.length}.`)
  }
  return line
}

function negativePrompt(model: ModelInfo, text = ''): string {
  const line = words('The negative prompt', text, model)
  if (line !== '' && !model.supports.negativePrompt) {
    refuse(`The model "${model.id}" takes no negative prompt; please leave it out.`)
  }
  return line
}

function variation(model: ModelInfo, options: ImagineOptions): Partial<ImageRequest> {
  const { variationSeed, variationStrength } = options
  if (variationSeed === undefined && variationStrength === undefined) return {}
  if (!model.supports.variation) {
    refuse(`The model "${model.id}" cannot vary a picture; please leave the variation out.`)
  }
  return {
    variationSeed: seed('variation seed', variationSeed),
    variationStrength: inRange('variation strength', variationStrength, {
      min: 0,
      max: 1,
      default: DEFAULT_VARIATION_STRENGTH,
    }),
  }
}

function img2img(model: ModelInfo, { initImage, mask, strength }: ImagineOptions): Partial<ImageRequest> {
  if (initImage === undefined) return {}
  if (!model.supports.img2img) {
    refuse(`The model "${model.id}" cannot begin from a picture; please choose another one.`)
  }
  if (mask !== undefined && !model.supports.mask) {
    refuse(`The model "${model.id}" cannot draw a part of a picture anew; please leave the mask out.`)
  }
  const denoisingStrength = inRange('strength', strength, { min: 0, max: 1, default: DEFAULT_STRENGTH })
  return { initImage, ...(mask === undefined ? {} : { mask }), denoisingStrength }
}

function seed(name: string, value: number | undefined): number {
  if (value === undefined || value === -1) return randomInt(MAX_SEED + 1)
  return whole(name, inRange(name, value, { min: 0, max: MAX_SEED, default: 0 }))
}

function inRange(name: string, value: number | undefined, { min, max, default: usual }: Range): number {
  if (value === undefined) return usual
  if (value >= min && value <= max) return value
  return refuse(`${name} must be between ${min} and ${max}; you asked for ${value}.`)
}

function whole(name: string, value: number): number {
  return Number.isInteger(value) ? value : refuse(`${name} must be a whole number; you asked for ${value}.`)
}

/** By its id, in any case of letters; the first one when none is asked for. */
function choose<T extends { id: string }>(name: string, asked: string | undefined, known: readonly T[]): T {
  const wanted = asked?.trim().toLowerCase()
  const found = wanted ? known.find(({ id }) => id.toLowerCase() === wanted) : known[0]
  const names = known.map(({ id }) => id).join(', ')
  return (
    found ?? refuse(`${name} must be one of: ${names}; you asked for "${asked?.trim().slice(0, 60) ?? ''}".`)
  )
}

function refuse(sentence: string): never {
  throw new UserError('invalid-options', sentence)
}

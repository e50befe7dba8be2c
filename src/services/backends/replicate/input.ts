/** From our words for parameters to those of a model; what it cannot take is refused before money is spent. Pure. */
import { recipeSchema, type ImageRequest, type Recipe } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { effectiveSteps, stepsThatRan } from '../../effectiveSteps.ts'
import { AUTOMATIC } from './modelInfo.ts'
import { takesNegativePrompt, type Place, type ReplicateModel } from './registry.ts'
import { workflowOf } from './workflow.ts'

/** Addresses of uploaded pictures. */
export type InputFiles = { image: string; mask?: string | undefined }

export type Order = { place: Place; input: Record<string, unknown> }

/** The recipe of one picture of a request; seeds start again at 0 after the largest. */
export function recipeOf(request: ImageRequest, index: number): Recipe {
  return { ...recipeSchema.parse(request), seed: (request.seed + index) % 2 ** 32 }
}

/** What is sent for one picture. @throws BackendError rejected, with a sentence that says what to change */
export function orderOf(model: ReplicateModel, asked: Recipe, files?: InputFiles): Order {
  check(model, asked, files)
  const relative = relativeOf(model, files)
  const sampler = model.samplers.find(({ id }) => id === asked.sampler)
  const size = model.sizes.find(({ width, height }) => width === asked.width && height === asked.height)
  const values = {
    prompt: asked.prompt,
    seed: asked.seed,
    steps: asked.steps,
    negativePrompt: asked.negativePrompt === '' ? undefined : asked.negativePrompt,
    cfgScale: asked.cfgScale,
    sampler: sampler?.theirs,
    width: asked.width,
    height: asked.height,
    refiner: asked.refiner,
  }
  const input: Record<string, unknown> = { ...model.fixed, ...size?.input }
  for (const [ours, value] of Object.entries(values)) {
    const theirs = model.input[ours as keyof typeof values]
    if (theirs !== undefined && value !== undefined) input[theirs] = value
  }
  if (model.workflow) {
    const graph = workflowOf(asked, model.workflow.checkpoint, sampler?.theirs ?? '')
    input[model.workflow.input] = JSON.stringify(graph)
  }
  for (const name of relative?.without ?? []) delete input[name]
  if (relative && files) {
    input[relative.image] = files.image
    if ('mask' in relative) input[relative.mask] = files.mask
    if (relative.denoisingStrength !== undefined && asked.denoisingStrength !== undefined)
      input[relative.denoisingStrength] = asked.denoisingStrength
  }
  const { model: name, version } = relative ?? model.txt2img
  return { place: { model: name, version }, input }
}

function relativeOf(model: ReplicateModel, files: InputFiles | undefined) {
  if (files === undefined) return undefined
  return files.mask === undefined ? model.img2img : model.inpainting
}

function check(model: ReplicateModel, asked: Recipe, files: InputFiles | undefined): void {
  const { title, steps, cfgScale } = model
  if (!model.samplers.some(({ id }) => id === asked.sampler))
    refuse(`${title} has no sampler of that name; it has: ${model.samplers.map(({ id }) => id).join(', ')}.`)
  if (asked.scheduler !== AUTOMATIC)
    refuse(`${title} takes no choice of scheduler; please leave it at ${AUTOMATIC}.`)
  if (asked.steps < steps.min || asked.steps > steps.max)
    refuse(`${title} takes ${steps.min} to ${steps.max} steps; please change that.`)
  if (asked.cfgScale < cfgScale.min || asked.cfgScale > cfgScale.max)
    refuse(`${title} takes a cfg from ${cfgScale.min} to ${cfgScale.max}; please change that.`)
  if (!files && !model.sizes.some(({ width, height }) => width === asked.width && height === asked.height))
    refuse(
      `${title} does not draw this size; it draws: ${model.sizes.map(({ width, height }) => `${width} x ${height}`).join(', ')}.`,
    )
  if (asked.prompt.length > model.maxPromptLength)
    refuse(`The prompt may have ${model.maxPromptLength} characters for ${title}; please shorten it.`)
  if (asked.negativePrompt !== '' && !takesNegativePrompt(model))
    refuse(`${title} takes no negative prompt; please leave it out.`)
  if ((asked.variationStrength ?? 0) > 0) refuse(`${title} cannot vary a picture; please take a new seed.`)
  if ((asked.loras?.length ?? 0) > 0) refuse(`${title} takes no LoRA here; please leave it out.`)
  if (asked.hires !== undefined) refuse(`${title} has no hires fix here; please leave it out.`)
  if (asked.refiner !== undefined && !model.refiners.some(({ id }) => id === asked.refiner))
    refuse(`${title} has no refiner of that name; please leave it out.`)
  if (files && !relativeOf(model, files)) {
    const what =
      files.mask === undefined ? 'cannot begin from a picture' : 'cannot draw a part of a picture anew'
    refuse(`${title} ${what}; please choose another model.`)
  }
}

/**
 * How many steps a model really runs when it begins from a picture (replicate contract, section 5), and the sentence that says so.
 * A model that takes no strength for a part of a picture runs them all.
 */
export function relativeRun(
  model: ReplicateModel,
  { steps, denoisingStrength: strength }: Recipe,
  input: { mask?: unknown } | undefined,
): { steps: number; notes: string[] } {
  const relative = input && (input.mask === undefined ? model.img2img : model.inpainting)
  if (!relative || strength === undefined) return { steps, notes: [] }
  if (relative.denoisingStrength === undefined) {
    const sentence = `${model.title} takes no strength together with a mask: what is white is drawn anew from noise alone.`
    return { steps, notes: [sentence] }
  }
  const ran = Math.max(1, effectiveSteps(steps, strength))
  return { steps: ran, notes: [stepsThatRan(ran, steps, strength)] }
}

/** The prompt goes to the model as it is (replicate contract, section 4), so what other programs read in it is named. */
export function notesOn(model: ReplicateModel, { prompt, cfgScale }: Recipe): string[] {
  const notes: string[] = []
  // ComfyUI does read weights.
  if (model.workflow && /<lora:/i.test(prompt))
    notes.push(`LoRA tags have no effect in ${model.title}; they were read as plain words.`)
  if (!model.workflow && /<lora:|\([^()]*:\s*\d*\.?\d+\)/i.test(prompt))
    notes.push(
      `Weights such as (word:1.3) and LoRA tags have no effect in ${model.title}; they were read as plain words.`,
    )
  if (model.cfgScale.min === 0 && cfgScale > 1)
    notes.push(`${model.title} was taught to draw without CFG; values above 1 overdo it.`)
  return notes
}

function refuse(sentence: string): never {
  throw new BackendError('replicate', 'rejected', 'the settings do not fit the model', { sentence })
}

/** The models that Replicate may draw with: one JSON file each in data/models, checked when the bot starts. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../../errors.ts'

const range = z
  .strictObject({ min: z.number(), max: z.number(), default: z.number() })
  .refine(
    ({ min, max, default: usual }) => min <= usual && usual <= max,
    'default must lie within the limits',
  )

/** An address on Replicate. Official models are called by name alone; a community model needs its version, the first digits of it, or `latest`: whichever is newest when the bot starts. */
const place = {
  model: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
  version: z
    .string()
    .regex(/^([0-9a-f]{8,64}|latest)$/)
    .optional(),
}

const cost = { help: z.string().min(1), costFactor: z.number().positive().default(1) }
const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
/** Nothing may switch off what protects the class, also not by a slip in a file. */
const fixed = scalars.refine(
  (input) => !('disable_safety_checker' in input),
  'must not disable the safety checker',
)

const modelSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{2,40}$/),
    /** Place in the list; the first is what the backend shows first. */
    order: z.int(),
    title: z.string().min(1),
    about: z.string().regex(/\.$/, 'must be a sentence'),
    /** What students should not expect of it. */
    cannot: z.string().regex(/\.$/, 'must be a sentence'),
    kind: z.enum(['official', 'community', 'comfyui-workflow']),
    txt2img: z.strictObject(place),
    img2img: z
      .strictObject({
        ...place,
        image: z.string(),
        denoisingStrength: z.string(),
        without: z.array(z.string()).default([]),
      })
      .optional(),
    inpainting: z
      .strictObject({
        ...place,
        image: z.string(),
        mask: z.string(),
        denoisingStrength: z.string().optional(),
        without: z.array(z.string()).default([]),
      })
      .optional(),
    /** Our words for parameters and theirs; a parameter that is not named here is not sent. */
    input: z
      .strictObject({
        prompt: z.string().optional(),
        seed: z.string().optional(),
        steps: z.string().optional(),
        negativePrompt: z.string().optional(),
        cfgScale: z.string().optional(),
        sampler: z.string().optional(),
        width: z.string().optional(),
        height: z.string().optional(),
        refiner: z.string().optional(),
      })
      .default({}),
    /** Instead of `input`: all parameters go into one graph of ComfyUI (workflow.ts), under the name of this input. */
    workflow: z.strictObject({ input: z.string(), checkpoint: z.string() }).optional(),
    fixed,
    steps: range,
    cfgScale: range,
    samplers: z.array(z.strictObject({ id: z.string(), theirs: z.string().optional(), ...cost })).min(1),
    sizes: z
      .array(
        z.strictObject({
          id: z.string(),
          width: z.int().positive(),
          height: z.int().positive(),
          input: fixed.optional(),
        }),
      )
      .min(1),
    refiners: z.array(z.strictObject({ id: z.string(), ...cost })).default([]),
    maxCount: z.int().min(1).max(4),
    maxPromptLength: z.int().positive(),
    price: z.union([
      z.strictObject({ usdPerSecond: z.number().positive(), checkedOn: z.string() }),
      z.strictObject({ usdPerImage: z.number().positive(), checkedOn: z.string() }),
    ]),
    /** How long one picture is drawn, on a machine that is awake. */
    seconds: z.strictObject({ base: z.number().positive(), perStepAndMegapixel: z.number().positive() }),
    coldStart: z.string(),
  })
  .refine(
    ({ kind, txt2img }) => kind === 'official' || txt2img.version !== undefined,
    'a community model needs a version',
  )
  .refine(
    ({ kind, workflow }) => (kind === 'comfyui-workflow') === (workflow !== undefined),
    'a comfyui-workflow, and nothing else, has a workflow',
  )
  .refine(
    ({ workflow, fixed: { randomise_seeds: isRandom } }) => workflow === undefined || isRandom === false,
    'a workflow must set randomise_seeds to false',
  )
  .refine(
    ({ workflow, input }) => workflow !== undefined || (input.prompt && input.seed && input.steps),
    'input must name prompt, seed and steps',
  )

/** One model of the registry. */
export type ReplicateModel = z.infer<typeof modelSchema>

export const takesNegativePrompt = ({ workflow, input }: ReplicateModel): boolean =>
  workflow !== undefined || input.negativePrompt !== undefined

/** Where a request goes: the model itself, or its relative that begins from a picture. */
export type Place = { model: string; version?: string | undefined }

/**
 * Reads every *.json directly in the folder; its folders belong to other backends.
 * @throws ConfigError that names the file and what is wrong in it
 */
export async function readModels(folder: string): Promise<ReplicateModel[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted()
  const models = await Promise.all(
    files.map(async (file) => check(file, await readFile(path.join(folder, file), 'utf8'))),
  )
  return models.toSorted((a, b) => a.order - b.order)
}

function check(file: string, text: string): ReplicateModel {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ConfigError(`The model file ${file} is not JSON.`)
  }
  const result = modelSchema.safeParse(json)
  if (!result.success)
    throw new ConfigError(`The model file ${file} is wrong:\n${z.prettifyError(result.error)}`)
  if (`${result.data.id}.json` !== file)
    throw new ConfigError(`The model file ${file} must be called ${result.data.id}.json.`)
  return result.data
}

/** Every address on Replicate that a model uses, each once. */
export function placesOf({ txt2img, img2img, inpainting }: ReplicateModel): Place[] {
  const places = [txt2img, img2img, inpainting].filter((place) => place !== undefined)
  return [...new Map(places.map(({ model, version }) => [model, { model, version }])).values()]
}

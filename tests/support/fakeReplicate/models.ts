/** The models that the fake knows, with their input schemas written down from the contract, not from our registry. */

type Rule =
  | { type: 'string'; enum?: readonly string[]; uri?: boolean }
  | { type: 'integer' | 'number'; minimum: number; maximum: number; multipleOf?: number }
  | { type: 'boolean' }

export type FakeModel = {
  name: string
  /** Of older to newer; empty for official models, which are called by name. */
  versions: string[]
  input: Record<string, Rule>
  /** More than one rule at a time, e.g. a limit on width x height. */
  check?: (input: Record<string, unknown>) => string | undefined
  /** Bars in the log. */
  hasRefiner?: boolean
  /** Runs a graph of ComfyUI (comfyui.ts). */
  runsWorkflows?: boolean
  /** Puts the face of `swap_image` onto `input_image`. */
  swapsFaces?: boolean
}

const whole = (minimum: number, maximum: number, multipleOf?: number): Rule => ({
  type: 'integer',
  minimum,
  maximum,
  ...(multipleOf && { multipleOf }),
})
const number = (minimum: number, maximum: number): Rule => ({ type: 'number', minimum, maximum })
const text: Rule = { type: 'string' }
const uri: Rule = { type: 'string', uri: true }
const seed = whole(0, 2 ** 32 - 1)

const sd = {
  prompt: text,
  negative_prompt: text,
  num_outputs: whole(1, 4),
  num_inference_steps: whole(1, 500),
  guidance_scale: number(1, 20),
  scheduler: {
    type: 'string',
    enum: ['DDIM', 'K_EULER', 'DPMSolverMultistep', 'K_EULER_ANCESTRAL', 'PNDM', 'KLMS'],
  },
  seed,
} satisfies Record<string, Rule>
const size64 = whole(64, 1024, 64)
const sdxlSchedulers = {
  type: 'string',
  enum: ['DDIM', 'DPMSolverMultistep', 'HeunDiscrete', 'KarrasDPM', 'K_EULER_ANCESTRAL', 'K_EULER', 'PNDM'],
} satisfies Rule

export const fakeModels: FakeModel[] = [
  {
    name: 'stability-ai/stable-diffusion',
    versions: ['ac732df83cea7fff18b8472768c88ad041fa750ff7682a21affe81863cbe77e4'],
    input: { ...sd, width: size64, height: size64 },
    check: ({ width = 768, height = 768 }) =>
      Number(width) * Number(height) > 786_432 ? 'input.width: width x height is too large' : undefined,
  },
  {
    name: 'stability-ai/stable-diffusion-img2img',
    versions: ['15a3689ee13b0d2616e98820eca31d4c3abcd36672df6afce5cb6feb1d66087d'],
    input: { ...sd, image: uri, prompt_strength: number(0, 1) },
  },
  {
    name: 'stability-ai/stable-diffusion-inpainting',
    versions: ['95b7223104132402a9ae91cc677285bc5eb997834bd2349fa486f53910fd68b3'],
    input: { ...sd, width: size64, height: size64, image: uri, mask: uri },
  },
  {
    name: 'stability-ai/sdxl',
    versions: [
      '39ed52f2a78e934b3ba6e2a89f5b1c712de7dfea535525255b1aa35c5565e08b',
      '7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc',
    ],
    input: {
      ...sd,
      scheduler: sdxlSchedulers,
      guidance_scale: number(1, 50),
      width: whole(8, 2048, 8),
      height: whole(8, 2048, 8),
      image: uri,
      mask: uri,
      prompt_strength: number(0, 1),
      refine: { type: 'string', enum: ['no_refiner', 'expert_ensemble_refiner', 'base_image_refiner'] },
      high_noise_frac: number(0, 1),
      refine_steps: whole(1, 500),
      lora_scale: number(0, 1),
      replicate_weights: text,
      apply_watermark: { type: 'boolean' },
      disable_safety_checker: { type: 'boolean' },
    },
    hasRefiner: true,
  },
  {
    name: 'bytedance/sdxl-lightning-4step',
    versions: ['6f7a773af6fc3e8de9d5a3c00be77c17308914bf67772726aff83496ba1e3bbe'],
    input: {
      ...sd,
      scheduler: sdxlSchedulers,
      num_inference_steps: whole(1, 10),
      guidance_scale: number(0, 50),
      width: whole(256, 1280, 8),
      height: whole(256, 1280, 8),
      disable_safety_checker: { type: 'boolean' },
    },
  },
  {
    name: 'black-forest-labs/flux-schnell',
    versions: [],
    input: {
      prompt: text,
      seed,
      num_inference_steps: whole(1, 4),
      num_outputs: whole(1, 4),
      aspect_ratio: {
        type: 'string',
        enum: ['1:1', '16:9', '21:9', '3:2', '2:3', '4:5', '5:4', '3:4', '4:3', '9:16', '9:21'],
      },
      megapixels: { type: 'string', enum: ['1', '0.25'] },
      output_format: { type: 'string', enum: ['webp', 'jpg', 'png'] },
      output_quality: whole(0, 100),
      go_fast: { type: 'boolean' },
      disable_safety_checker: { type: 'boolean' },
    },
  },
  {
    name: 'cdingram/face-swap',
    versions: ['face'.repeat(16)],
    input: { input_image: uri, swap_image: uri },
    swapsFaces: true,
  },
  {
    name: 'comfyui/any-comfyui-workflow',
    versions: [
      'c0ffee00aa0c1e5d3b7f9a8264e0d1c2b3a495867788990011223344556677aa',
      'c0ffee11bb1d2f6e4c80ab9375f1e2d3c4b5a6978899aabb22334455667788bb',
    ],
    input: {
      workflow_json: text,
      input_file: uri,
      output_format: { type: 'string', enum: ['webp', 'jpg', 'png'] },
      output_quality: whole(0, 100),
      randomise_seeds: { type: 'boolean' },
      return_temp_files: { type: 'boolean' },
      force_reset_cache: { type: 'boolean' },
    },
    runsWorkflows: true,
  },
]

/** What a 422 says of an input; empty when all is well. Unknown inputs are ignored, as Replicate does. */
export function faultsOf(
  model: FakeModel,
  input: Record<string, unknown>,
): { field: string; says: string }[] {
  const faults = Object.entries(input).flatMap(([name, value]) => {
    const rule = model.input[name]
    const says = rule && brokenRule(rule, value)
    return says === undefined ? [] : [{ field: `input.${name}`, says }]
  })
  const says = model.check?.(input)
  return says === undefined ? faults : [...faults, { field: says.split(':')[0] ?? 'input', says }]
}

function brokenRule(rule: Rule, value: unknown): string | undefined {
  if (rule.type === 'boolean') return typeof value === 'boolean' ? undefined : 'Must be a boolean'
  if (rule.type === 'string') {
    if (typeof value !== 'string') return 'Must be a string'
    if (rule.enum && !rule.enum.includes(value)) return `Must be one of ${rule.enum.join(', ')}`
    if (rule.uri && !URL.canParse(value)) return "Does not match format 'uri'"
    return undefined
  }
  if (typeof value !== 'number' || (rule.type === 'integer' && !Number.isInteger(value)))
    return `Must be a ${rule.type}`
  if (value < rule.minimum) return `Must be greater than or equal to ${rule.minimum}`
  if (value > rule.maximum) return `Must be less than or equal to ${rule.maximum}`
  if (rule.multipleOf && value % rule.multipleOf !== 0) return `Must be a multiple of ${rule.multipleOf}`
  return undefined
}

const FLUX_SIZES: Record<string, [number, number]> = {
  '1:1': [1024, 1024],
  '3:2': [1216, 832],
  '2:3': [832, 1216],
  '16:9': [1344, 768],
}

/** How large the model draws what it was asked for; undefined: as large as the picture it begins from. */
export function sizeOf(input: Record<string, unknown>): [number, number] | undefined {
  if (typeof input['aspect_ratio'] === 'string') return FLUX_SIZES[input['aspect_ratio']] ?? [1024, 1024]
  if (typeof input['width'] === 'number' && typeof input['height'] === 'number')
    return [input['width'], input['height']]
  return input['image'] === undefined ? [768, 768] : undefined
}

/** The format of ComfyUI's editor: values stand in lists without names, so the order of the common nodes is known here. */
import type { Graph } from './comfyGraph.ts'

/** `-` is the editor's "control after generate", which is no input. */
const ORDERS: Record<string, string> = {
  KSampler: 'seed - steps cfg sampler_name scheduler denoise',
  KSamplerAdvanced:
    'add_noise noise_seed - steps cfg sampler_name scheduler start_at_step end_at_step return_with_leftover_noise',
  SamplerCustom: 'add_noise noise_seed - cfg',
  RandomNoise: 'noise_seed -',
  KSamplerSelect: 'sampler_name',
  BasicScheduler: 'scheduler steps denoise',
  KarrasScheduler: 'steps sigma_max sigma_min rho',
  ExponentialScheduler: 'steps sigma_max sigma_min',
  SDTurboScheduler: 'steps denoise',
  CFGGuider: 'cfg',
  FluxGuidance: 'guidance',
  CLIPTextEncode: 'text',
  CLIPTextEncodeSDXL: 'width height crop_w crop_h target_width target_height text_g text_l',
  CLIPTextEncodeSDXLRefiner: 'ascore width height text',
  CLIPTextEncodeFlux: 'clip_l t5xxl guidance',
  CheckpointLoaderSimple: 'ckpt_name',
  UNETLoader: 'unet_name weight_dtype',
  VAELoader: 'vae_name',
  LoraLoader: 'lora_name strength_model strength_clip',
  LoraLoaderModelOnly: 'lora_name strength_model',
  CLIPSetLastLayer: 'stop_at_clip_layer',
  EmptyLatentImage: 'width height batch_size',
  EmptySD3LatentImage: 'width height batch_size',
  LatentUpscale: 'upscale_method width height crop',
  LatentUpscaleBy: 'upscale_method scale_by',
  ImageScale: 'upscale_method width height crop',
  ImageScaleBy: 'upscale_method scale_by',
  UpscaleModelLoader: 'model_name',
  ControlNetLoader: 'control_net_name',
  LoadImage: 'image',
  PrimitiveNode: 'value -',
  PrimitiveInt: 'value -',
  PrimitiveFloat: 'value',
  PrimitiveString: 'value',
  PrimitiveStringMultiline: 'value',
}

const MUTED = 2
const BYPASSED = 4

type Fields = Record<string, unknown>

/** As a graph of the API format; links through bypassed nodes lead to what is before them. */
export function graphOfWorkflow(workflow: object): Graph {
  const { nodes, links } = workflow as Fields
  const from = originsOf(list(links))
  const graph: Graph = new Map()
  for (const node of list(nodes)) {
    const { id, type, mode } = node
    if (mode === MUTED || typeof type !== 'string' || !isId(id)) continue
    const inputs = new Map<string, unknown>(mode === BYPASSED ? [] : valuesOf(type, node['widgets_values']))
    for (const input of list(node['inputs'])) {
      const origin = from.get(String(input['link']))
      if (origin && typeof input['name'] === 'string') inputs.set(input['name'], origin)
    }
    // A bypassed node hands on what comes in, as the editor's Reroute does.
    graph.set(String(id), { id: String(id), type: mode === BYPASSED ? 'Reroute' : type, inputs })
  }
  return graph
}

/** A link is [id, from, slot, to, slot, type] or, in newer files, an object. */
function originsOf(links: Fields[]): Map<string, [string, number]> {
  const origins = new Map<string, [string, number]>()
  for (const link of links) {
    const [id, node, slot] = Array.isArray(link)
      ? (link as unknown[])
      : [link['id'], link['origin_id'], link['origin_slot']]
    if (isId(id) && isId(node)) origins.set(String(id), [String(node), Number(slot)])
  }
  return origins
}

function valuesOf(type: string, values: unknown): [string, unknown][] {
  if (!Array.isArray(values)) return values && typeof values === 'object' ? Object.entries(values) : []
  const order = Object.hasOwn(ORDERS, type) ? (ORDERS[type] ?? '').split(' ') : []
  // Of a node that is not known only a text can be told from its list.
  if (order.length === 0)
    return values.flatMap((value) => (typeof value === 'string' ? [['text', value]] : []))
  return order.flatMap((name, index): [string, unknown][] => (name === '-' ? [] : [[name, values[index]]]))
}

const isId = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

const list = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.filter((one): one is Fields => typeof one === 'object' && one !== null) : []

/**
 * As much of ComfyUI as the fake needs: it checks a graph in API format, and draws what its SaveImage nodes would save. Written from the
 * contract (comfyui contract, sections 3 and 5), not from our own graph.
 */
import { createHash, randomInt } from 'node:crypto'
import sharp from 'sharp'

type Value = string | number | [string, number]
type Node = { class_type: string; inputs: Record<string, Value> }
type Graph = Record<string, Node>

/** A type in capitals is a link to an output of that type. */
const classes: Record<string, { inputs: Record<string, string>; outputs: string[] }> = {
  CheckpointLoaderSimple: { inputs: { ckpt_name: 'checkpoint' }, outputs: ['MODEL', 'CLIP', 'VAE'] },
  CLIPTextEncode: { inputs: { text: 'text', clip: 'CLIP' }, outputs: ['CONDITIONING'] },
  EmptyLatentImage: { inputs: { width: 'size', height: 'size', batch_size: 'whole' }, outputs: ['LATENT'] },
  KSamplerAdvanced: {
    inputs: {
      model: 'MODEL',
      add_noise: 'switch',
      noise_seed: 'whole',
      steps: 'whole',
      cfg: 'number',
      sampler_name: 'sampler',
      scheduler: 'scheduler',
      positive: 'CONDITIONING',
      negative: 'CONDITIONING',
      latent_image: 'LATENT',
      start_at_step: 'whole',
      end_at_step: 'whole',
      return_with_leftover_noise: 'switch',
    },
    outputs: ['LATENT'],
  },
  LatentMultiply: { inputs: { samples: 'LATENT', multiplier: 'number' }, outputs: ['LATENT'] },
  VAEDecode: { inputs: { samples: 'LATENT', vae: 'VAE' }, outputs: ['IMAGE'] },
  SaveImage: { inputs: { images: 'IMAGE', filename_prefix: 'text' }, outputs: [] },
}

/** Before ComfyUI sees a graph, Replicate fetches such texts, or says that their files are missing. */
const isTakenForFile = (text: string) =>
  /^https?:\/\/|\.(png|jpe?g|webp|mp4|webm|safetensors|ckpt|pth?|bin)$/iu.test(text)

const isWhole = (value: unknown) => Number.isInteger(value) && Number(value) >= 0
const checks: Record<string, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string' && !isTakenForFile(value),
  checkpoint: (value) => value === 'sd_xl_base_1.0.safetensors' || value === 'dreamshaper_8.safetensors',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  whole: isWhole,
  size: (value) => isWhole(value) && Number(value) >= 16 && Number(value) % 8 === 0,
  switch: (value) => value === 'enable' || value === 'disable',
  sampler: (value) => ['euler', 'euler_ancestral', 'heun', 'dpmpp_2m', 'uni_pc'].includes(String(value)),
  scheduler: (value) => ['normal', 'karras', 'exponential', 'simple', 'ddim_uniform'].includes(String(value)),
}

/** Undefined when the graph would run. */
export function problemOf(text: string): string | undefined {
  let graph: Graph
  try {
    graph = JSON.parse(text) as Graph
  } catch {
    return 'ComfyUI Error: the workflow is not JSON'
  }
  if (['last_node_id', 'last_link_id', 'version'].some((name) => name in graph))
    return 'You need to use the API JSON version of a ComfyUI workflow.'
  const problems = Object.entries(graph).flatMap(([id, node]) => problemsOfNode(graph, id, node))
  if (!Object.values(graph).some((node) => node?.class_type === 'SaveImage'))
    problems.push('prompt_no_outputs')
  return problems.length === 0 ? undefined : `ComfyUI Error: ${problems.join('; ')}`
}

function problemsOfNode(graph: Graph, id: string, node: Node): string[] {
  const known = classes[node?.class_type]
  if (!known) return [`${id}: missing_node_type`]
  return Object.entries(known.inputs).flatMap(([name, type]) => {
    const value = node.inputs[name]
    if (value === undefined) return [`${id}.${name}: required_input_missing`]
    const check = checks[type]
    if (check) return check(value) ? [] : [`${id}.${name}: value_not_in_list or invalid_input_type`]
    if (!Array.isArray(value)) return [`${id}.${name}: bad_linked_input`]
    const given = classes[graph[value[0]]?.class_type ?? '']?.outputs[value[1]]
    return given === type ? [] : [`${id}.${name}: return_type_mismatch`]
  })
}

const parse = (text: string) => JSON.parse(text) as Graph
const nodesOf = (graph: Graph, type: string) =>
  Object.values(graph).filter(({ class_type: each }) => each === type)
const fileOf = ({ inputs }: Node) => `${String(inputs['filename_prefix'])}_00001_.png`

/** What `randomise_seeds` does when it is left on. */
export function withRandomSeeds(text: string): string {
  const graph = parse(text)
  for (const { inputs } of nodesOf(graph, 'KSamplerAdvanced')) inputs['noise_seed'] = randomInt(2 ** 32)
  return JSON.stringify(graph)
}

/** Sorted by name, as Replicate returns them. */
export function savedFiles(text: string): string[] {
  return nodesOf(parse(text), 'SaveImage').map(fileOf).toSorted()
}

/** One of the saved files; undefined when no node saves it. */
export async function savedPicture(text: string, file: string): Promise<Buffer | undefined> {
  const graph = parse(text)
  const save = nodesOf(graph, 'SaveImage').find((node) => fileOf(node) === file)
  if (!save) return undefined
  const from = (node: Node | undefined, name: string): Node | undefined => {
    const link = node?.inputs[name]
    return Array.isArray(link) ? graph[link[0]] : undefined
  }
  let state = from(from(save, 'images'), 'samples')
  if (state?.class_type === 'LatentMultiply') state = from(state, 'samples')
  const parts: Node[] = []
  let empty = state
  for (; empty?.class_type === 'KSamplerAdvanced'; empty = from(empty, 'latent_image')) parts.unshift(empty)
  const last = parts.at(-1)
  if (!last || empty?.class_type !== 'EmptyLatentImage') return undefined
  const size = { width: Number(empty.inputs['width']), height: Number(empty.inputs['height']) }
  const words = ['positive', 'negative'].map((name) => from(last, name)?.inputs['text'])
  const { noise_seed: seed, cfg, steps, sampler_name: sampler, scheduler } = last.inputs
  const digest = createHash('sha256')
    .update(JSON.stringify([words, seed, cfg, steps, sampler, scheduler, size]))
    .digest()
  const hasLeftover = last.inputs['return_with_leftover_noise'] === 'enable'
  return await paint(digest, size, hasLeftover ? 1 - Number(last.inputs['end_at_step']) / Number(steps) : 0)
}

/** In pixels: a cell of a latent is as large. */
const CELL = 8

/** A soft picture that the digest chooses, under so much noise (0 to 1), the same noise for every state of a run. */
async function paint(digest: Buffer, { width, height }: { width: number; height: number }, noise: number) {
  const columns = Math.ceil(width / CELL)
  const cells = new Uint8Array(columns * Math.ceil(height / CELL) * 3)
  let random = digest.readUInt32LE(0) | 1
  for (let i = 0; i < cells.length; i += 1) {
    random ^= random << 13
    random ^= random >>> 17
    random ^= random << 5
    cells[i] = random
  }
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = (x / width + y / height) / 2
      const cell = 3 * (Math.floor(y / CELL) * columns + Math.floor(x / CELL))
      for (let channel = 0; channel < 3; channel += 1) {
        const clean = (digest[channel] ?? 0) * (1 - place) + (digest[3 + channel] ?? 0) * place
        pixels[3 * (y * width + x) + channel] = clean * (1 - noise) + (cells[cell + channel] ?? 0) * noise
      }
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
}

/** Each node as it begins, and the bars of the parts with the words before them that Replicate adds. */
export function logOfWorkflow(text: string, fraction: number): string {
  const graph = parse(text)
  const parts = Object.entries(graph).filter(([, { class_type: type }]) => type === 'KSamplerAdvanced')
  const total = Math.max(...parts.map(([, { inputs }]) => Number(inputs['end_at_step'])))
  const done = Math.floor(fraction * total)
  const lines = [
    'Running workflow',
    'Executing node checkpoint, title: Load Checkpoint, class type: CheckpointLoaderSimple',
  ]
  for (const [id, { inputs }] of parts) {
    const start = Number(inputs['start_at_step'])
    const end = Number(inputs['end_at_step'])
    if (done < start) break
    lines.push(`Executing node ${id}, title: KSampler (Advanced), class type: KSamplerAdvanced`)
    for (let step = 0; step <= Math.min(done, end) - start; step += 1) {
      const percent = Math.floor((100 * step) / (end - start))
      lines.push(
        `[ComfyUI] ${String(percent).padStart(3)}%|${'█'.repeat(percent / 10).padEnd(10)}| ${step}/${end - start} [00:00<00:01,  9.1it/s]`,
      )
    }
  }
  return lines.join('\n')
}

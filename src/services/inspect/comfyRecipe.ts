/** From a ComfyUI graph to a recipe: from the node that saves the picture back to the sampler, and from there to everything else. */
import { type Graph, type GraphNode, parseGraph, sourcesOf } from './comfyGraph.ts'
import { modelBehind, nearest, nodeAt, textsBehind, valueAt } from './comfyWalk.ts'
import { emptyRecipe, numberOf, seedOf, type FoundRecipe } from './found.ts'
import { fileName, methodOf } from './names.ts'

const SAVES = /^(Save|Preview)(Image|Animated)|SaveImage|Image ?Save/i
const SAMPLES = /^(KSampler|SamplerCustom)(?!Select)|KSampler/
/** From a latent or a picture to what it was made of. */
const BACK = ['latent_image', 'samples', 'latent', 'pixels', 'image', 'images', '', 'LATENT', 'IMAGE']

/**
 * The settings of the sampler that made the picture.
 * @throws UnreadableGraph
 */
export function recipeOfGraph(json: string): FoundRecipe | undefined {
  const graph = parseGraph(json)
  const chain = samplersOf(graph)
  const [base] = chain
  if (!base) return undefined
  return recipeOf(graph, base, chain.slice(1))
}

/** Those that worked one after another on the same picture, the first one first. */
function samplersOf(graph: Graph): GraphNode[] {
  const used = new Set([...graph.values()].flatMap((node) => sourcesOf(graph, node).map(({ id }) => id)))
  const nodes = [...graph.values()]
  const ends = [...nodes.filter(({ type }) => SAVES.test(type)), ...nodes.filter(({ id }) => !used.has(id))]
  const isSampler = ({ type }: GraphNode) => SAMPLES.test(type)
  // Along pictures first: a ControlNet's picture may have been sampled too.
  const last = firstFrom(ends, graph, isSampler, BACK) ?? firstFrom(ends, graph, isSampler)
  const chain: GraphNode[] = []
  for (let sampler = last; sampler;) {
    chain.unshift(sampler)
    sampler = nearest(graph, nodeAt(graph, sampler, 'latent_image'), isSampler, BACK)
  }
  return chain
}

/** Nodes that one search went through in vain are not walked through again by the next. */
function firstFrom(
  ends: readonly GraphNode[],
  graph: Graph,
  fits: (node: GraphNode) => boolean,
  inputs?: readonly string[],
): GraphNode | undefined {
  const seen = new Set<string>()
  for (const end of ends) {
    const found = nearest(graph, end, fits, inputs, seen)
    if (found) return found
  }
  return undefined
}

function recipeOf(graph: Graph, sampler: GraphNode, later: readonly GraphNode[]): FoundRecipe {
  const { positive, negative, guided } = promptsOf(graph, sampler)
  const { model, loras } = modelBehind(graph, guided)
  const sigmas = nearest(graph, nodeAt(graph, sampler, 'sigmas'), ({ inputs }) => inputs.has('steps'))
  const at = (name: string) => valueAt(graph, sampler, name) ?? valueAt(graph, sigmas, name)
  const select = nodeAt(graph, sampler, 'sampler')
  const method = methodOf(
    textOf(at('sampler_name') ?? valueAt(graph, select, 'sampler_name')),
    textOf(at('scheduler')) ?? schedulerOfNode(sigmas),
  )
  const seed = at('seed') ?? at('noise_seed') ?? valueAt(graph, nodeAt(graph, sampler, 'noise'), 'noise_seed')
  const start = nodeAt(graph, sampler, 'latent_image')
  const empty = nearest(graph, start, (node) => node.inputs.has('width') && node.inputs.has('height'), BACK)
  const beginsFromPicture =
    nearest(graph, start, ({ type }) => type.startsWith('LoadImage'), BACK) !== undefined
  const denoise = numberOf(at('denoise'))
  const all = [...graph.values()]
  const recipe: FoundRecipe = {
    ...emptyRecipe(positive.join('\n'), negative.join('\n')),
    seed: seedOf(seed),
    steps: numberOf(at('steps')),
    cfgScale: numberOf(valueAt(graph, guided, 'cfg') ?? at('cfg')),
    ...method,
    width: numberOf(valueAt(graph, empty, 'width')),
    height: numberOf(valueAt(graph, empty, 'height')),
    model,
    loras,
    vae: vaeOf(graph),
    denoisingStrength: beginsFromPicture ? (denoise ?? 1) : undefined,
    clipSkip: clipSkipOf(all),
    more: moreOf(graph, all),
    notes: notesOn(all, positive),
  }
  return { ...recipe, ...laterPasses(graph, recipe, later) }
}

/** The guider node holds prompts, model and CFG for a SamplerCustomAdvanced; the others hold them themselves. */
function promptsOf(graph: Graph, sampler: GraphNode) {
  const guided = nodeAt(graph, sampler, 'guider') ?? sampler
  const sides = (names: string[]) => names.flatMap((name) => textsBehind(graph, guided, name))
  return {
    guided,
    positive: [...new Set(sides(['positive', 'conditioning', 'cond1', 'cond2']))],
    negative: sides(['negative']),
  }
}

/** A second pass after an enlargement is what AUTOMATIC1111 calls hires fix; with another model and no enlargement, a refiner. */
function laterPasses(graph: Graph, recipe: FoundRecipe, later: readonly GraphNode[]): Partial<FoundRecipe> {
  const second = later.at(-1)
  if (!second) return {}
  const passes = `The workflow has ${later.length + 1} samplers one after another; the settings are those of the first.`
  const notes = [...recipe.notes, passes]
  const isEnlarger = ({ inputs, type }: GraphNode) => inputs.has('upscale_method') || /Upscale/i.test(type)
  const start = nodeAt(graph, second, 'latent_image')
  const enlarger = nearest(graph, start, (node) => isEnlarger(node) || SAMPLES.test(node.type), BACK)
  const { model } = modelBehind(graph, second)
  if (enlarger && isEnlarger(enlarger)) {
    const width = numberOf(valueAt(graph, enlarger, 'width'))
    const ratio = width && recipe.width ? width / recipe.width : undefined
    const scale = numberOf(valueAt(graph, enlarger, 'scale_by')) ?? (ratio && Math.round(ratio * 100) / 100)
    const upscaler = textOf(valueAt(graph, nodeAt(graph, enlarger, 'upscale_model'), 'model_name'))
    const denoisingStrength = numberOf(valueAt(graph, second, 'denoise'))
    return { notes, hires: { scale, upscaler: upscaler ?? 'Latent', denoisingStrength } }
  }
  return model !== undefined && model !== recipe.model ? { notes, refiner: model } : { notes }
}

function moreOf(graph: Graph, all: readonly GraphNode[]): [string, string][] {
  const guidance = all
    .map((node) => valueAt(graph, node, 'guidance'))
    .find((value) => typeof value === 'number')
  const controls = all
    .map((node) => valueAt(graph, node, 'control_net_name'))
    .filter((name) => typeof name === 'string')
  return [
    ...(guidance === undefined ? [] : [['Distilled CFG Scale', String(guidance)] as [string, string]]),
    ...controls.map((name, index): [string, string] => [`ControlNet ${index}`, fileName(name)]),
  ]
}

function notesOn(all: readonly GraphNode[], positive: readonly string[]): string[] {
  const notes: string[] = []
  const samplers = all.filter(({ type }) => SAMPLES.test(type)).length
  if (samplers > 1)
    notes.push(
      `The workflow has ${samplers} samplers; this is the one that leads to the first saved picture.`,
    )
  if (positive.length > 1) notes.push('The workflow joins several prompts; they stand one below the other.')
  return notes
}

/** KarrasScheduler and its like are named after what they do. */
const schedulerOfNode = (node: GraphNode | undefined) =>
  /^(Karras|Exponential|Polyexponential)/.exec(node?.type ?? '')?.[1]

function vaeOf(graph: Graph): string | undefined {
  const decoder = [...graph.values()].find(({ type }) => type.startsWith('VAEDecode'))
  const name = textOf(valueAt(graph, nodeAt(graph, decoder, 'vae'), 'vae_name'))
  return name && fileName(name)
}

/** ComfyUI counts from the end: -1 is the last layer. */
function clipSkipOf(all: readonly GraphNode[]): number | undefined {
  const layer = numberOf(
    all.find(({ type }) => type === 'CLIPSetLastLayer')?.inputs.get('stop_at_clip_layer'),
  )
  return layer !== undefined && layer < 0 ? -layer : undefined
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

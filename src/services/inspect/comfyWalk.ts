/** Walks through a ComfyUI graph against the arrows. The graph has no circles (comfyGraph.ts); shared paths are walked once. */
import { linkOf, sourcesOf, type Graph, type GraphNode } from './comfyGraph.ts'
import { fileName } from './names.ts'
import type { FoundLora } from './found.ts'

/** What nodes that only hold a value call it. */
const VALUE_NAMES = [
  'value',
  'int',
  'float',
  'number',
  'seed',
  'noise_seed',
  'string',
  'text',
  'Number',
  'Value',
]
const TEXT_NAMES = [
  'text',
  'text_g',
  'text_l',
  'clip_l',
  't5xxl',
  'prompt',
  'string',
  'value',
  'populated_text',
]
const MODEL_NAMES = ['ckpt_name', 'unet_name', 'model_name', 'base_ckpt_name', 'ckpt', 'model_path']

export const nodeAt = (graph: Graph, node: GraphNode | undefined, input: string): GraphNode | undefined =>
  graph.get(linkOf(node?.inputs.get(input))?.node ?? '')

/** The number or text of an input, also when it comes from a node that only holds it, or from one that hands it on. */
export function valueAt(
  graph: Graph,
  node: GraphNode | undefined,
  input: string,
): string | number | undefined {
  let value = node?.inputs.get(input)
  for (let link = linkOf(value); link; link = linkOf(value)) {
    const source = graph.get(link.node)
    if (!source) return undefined
    const name = VALUE_NAMES.find((name) => source.inputs.has(name))
    value = name === undefined ? [...source.inputs.values()].find(linkOf) : source.inputs.get(name)
  }
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/**
 * The nearest node against the arrows, this one included, that fits.
 * @param seen nodes from which nothing that fits can be reached: those of a search that found nothing
 */
export function nearest(
  graph: Graph,
  start: GraphNode | undefined,
  fits: (node: GraphNode) => boolean,
  inputs?: readonly string[],
  seen = new Set<string>(),
): GraphNode | undefined {
  let ring = start && !seen.has(start.id) ? [start] : []
  while (ring.length > 0) {
    const found = ring.find(fits)
    if (found) return found
    for (const { id } of ring) seen.add(id)
    const next = ring.flatMap((node) =>
      inputs ? inputs.flatMap((input) => nodeAt(graph, node, input) ?? []) : sourcesOf(graph, node),
    )
    ring = [...new Map(next.map((node) => [node.id, node])).values()].filter(({ id }) => !seen.has(id))
  }
  return undefined
}

/** All texts behind a conditioning, in the order in which they are joined; those of the wrong side of a node with two sides are not. */
export function textsBehind(graph: Graph, node: GraphNode | undefined, input: string): string[] {
  const texts: string[] = []
  const seen = new Set<string>()
  const side = input === 'negative' ? 'negative' : 'positive'
  // The places still to be looked at, the next one last; not recursion: each link is followed once.
  const places = [node?.inputs.get(input)]
  while (places.length > 0) {
    const link = linkOf(places.pop())
    const source = graph.get(link?.node ?? '')
    if (!link || !source || seen.has(`${link.node}:${link.slot}`)) continue
    seen.add(`${link.node}:${link.slot}`)
    if (source.type === 'ConditioningZeroOut') continue
    const { inputs } = source
    if (inputs.has('positive') && inputs.has('negative')) {
      // The slots of such nodes differ, so the side is the one that was asked for.
      const text = inputs.get(side)
      if (typeof text === 'string') texts.push(text)
      else places.push(text)
      continue
    }
    const own = TEXT_NAMES.flatMap((name) => {
      const text = inputs.has(name) ? valueAt(graph, source, name) : undefined
      return typeof text === 'string' ? [text] : []
    })
    if (own.length > 0) texts.push(...own)
    else for (const [name, value] of [...inputs].toReversed()) if (isConditioning(name)) places.push(value)
  }
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))]
}

/** Pictures and models also lead to nodes with texts, but not to those of this prompt. */
const isConditioning = (name: string) =>
  /^(conditioning|cond|positive|negative|guider|\*|input|any|value)/i.test(name) || name === ''

/** The model behind a sampler and the LoRAs on the way to it, the first one first. */
export function modelBehind(
  graph: Graph,
  sampler: GraphNode,
): { model: string | undefined; loras: FoundLora[] } {
  const loras: FoundLora[] = []
  let node = nodeAt(graph, sampler, 'model')
  while (node) {
    loras.unshift(...lorasOf(graph, node))
    const name = MODEL_NAMES.map((name) => valueAt(graph, node, name)).find(
      (value) => typeof value === 'string',
    )
    const before =
      nodeAt(graph, node, 'model') ?? (node.type === 'Reroute' ? sourcesOf(graph, node)[0] : undefined)
    if (typeof name === 'string' && !before) return { model: fileName(name), loras }
    node = before
  }
  return { model: undefined, loras }
}

function lorasOf(graph: Graph, node: GraphNode): FoundLora[] {
  const name = valueAt(graph, node, 'lora_name')
  if (typeof name === 'string') {
    const weight = Number(valueAt(graph, node, 'strength_model') ?? 1)
    return name === 'None' || weight === 0 || !Number.isFinite(weight)
      ? []
      : [{ name: fileName(name), weight }]
  }
  // Nodes for several at once hold objects: {on, lora, strength}.
  return [...node.inputs.values()].flatMap((value) => {
    if (typeof value !== 'object' || value === null) return []
    const { on, lora, strength } = value as Record<string, unknown>
    const isUsed = typeof lora === 'string' && lora !== 'None' && typeof strength === 'number' && on !== false
    return isUsed ? [{ name: fileName(lora), weight: strength }] : []
  })
}

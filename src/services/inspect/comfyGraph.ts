/**
 * ComfyUI's graphs as data: which node has which values and links. A graph comes from a stranger, so its size, its depth and its
 * circles are checked before anybody walks through it, and nothing in it is ever run.
 */
import { graphOfWorkflow } from './comfyWorkflow.ts'

export type Link = { node: string; slot: number }
export type GraphNode = {
  id: string
  /** ComfyUI's class_type, e.g. KSampler. */
  type: string
  /** Plain values and links by name. */
  inputs: Map<string, unknown>
}
export type Graph = Map<string, GraphNode>

/** Why a graph is not read: a sentence for people. */
export class UnreadableGraph extends Error {}

/** Characters; a big workflow has some hundred thousand. */
const LARGEST = 1_000_000
/** Brackets within brackets; more of them keep JSON.parse busy for a second. */
const DEEPEST_JSON = 100
const MOST_NODES = 3000
const DEEPEST = 300

/**
 * The graph in ComfyUI's API format (`prompt`) or in that of its editor (`workflow`).
 * @throws UnreadableGraph
 */
export function parseGraph(json: string): Graph {
  if (json.length > LARGEST) {
    const size = (json.length / 1e6).toFixed(1)
    throw new UnreadableGraph(
      `The workflow inside is ${size} MB large, more than I read; please open it in ComfyUI itself.`,
    )
  }
  const data = parseJson(json)
  if (typeof data !== 'object' || data === null) throw new UnreadableGraph('The workflow inside is broken.')
  const graph = 'nodes' in data && Array.isArray(data.nodes) ? graphOfWorkflow(data) : graphOfApi(data)
  if (graph.size === 0) throw new UnreadableGraph('The workflow inside has no steps that I know.')
  if (graph.size > MOST_NODES) {
    throw new UnreadableGraph(
      `The workflow inside has ${graph.size} nodes, more than I read; please open it in ComfyUI itself.`,
    )
  }
  refuseCircles(graph)
  return graph
}

export function linkOf(value: unknown): Link | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [node, slot] = value as unknown[]
  const isName = typeof node === 'string' || typeof node === 'number'
  return isName && typeof slot === 'number' ? { node: String(node), slot } : undefined
}

/** The nodes that a node takes something from. */
export const sourcesOf = (graph: Graph, { inputs }: GraphNode): GraphNode[] =>
  [...inputs.values()].flatMap((value) => {
    const node = graph.get(linkOf(value)?.node ?? '')
    return node ? [node] : []
  })

/** Python writes NaN where JSON knows no such number, e.g. in ComfyUI's `is_changed`. */
function parseJson(json: string): unknown {
  if (depthOf(json) > DEEPEST_JSON) return undefined
  const hasNan = /[:[,]\s*(?:NaN|-?Infinity)\b/.test(json)
  const text = hasNan ? json.replaceAll(/([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g, '$1null') : json
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text)
  } catch {
    return undefined
  }
}

function depthOf(json: string): number {
  let [depth, deepest, isText] = [0, 0, false]
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (isText && character === '\\') at += 1
    else if (character === '"') isText = !isText
    else if (isText) continue
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1))
    else if (character === '}' || character === ']') depth -= 1
  }
  return deepest
}

/** Seeds go up to 2^64 - 1: such a number is kept as its digits. */
function keepLongNumbers(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isLong ? (context?.source ?? value) : value
}

function graphOfApi(data: object): Graph {
  const graph: Graph = new Map()
  for (const [id, node] of Object.entries(data)) {
    if (typeof node !== 'object' || node === null) continue
    const { class_type: type, inputs } = node as Record<string, unknown>
    if (typeof type !== 'string' || typeof inputs !== 'object' || inputs === null) continue
    graph.set(id, { id, type, inputs: new Map(Object.entries(inputs)) })
  }
  return graph
}

/** Takes away nodes that need nothing any more, round by round; what is left over goes in a circle. The rounds are the depth. */
function refuseCircles(graph: Graph): void {
  const waitsFor = new Map<string, number>()
  const users = new Map<string, string[]>()
  for (const node of graph.values()) {
    const sources = sourcesOf(graph, node)
    waitsFor.set(node.id, sources.length)
    for (const { id } of sources) {
      const known = users.get(id)
      if (known) known.push(node.id)
      else users.set(id, [node.id])
    }
  }
  let ready = [...waitsFor].filter(([, count]) => count === 0).map(([id]) => id)
  let seen = 0
  for (let depth = 0; ready.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new UnreadableGraph('The workflow inside is nested too deeply to be read.')
    seen += ready.length
    const next: string[] = []
    for (const id of ready.flatMap((each) => users.get(each) ?? [])) {
      const left = (waitsFor.get(id) ?? 0) - 1
      waitsFor.set(id, left)
      if (left === 0) next.push(id)
    }
    ready = next
  }
  if (seen < graph.size) {
    throw new UnreadableGraph(
      'The workflow inside goes in a circle, so ComfyUI could not have run it; I do not read it.',
    )
  }
}

/**
 * A run of ComfyUI cut into parts, one after the other on the same noise, so that the state between them can be kept: the true
 * filmstrip in one prediction (replicate contract, section 6). With Euler, which remembers nothing, it stays one plain run.
 */
import type { Recipe } from '../../../domain.ts'
import { chooseEvenly } from '../../evenly.ts'
import { schedules } from '../../schedules.ts'

const MOST_PARTS = 8

/** The steps after which something is kept, rising; the last is the end of the run. */
export function endsOf(steps: number): number[] {
  return chooseEvenly(steps, MOST_PARTS).map((index) => index + 1)
}

type Node = { class_type: string; inputs: Record<string, string | number | [string, number]> }

/** In ComfyUI's API format; the format of its editor is refused. */
export function workflowOf(recipe: Recipe, checkpoint: string, sampler: string): Record<string, Node> {
  const { prompt, negativePrompt, seed, steps, cfgScale, width, height } = recipe
  const graph: Record<string, Node> = {
    checkpoint: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
    positive: { class_type: 'CLIPTextEncode', inputs: { text: asWords(prompt), clip: ['checkpoint', 1] } },
    negative: {
      class_type: 'CLIPTextEncode',
      inputs: { text: asWords(negativePrompt), clip: ['checkpoint', 1] },
    },
    empty: { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } },
  }
  const sigmas = schedules.Normal.levels(steps)
  let start = 0
  let latent = 'empty'
  for (const end of endsOf(steps)) {
    const isLast = end === steps
    const name = nameOf(end)
    graph[`draw-${name}`] = {
      class_type: 'KSamplerAdvanced',
      inputs: {
        model: ['checkpoint', 0],
        positive: ['positive', 0],
        negative: ['negative', 0],
        latent_image: [latent, 0],
        add_noise: start === 0 ? 'enable' : 'disable',
        noise_seed: seed,
        steps,
        cfg: cfgScale,
        sampler_name: sampler,
        scheduler: 'normal',
        start_at_step: start,
        end_at_step: end,
        return_with_leftover_noise: isLast ? 'disable' : 'enable',
      },
    }
    latent = `draw-${name}`
    start = end
    let shown = latent
    const sigma = sigmas[end]
    if (sigma !== undefined) {
      // The state is picture + sigma x noise; at that size the decoder would show glare instead of noise.
      shown = `scale-${name}`
      const multiplier = 1 / Math.hypot(1, sigma)
      graph[shown] = { class_type: 'LatentMultiply', inputs: { samples: [latent, 0], multiplier } }
    }
    graph[`decode-${name}`] = {
      class_type: 'VAEDecode',
      inputs: { samples: [shown, 0], vae: ['checkpoint', 2] },
    }
    graph[`save-${name}`] = {
      class_type: 'SaveImage',
      inputs: { images: [`decode-${name}`, 0], filename_prefix: `${name}_` },
    }
  }
  return graph
}

/**
 * Replicate fetches every text of a graph that begins like an address, and misses the file of every one that ends like a picture's
 * name. The spaces mean nothing to the model.
 */
const asWords = (text: string) => (text === '' ? '' : ` ${text} `)

/** Sorted by name they are sorted by step. */
const nameOf = (step: number) => `f${String(step).padStart(2, '0')}`

export type WorkflowOutput = { picture: string | undefined; frames: { step: number; address: string }[] }

/** Which file shows which step, by its name; where the names were lost, by their order, if none is missing. */
export function readOutput(output: unknown, steps: number): WorkflowOutput {
  const list: unknown[] = Array.isArray(output) ? output : [output]
  const files = list.filter((each) => typeof each === 'string')
  const ends = endsOf(steps)
  const named = files.map((address) => ({ step: stepIn(address), address }))
  const known = named.filter(({ step }) => ends.includes(step))
  const isWhole = files.length === ends.length
  const ordered =
    known.length === 0 && isWhole
      ? files.map((address, index) => ({ step: ends[index] ?? 0, address }))
      : known
  return {
    picture: ordered.find(({ step }) => step === steps)?.address,
    frames: ordered.filter(({ step }) => step < steps).toSorted((a, b) => a.step - b.step),
  }
}

function stepIn(address: string): number {
  return Number(/\/f(\d{2})_[^/]*$/.exec(address)?.[1] ?? Number.NaN)
}

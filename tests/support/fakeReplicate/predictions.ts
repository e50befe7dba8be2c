/** How a prediction of the fake goes on in time: cold start, growing log, an end. Computed from the clock when it is looked at. */
import { createHash, randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { logOfWorkflow, problemOf, savedFiles, withRandomSeeds } from './comfyui.ts'
import { sizeOf, type FakeModel } from './models.ts'

export type Ending = 'succeeded' | 'failed' | 'canceled' | 'aborted' | 'nsfw' | 'dropped' | 'memory'

export type FakePrediction = {
  id: string
  model: FakeModel
  version: string | undefined
  input: Record<string, unknown>
  createdAt: number
  startsAt: number
  endsAt: number
  deadline: number
  ending: Ending
  canceledAt: number | undefined
  predictTime: number
  /** Why ComfyUI will not run the graph. */
  problem: string | undefined
  /** The graph as it is run; undefined for other models. */
  workflow: string | undefined
}

export type Plan = {
  coldMs: number
  predictMs: number
  predictTime: number
  ending: Ending
  cancelAfterMs: number
}

export function newPrediction(
  what: Pick<FakePrediction, 'model' | 'version' | 'input'>,
  { coldMs, predictMs, predictTime, ending, cancelAfterMs }: Plan,
): FakePrediction {
  const createdAt = Date.now()
  const { workflow_json: given } = what.input
  const sent = what.model.runsWorkflows ? (typeof given === 'string' ? given : '') : undefined
  const problem = sent === undefined ? undefined : problemOf(sent)
  const isRandom = what.input['randomise_seeds'] !== false
  return {
    ...what,
    id: randomBytes(13).toString('hex'),
    createdAt,
    startsAt: createdAt + coldMs,
    endsAt: createdAt + coldMs + predictMs,
    deadline: createdAt + cancelAfterMs,
    ending: problem === undefined ? ending : 'failed',
    canceledAt: undefined,
    predictTime,
    problem,
    // Replicate draws new seeds unless it is told not to.
    workflow: sent !== undefined && problem === undefined && isRandom ? withRandomSeeds(sent) : sent,
  }
}

export type Status = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted'

export function statusOf(prediction: FakePrediction, now = Date.now()): Status {
  const { canceledAt, startsAt, endsAt, deadline, ending } = prediction
  if (canceledAt !== undefined) return 'canceled'
  // The deadline passed before it began: aborted; while it ran: canceled (replicate contract, section 3).
  if (now > deadline && deadline < startsAt) return 'aborted'
  if (now > deadline && deadline < endsAt) return 'canceled'
  if (now < startsAt) return 'starting'
  if (now < endsAt) return 'processing'
  if (ending === 'nsfw' || ending === 'memory') return 'failed'
  return ending === 'dropped' ? 'succeeded' : ending
}

/** As GET /predictions/:id answers. `retentionMs`: after it everything but the fact is gone. */
export function viewOf(
  prediction: FakePrediction,
  origin: string,
  retentionMs: number,
): Record<string, unknown> {
  const { id, model, version, input, createdAt, startsAt, endsAt, deadline, predictTime } = prediction
  const now = Date.now()
  const status = statusOf(prediction, now)
  const isOver = status !== 'starting' && status !== 'processing'
  const isRemoved = isOver && now - createdAt > retentionMs
  const time = (ms: number) => new Date(ms).toISOString()
  return {
    id,
    model: model.name,
    version: version ?? 'hidden',
    input: isRemoved ? {} : input,
    logs: isRemoved ? '' : logsOf(prediction, now),
    output: status === 'succeeded' && !isRemoved ? outputOf(prediction, origin) : null,
    error: status === 'failed' ? errorOf(prediction) : null,
    status,
    source: 'api',
    data_removed: isRemoved,
    created_at: time(createdAt),
    started_at: status === 'starting' ? null : time(startsAt),
    completed_at: isOver ? time(endsAt) : null,
    deadline: time(deadline),
    metrics: isOver ? { predict_time: predictTime, total_time: (endsAt - createdAt) / 1000 } : {},
    urls: { get: `${origin}/v1/predictions/${id}`, cancel: `${origin}/v1/predictions/${id}/cancel` },
  }
}

function outputOf({ id, ending, workflow }: FakePrediction, origin: string): string[] {
  if (ending === 'dropped') return []
  const names = workflow === undefined ? ['out-0.png'] : savedFiles(workflow)
  return names.map((name) => `${origin}/files/${id}/${name}`)
}

function errorOf({ ending, problem }: FakePrediction): string {
  if (problem !== undefined) return problem
  if (ending === 'nsfw') return 'NSFW content detected. Try running it again, or try a different prompt.'
  if (ending === 'memory') return 'CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; /src/predict.py)'
  return 'Traceback: /src/predict.py line 12: something broke'
}

/** tqdm as SDXL prints it, with the bars of the weights before and a refiner's after. */
function logsOf(prediction: FakePrediction, now: number): string {
  const { startsAt, endsAt, input, model } = prediction
  if (now < startsAt) return ''
  const fraction = Math.min(1, (now - startsAt) / Math.max(1, endsAt - startsAt))
  if (prediction.workflow !== undefined)
    return prediction.problem === undefined ? logOfWorkflow(prediction.workflow, fraction) : ''
  const strength = input['image'] === undefined ? 1 : Number(input['prompt_strength'] ?? 0.8)
  const total = Math.max(1, Math.floor(Number(input['num_inference_steps'] ?? 20) * strength))
  const bars = model.hasRefiner && input['refine'] !== undefined && input['refine'] !== 'no_refiner' ? 2 : 1
  const lines = [
    `Using seed: ${Number(input['seed'] ?? 4711)}`,
    'Loading pipeline components...: 100%|██████████| 7/7 [00:00<00:00]',
  ]
  for (let bar = 0; bar < bars; bar += 1) {
    const done = Math.floor(Math.min(1, fraction * bars - bar) * total)
    if (fraction * bars < bar) break
    for (let step = 0; step <= done; step += 1) {
      const percent = Math.floor((100 * step) / total)
      lines.push(
        `${String(percent).padStart(3)}%|${'█'.repeat(Math.floor(percent / 10)).padEnd(10)}| ${step}/${total} [00:0${bar}<00:01, 9.1it/s]`,
      )
    }
  }
  return lines.join('\n')
}

/** A picture that depends on everything that was asked, and on nothing else. */
export async function pictureOf(input: Record<string, unknown>, from: Buffer | undefined): Promise<Buffer> {
  const sorted = Object.fromEntries(
    Object.entries(input)
      .filter(([name]) => name !== 'image' && name !== 'mask')
      .sort(([a], [b]) => a.localeCompare(b)),
  )
  const hash = createHash('sha256').update(JSON.stringify(sorted))
  if (from) hash.update(from)
  const digest = hash.digest()
  const [width, height] = sizeOf(input) ?? (await dimensions(from))
  const colour = (at: number) => `#${digest.subarray(at, at + 3).toString('hex')}`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${colour(0)}"/><stop offset="1" stop-color="${colour(3)}"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/>
    ${[6, 11, 16, 21].map((at) => `<circle cx="${(digest[at] ?? 0) / 2.56}%" cy="${(digest[at + 1] ?? 0) / 2.56}%" r="${5 + (digest[at + 4] ?? 0) / 10}%" fill="${colour(at + 1)}"/>`).join('')}
  </svg>`
  return await sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer()
}

/** The target, encoded anew, with a square where its face was. */
export async function swapped(target: Buffer | undefined, isWithoutFace: boolean): Promise<Buffer> {
  const [width, height] = await dimensions(target)
  const side = Math.round(Math.min(width, height) / 3)
  const face = await sharp({ create: { width: side, height: side, channels: 3, background: '#c08060' } })
    .png()
    .toBuffer()
  const picture = sharp(target).jpeg({ quality: 95 })
  return isWithoutFace ? await picture.toBuffer() : await picture.composite([{ input: face }]).toBuffer()
}

async function dimensions(picture: Buffer | undefined): Promise<[number, number]> {
  if (!picture) return [768, 768]
  const { width, height } = await sharp(picture).metadata()
  return [width, height]
}

/**
 * Face swaps by the extensions ReActor and Roop (auto1111 contract, section 14), as always-on scripts of an img2img that changes
 * nothing. ReActor's own route /reactor/image would spare the way through the decoder, but it works outside the queue lock: two jobs
 * on one graphics card, no place in line, nothing to interrupt.
 */
import { Buffer } from 'node:buffer'
import sharp from 'sharp'
import type { FaceEngine, SwapRequest } from '../../../domain.ts'
import { BackendError, UserError } from '../../../errors.ts'
import type { Call } from './http.ts'
import { fieldsOf } from './json.ts'
import { MARKER_OPTION } from './requestBody.ts'

export type FaceScript = 'reactor' | 'roop'

/** What a machine can swap faces with: its scripts, and the models that they have. */
export type FaceCatalogue = Partial<Record<FaceScript, { models: string[] }>>

const LIST_MS = 10_000
/** Larger pictures may not fit into the memory of the machine. */
const LARGEST_SIDE = 1024
/** A pixel that a face was painted over differs by more than this (0 to 255) in some channel... */
const VISIBLE = 8
/** ...and a face has at least this share of all pixels; the control run is equal to the bit where nothing was swapped. */
const LEAST_SHARE = 0.0005

const about: Record<FaceScript, Omit<FaceEngine, 'id'>> = {
  reactor: {
    title: 'ReActor',
    description: 'Swaps faces on the class’s own machine; shows only the result, not how it came about.',
  },
  roop: {
    title: 'Roop',
    description: 'An older face swap on the class’s own machine; takes the first face of the source.',
  },
}

/** Which of the two a machine has. Throws Lost. */
export async function readFaceCatalogue(call: Call): Promise<FaceCatalogue> {
  const { status, body } = await call('/sdapi/v1/scripts', { timeoutMs: LIST_MS })
  const scripts = status === 200 ? fieldsOf(body)['img2img'] : undefined
  const has = (name: string) => Array.isArray(scripts) && scripts.includes(name)
  const found: FaceCatalogue = {}
  for (const script of ['reactor', 'roop'] as const) {
    if (!has(script)) continue
    const answer = await call(`/${script}/models`, { timeoutMs: LIST_MS })
    const models = answer.status === 200 ? fieldsOf(answer.body)['models'] : []
    found[script] = { models: (Array.isArray(models) ? models : []).filter((one) => typeof one === 'string') }
  }
  return found
}

/** Without its model a script does nothing and says nothing, so it is not offered. */
export function faceEnginesOf(catalogue: FaceCatalogue): FaceEngine[] {
  return (['reactor', 'roop'] as const).flatMap((id) =>
    catalogue[id] && catalogue[id].models.length > 0 ? [{ id, ...about[id] }] : [],
  )
}

/** The target as it is sent: both sides a multiple of 8 (the latent has one cell for 8 pixels), at most 1024. */
export async function fittingTarget(target: Uint8Array) {
  const { width, height } = await sharp(target).metadata()
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height))
  const side = (pixels: number) => Math.max(64, Math.floor((pixels * scale) / 8) * 8)
  const size = { width: side(width), height: side(height) }
  return {
    ...size,
    png: await sharp(target)
      .resize({ ...size, fit: 'cover' })
      .png()
      .toBuffer(),
  }
}

/**
 * The body of the request with the swap, or of its control run, in which the script is switched off: both go the same way through
 * the model, so they differ only where a face was swapped.
 * @throws UserError when Roop is asked for another face than the first
 */
export function swapBody(
  request: SwapRequest,
  catalogue: FaceCatalogue,
  pictures: { source: Uint8Array; target: Awaited<ReturnType<typeof fittingTarget>> },
  task: { taskId: string; hasTaskIds: boolean; isControl: boolean },
): object {
  const script: FaceScript = request.model === 'roop' ? 'roop' : 'reactor'
  const model = catalogue[script]?.models[0]
  if (script === 'roop' && request.sourceFace > 0) {
    throw new UserError(
      'invalid-options',
      'Roop always takes the first face of the source; please crop that picture to the face you mean.',
    )
  }
  const source = Buffer.from(pictures.source).toString('base64')
  const isOn = !task.isControl
  const args =
    script === 'roop' ? roopArgs(request, source, model, isOn) : reactorArgs(request, source, model, isOn)
  return {
    init_images: [pictures.target.png.toString('base64')],
    denoising_strength: 0,
    prompt: '',
    seed: 1,
    steps: 1,
    cfg_scale: 1,
    width: pictures.target.width,
    height: pictures.target.height,
    n_iter: 1,
    batch_size: 1,
    force_task_id: task.taskId,
    send_images: true,
    save_images: false,
    override_settings: task.hasTaskIds ? {} : { [MARKER_OPTION]: task.taskId },
    override_settings_restore_afterwards: true,
    alwayson_scripts: { [script]: { args } },
  }
}

/** Places 0 to 29 of 31: the list is positional, and place 22 must be a number (its default, a label, swaps nothing). */
const reactorArgs = (request: SwapRequest, source: string, model: string | undefined, isOn: boolean) => [
  source,
  isOn,
  String(request.sourceFace),
  String(request.targetFace),
  model,
  'None', // face restorer
  1,
  true,
  'None', // upscaler
  1,
  1,
  false, // swap in source
  true, // swap in generated
  0, // console log: it could hold names
  0, // gender of source: any
  0, // gender of target: any
  false, // save the original: it would be saved to the machine's disk
  0.5,
  false, // do not keep the source's face for later
  false, // nor the target's
  'CPU', // every installation has it
  false, // mask
  0, // source: a picture
  'None',
  '',
  null,
  false,
  false,
  0.5, // detection threshold
  0, // most faces: no limit
]

const roopArgs = (request: SwapRequest, source: string, model: string | undefined, isOn: boolean) => [
  source,
  isOn,
  String(request.targetFace),
  model,
  'None', // face restorer
  1,
  'None', // upscaler
  1,
  1,
  false, // swap in source
  true, // swap in generated
]

/** What was not swapped comes back unchanged, with status 200 (section 14.1): only the pixels tell. */
export async function isSwapped(swapped: Uint8Array, control: Uint8Array): Promise<boolean> {
  const raw = async (png: Uint8Array) =>
    sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const [a, b] = await Promise.all([raw(swapped), raw(control)])
  if (a.data.length !== b.data.length) return true
  let different = 0
  for (let i = 0; i < a.data.length; i += 3) {
    const isDifferent = [0, 1, 2].some(
      (channel) => Math.abs((a.data[i + channel] ?? 0) - (b.data[i + channel] ?? 0)) > VISIBLE,
    )
    if (isDifferent) different++
  }
  return different > LEAST_SHARE * (a.data.length / 3)
}

export const notSwapped = (backend: string): BackendError =>
  new BackendError(backend, 'rejected', 'the picture came back unchanged', {
    sentence:
      'The machine swapped no face: it found none that it could use, its filter stopped it, or somebody interrupted it; ' +
      'please try clearer pictures in which the faces look at the camera.',
  })

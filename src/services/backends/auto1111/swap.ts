/** One face swap on one machine: the run with the swap, and the control run that shows whether there was one. */
import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import sharp from 'sharp'
import type { GeneratedImage, SwapContext, SwapRequest } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import type { Known } from './connection.ts'
import { faceEnginesOf, fittingTarget, isSwapped, notSwapped, swapBody } from './faces.ts'
import { answerError } from './failures.ts'
import type { Call } from './http.ts'
import { fieldsOf, numberOf } from './json.ts'
import type { OnSent } from './takeTurns.ts'
import { send, stopLeftOver, type Timing } from './request.ts'

type Place = { id: string; call: Call; timing: Timing; cutting: AbortSignal }

/** @throws BackendError, UserError for a face that the engine cannot take, or the signal's reason */
export async function swapOn(
  { id, call, timing, cutting }: Place,
  { catalogue, hasTaskIds }: Known,
  request: SwapRequest,
  context: SwapContext,
  onSent: OnSent,
): Promise<GeneratedImage<SwapRequest>> {
  if (!faceEnginesOf(catalogue.faces).some((engine) => engine.id === request.model)) {
    throw new BackendError(id, 'rejected', `it has no ${request.model} any more`)
  }
  if (context.resume !== undefined) await stopLeftOver(call, context.resume, hasTaskIds)
  const target = await fittingTarget(context.target)
  const pictures = { source: context.source, target }

  async function run(isControl: boolean): Promise<Buffer> {
    const taskId = `task(darkroom-${randomUUID().slice(0, 13)})`
    const body = swapBody(request, catalogue.faces, pictures, { taskId, hasTaskIds, isControl })
    context.remember?.(taskId)
    context.onProgress({
      pictureIndex: 0,
      pictureCount: 1,
      step: isControl ? 1 : 0,
      steps: 2,
      preview: undefined,
      note: isControl
        ? 'The machine draws the picture once more without the swap, to see whether there was one.'
        : 'The machine looks for the faces and swaps them.',
    })
    const { answer, ended } = send(
      { backend: id, call, taskId, hasTaskIds, timing, cutting, path: '/sdapi/v1/img2img', body },
      context.signal,
      () => undefined,
    )
    onSent(ended)
    const reply = await answer
    context.signal.throwIfAborted()
    if (reply.status !== 200) throw answerError(id, reply)
    // One job at a time: the second may begin only when the machine has let go of the first.
    await ended
    return pictureIn(id, reply.body)
  }

  const swapped = await run(false)
  if (!(await isSwapped(swapped, await run(true)))) throw notSwapped(id)
  const { data, info } = await sharp(swapped).removeAlpha().png().toBuffer({ resolveWithObject: true })
  return {
    recipe: request,
    png: data,
    width: info.width,
    height: info.height,
    notes: ['The picture went through the model’s decoder, so the smallest details are softer than before.'],
  }
}

function pictureIn(id: string, body: unknown): Buffer {
  const { images, info } = fieldsOf(body)
  const first = numberOf(fieldsOf(parsed(info))['index_of_first_image']) ?? 0
  const image: unknown = Array.isArray(images) ? images[first] : undefined
  if (typeof image !== 'string') throw new BackendError(id, 'bad-response', 'its answer holds no picture')
  return Buffer.from(image.replace(/^data:[^,]*,/, ''), 'base64')
}

function parsed(info: unknown): unknown {
  try {
    return typeof info === 'string' ? JSON.parse(info) : info
  } catch {
    return undefined
  }
}

/**
 * "How was this made?" in words and pictures. Best, the recipe is run again with every step kept; where the machine cannot do that, the
 * frames that were seen while it drew are told; where there are none, what is true of any run. Each says which of these it is.
 */
import {
  isDrawing,
  type Drawing,
  type ImageBackend,
  type InputImages,
  type ModelInfo,
  type Picture,
  type Run,
} from '../../domain.ts'
import { BackendError, UserError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Backends } from '../backends.ts'
import type { FaceKit } from '../faceKit.ts'
import { markSwap } from '../faces/index.ts'
import type { Gallery } from '../gallery.ts'
import type { Inputs } from '../inputs.ts'
import { inputOf } from '../queue/parts.ts'
import { createKeptExplanations, type Explanation } from './kept.ts'
import { renderInWorker } from './renderInWorker.ts'
import { createSharedWork } from './shared.ts'
import { explainInputs, explainStages, isSwapPicture, type SwapPicture } from './swap.ts'

export type { Explanation } from './kept.ts'

export type Explain = {
  /**
   * The explanation of a picture: the kept one, or a new one. Concurrent calls for one picture share the work. Throws UserError
   * not-found when the picture was deleted; BackendError; the signal's reason.
   */
  of(picture: Picture, signal: AbortSignal): Promise<Explanation>
  /** Gives up what is being explained. */
  close(): Promise<void>
}

export type ExplainOptions = {
  dataDir: string
  gallery: Pick<Gallery, 'get' | 'png' | 'seen' | 'hasSwap'>
  inputs: Pick<Inputs, 'png'>
  backends: Pick<Backends, 'find' | 'models' | 'all'>
  faces: FaceKit['faces']
  log: Pick<Log, 'info' | 'warn'>
}

export function createExplain(options: ExplainOptions): Explain {
  const { dataDir, gallery, inputs, backends, faces, log } = options
  const kept = createKeptExplanations(dataDir)
  const work = createSharedWork<Explanation>()

  async function explain(picture: Picture, signal: AbortSignal): Promise<Explanation> {
    const known = await kept.read(picture.id)
    if (known) return known
    signal.throwIfAborted()
    if (isSwapPicture(picture)) return explainSwap(picture, signal)
    if (!isDrawing(picture)) throw new Error('neither a drawing nor a swap')
    return explainDrawing(picture, signal)
  }

  async function explainSwap(picture: SwapPicture, signal: AbortSignal): Promise<Explanation> {
    const { source, target, model } = picture.recipe
    const [one, other, stored] = await Promise.all([
      inputs.png(source),
      inputs.png(target),
      gallery.png(picture),
    ])
    // The engine inside the bot can be watched; of others only what goes in and comes out.
    const inside = backends.all().find(({ id }) => id === 'faces')
    const isOurs = inside?.faceEngines?.().some(({ id }) => id === model)
    const tell = isOurs ? explainStages : explainInputs
    const explanation = await tell(picture, { source: one, target: other, stored }, faces, signal)
    signal.throwIfAborted()
    await keep(picture, explanation)
    return explanation
  }

  async function explainDrawing(picture: Drawing, signal: AbortSignal): Promise<Explanation> {
    const started = performance.now()
    const source = findSource(picture)
    const input = await inputOf(picture.recipe, inputs).catch(() => undefined)
    // A remix whose picture is gone cannot be run again.
    const isRepeatable = picture.recipe.initImage === undefined || input !== undefined
    const made =
      source?.model.supports.replay && source.backend.replay && isRepeatable
        ? { run: await marked(picture, await replay(source.backend, picture, input, signal)) }
        : { seen: await gallery.seen(picture), better: source && betterThan(source.model) }
    const stored = await gallery.png(picture)
    const { explanation, comparison } = await renderInWorker({ ...made, input, picture, stored }, signal)
    signal.throwIfAborted()
    // Without its model nothing can be replayed now, but perhaps it comes back: then a better explanation can be made.
    if (source) await keep(picture, explanation)
    log.info(
      { pictureId: picture.id, ms: Math.round(performance.now() - started), ...comparison },
      'explained',
    )
    if (comparison?.matches === false) {
      log.warn({ pictureId: picture.id }, 'the replay differs from the stored picture')
    }
    return explanation
  }

  /** What comes from a face swap bears its mark, so the picture made again gets one before they are compared. */
  const marked = async (picture: Picture, run: Run): Promise<Run> =>
    gallery.hasSwap(picture) ? { ...run, png: await markSwap(run.png) } : run

  async function replay(
    backend: ImageBackend,
    { recipe }: Drawing,
    input: InputImages | undefined,
    signal: AbortSignal,
  ): Promise<Run> {
    if (!backend.replay) throw new BackendError(backend.id, 'rejected', 'it cannot run a recipe again')
    return backend.replay(recipe, { signal, ...(input && { input }) })
  }

  /** A model of the same place that lets its states be seen. */
  function betterThan({ id, backend }: ModelInfo): Pick<ModelInfo, 'id' | 'price'> | undefined {
    const found = backends
      .models()
      .find((model) => model.backend === backend && model.id !== id && model.supports.states)
    return found && { id: found.id, ...(found.price && { price: found.price }) }
  }

  /** Undefined when the model is not there any more: its pictures stay. */
  function findSource({ recipe }: Picture): { model: ModelInfo; backend: ImageBackend } | undefined {
    return backends.models().some(({ id }) => id === recipe.model) ? backends.find(recipe.model) : undefined
  }

  /** A picture deleted in the meantime leaves nothing behind. */
  async function keep(picture: Picture, explanation: Explanation): Promise<void> {
    await kept.write(picture.id, explanation)
    if (gallery.get(picture.id)) return
    await kept.remove(picture.id)
    throw new UserError('not-found', 'This picture has just been deleted.')
  }

  return {
    of: (picture, signal) => work.join(picture.id, (shared) => explain(picture, shared), signal),
    close: () => work.close(),
  }
}

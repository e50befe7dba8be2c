/** "How was this made?": the recipe is run again with every step kept, and the run is told in words and pictures. */
import type { Picture } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Backends } from '../backends.ts'
import type { Gallery } from '../gallery.ts'
import { createKeptExplanations, type Explanation } from './kept.ts'
import { renderInWorker } from './renderInWorker.ts'
import { createSharedWork } from './shared.ts'

export type { Explanation } from './kept.ts'

export type Explain = {
  /**
   * The explanation of a picture: the kept one, or a new one from a replay on the picture's own backend. Concurrent calls for one
   * picture share one replay. Throws UserError not-found when the model cannot show its steps, its backend is gone or the picture
   * was deleted; BackendError; the signal's reason.
   */
  of(picture: Picture, signal: AbortSignal): Promise<Explanation>
  /** Gives up what is being explained. */
  close(): Promise<void>
}

export type ExplainOptions = {
  dataDir: string
  gallery: Pick<Gallery, 'get' | 'png'>
  backends: Pick<Backends, 'find'>
  log: Pick<Log, 'info' | 'warn'>
}

export function createExplain({ dataDir, gallery, backends, log }: ExplainOptions): Explain {
  const kept = createKeptExplanations(dataDir)
  const work = createSharedWork<Explanation>()

  async function explain(picture: Picture, signal: AbortSignal): Promise<Explanation> {
    const known = await kept.read(picture.id)
    if (known) return known
    signal.throwIfAborted()
    const { model, backend } = backends.find(picture.recipe.model)
    if (!model.supports.replay || !backend.replay) {
      throw new UserError(
        'not-found',
        `${model.title} does not show its steps afterwards, so this picture cannot be explained.`,
      )
    }
    const started = performance.now()
    const run = await backend.replay(picture.recipe, { signal })
    const stored = await gallery.png(picture)
    const { explanation, comparison } = await renderInWorker({ run, picture, stored }, signal)
    signal.throwIfAborted()
    await keep(picture, explanation)
    log.info(
      { pictureId: picture.id, ms: Math.round(performance.now() - started), ...comparison },
      'explained',
    )
    if (!comparison.matches) log.warn({ pictureId: picture.id }, 'the replay differs from the stored picture')
    return explanation
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

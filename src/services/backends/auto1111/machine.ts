/** One AUTOMATIC1111 or Forge machine as a backend. */
import { randomUUID } from 'node:crypto'
import {
  recipeSchema,
  type GeneratedImage,
  type GenerateContext,
  type ImageBackend,
  type ImageRequest,
} from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { stepsThatRan } from '../../effectiveSteps.ts'
import type { Log } from '../../../log.ts'
import { modelInfos } from './catalogue.ts'
import { checkRequest } from './checkRequest.ts'
import { connect, usualPauses, type Known, type Pauses } from './connection.ts'
import { diagnose, type Memory } from './diagnose.ts'
import { faceEnginesOf } from './faces.ts'
import { answerError, lostError } from './failures.ts'
import { createFrames } from './frames.ts'
import { createHttp } from './http.ts'
import { textOf } from './json.ts'
import { wasInterrupted } from './place.ts'
import { createReporter } from './report.ts'
import { send, stopLeftOver, usualTiming, type Timing } from './request.ts'
import { partsOf, requestBody, routeOf, stepsOf, USUAL_DENOISING } from './requestBody.ts'
import { pictureOf, readAnswer, withSentences } from './result.ts'
import { swapOn } from './swap.ts'
import { takeTurns, type OnSent } from './takeTurns.ts'

export type MachineOptions = {
  id: string
  /** May hold `user:password@` and a path. */
  address: string
  log: Log
  timing?: Partial<Timing>
  pauses?: Partial<Pauses>
  /** How long creating it may take when the machine does not answer. */
  firstLookMs?: number
}

/** Looks at the machine first, but not for long; one that is down is looked for in the background. */
export async function createAuto1111(options: MachineOptions): Promise<ImageBackend> {
  const { id, address } = options
  const log = options.log.child({ machine: id })
  const timing = { ...usualTiming, ...options.timing }
  const call = createHttp(address)
  const closing = new AbortController()
  const cutting = new AbortController()
  const memory: Memory = { version: undefined, msPerStep: undefined }
  const turns = takeTurns()
  const connection = connect(call, () => turns.inFlight() > 0, log, { ...usualPauses, ...options.pauses })
  await connection.firstLook(options.firstLookMs ?? 3000)
  /** The last one that was drawn with: it stays in memory, although the machine's own setting does not change. */
  let loaded: string | undefined

  return {
    id,
    lanes: 1,
    models() {
      const known = connection.known()
      return known === undefined ? [] : modelInfos(id, known.program, known.catalogue)
    },
    isUp: () => connection.isUp(),
    // A face swap goes through whatever model is there.
    isLoaded: (model) => model === loaded || enginesNow().some(({ id }) => id === model),

    async generate(request, context) {
      const signal = AbortSignal.any([context.signal, closing.signal])
      signal.throwIfAborted()
      const known = connection.known()
      if (known === undefined) throw new BackendError(id, 'unavailable', 'it was never reached so far')
      return await atWork(signal, (onSent) => draw(known, request, { ...context, signal }, onSent))
    },

    faceEngines: enginesNow,

    async swapFaces(request, context) {
      const signal = AbortSignal.any([context.signal, closing.signal])
      signal.throwIfAborted()
      const known = connection.known()
      if (known === undefined) throw new BackendError(id, 'unavailable', 'it was never reached so far')
      const place = { id, call, timing, cutting: cutting.signal }
      return await atWork(signal, (onSent) => swapOn(place, known, request, { ...context, signal }, onSent))
    },

    diagnose: (signal) => diagnose({ id, address, call, memory, known: () => connection.known() }, signal),

    async close() {
      closing.abort(new BackendError(id, 'unavailable', 'it is closed'))
      connection.close()
      // Gives `interrupt` the time to go out, but does not wait for a machine that hangs.
      const { promise, resolve } = Promise.withResolvers<void>()
      const limit = setTimeout(resolve, 3000)
      await Promise.race([turns.free(), promise])
      clearTimeout(limit)
      cutting.abort(new BackendError(id, 'unavailable', 'it is closed'))
    },
  }

  function enginesNow() {
    return faceEnginesOf(connection.known()?.catalogue.faces ?? {})
  }

  /** When its turn comes. A machine that is lost meanwhile is looked for again. */
  async function atWork<T>(signal: AbortSignal, work: (onSent: OnSent) => Promise<T>): Promise<T> {
    try {
      return await turns.take(signal, work)
    } catch (error) {
      const shown = lostError(id, error)
      if (shown instanceof BackendError && shown.kind === 'unavailable' && !signal.aborted) {
        connection.lost()
        loaded = undefined
      }
      throw shown
    }
  }

  async function draw(
    machine: Known,
    request: ImageRequest,
    context: GenerateContext,
    onSent: OnSent,
  ): Promise<GeneratedImage[]> {
    const { signal, input } = context
    const asked = recipeSchema.parse(request)
    const img2img =
      input === undefined ? {} : { denoisingStrength: asked.denoisingStrength ?? USUAL_DENOISING }
    const { recipe, notes } = checkRequest(id, { ...asked, ...img2img }, machine.catalogue)
    const images: GeneratedImage[] = []
    const steps = stepsOf(recipe, input !== undefined)
    if (input) notes.push(stepsThatRan(steps, recipe.steps, recipe.denoisingStrength ?? 0))
    const frames = createFrames(steps)
    const start = performance.now()
    let interrupted = false
    if (context.resume !== undefined) await stopLeftOver(call, context.resume, machine.hasTaskIds)
    const parts = partsOf(recipe, request.count)
    for (const part of parts) {
      const taskId = `task(darkroom-${randomUUID().slice(0, 13)})`
      context.remember?.(taskId)
      const pending = new Set<Promise<void>>()
      const report = createReporter(
        part,
        { ...request, steps },
        context,
        timing.patienceMs,
        (picture, step, image) => {
          const kept = frames.add(picture, step, image).catch(() => undefined)
          pending.add(kept)
          void kept.then(() => pending.delete(kept))
        },
      )
      const { answer, ended } = send(
        {
          backend: id,
          call,
          taskId,
          hasTaskIds: machine.hasTaskIds,
          timing,
          cutting: cutting.signal,
          path: routeOf(input),
          body: requestBody(part, machine, taskId, input),
        },
        signal,
        report,
      )
      loaded = request.model
      // The machine tells it of the job that ended last, so the next one has to wait for that answer.
      const asksWhetherInterrupted = answer
        .then(() => wasInterrupted(call, cutting.signal))
        .catch(() => false)
      const isLast = part === parts.at(-1)
      onSent(
        Promise.all([ended, asksWhetherInterrupted]).then(() => undefined),
        isLast,
      )
      const reply = await answer
      signal.throwIfAborted()
      if (isLast) context.onFree?.()
      if (reply.status !== 200) throw answerError(id, reply)
      const came = readAnswer(id, part, reply.body)
      memory.version = textOf(came.info['version']) ?? memory.version
      await Promise.all(pending)
      for (const index of came.images.keys()) {
        const image = await pictureOf(id, came, index, machine.catalogue)
        const seen = frames.of(part.first + index)
        images.push({ ...image, notes: [...notes, ...image.notes], ...(seen === undefined ? {} : { seen }) })
      }
      interrupted = await asksWhetherInterrupted
      if (interrupted || came.images.length < part.count) break
    }
    signal.throwIfAborted()
    memory.msPerStep = (performance.now() - start) / (steps * images.length)
    return withSentences(images, request.count, interrupted)
  }
}

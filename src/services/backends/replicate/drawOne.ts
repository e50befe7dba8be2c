/** One picture: picked up where it was paid for, else bought; followed, fetched, and put into the words of its recipe. */
import type { GeneratedImage, Recipe, SeenRun } from '../../../domain.ts'
import { BackendError, Closing } from '../../../errors.ts'
import { Fault, type Prediction } from './api.ts'
import { buy, find, type Shop } from './buy.ts'
import { download, downloadFrame } from './download.ts'
import { backendErrorOf, endedBadly, isHeldBack, urlOf } from './errors.ts'
import { notesOn, orderOf, type InputFiles } from './input.ts'
import { readLogs } from './logs.ts'
import { costOfOne } from './modelInfo.ts'
import type { Probe } from './probe.ts'
import type { createReporter } from './progress.ts'
import type { Reference } from './reference.ts'
import type { ReplicateModel } from './registry.ts'
import { hasEnded, watch, type Polling } from './watch.ts'
import { readOutput, type WorkflowOutput } from './workflow.ts'

export type Studio = {
  shop: Shop
  probe: Probe
  polling: Polling
  fileHosts: readonly string[]
  /** Stops a prediction that nobody waits for, beside everything else. */
  cancel: (id: string) => void
  /** Told how long a picture was drawn. */
  measured: (model: string, prediction: Prediction) => void
}

type OnePicture = {
  model: ReplicateModel
  recipe: Recipe
  index: number
  files: () => Promise<InputFiles | undefined>
  reference: Reference
  /** Stores the reference as it is now. */
  save: () => void
  reporter: ReturnType<typeof createReporter>
  signal: AbortSignal
}

/**
 * Undefined when the safety filter of the model held the picture back.
 * @throws BackendError; the signal's reason when aborted
 */
export async function drawOne(studio: Studio, picture: OnePicture): Promise<GeneratedImage | undefined> {
  const { model, recipe, index, reference, save, reporter, signal } = picture
  const { shop, polling } = studio

  const begun = (await pickUp(studio, picture)) ?? (await order(studio, picture))
  reference.predictions[index] = begun.id
  delete reference.buying
  save()
  let prediction: Prediction
  try {
    signal.throwIfAborted()
    prediction = await watch(shop.api, begun, { polling, signal, onChange: (seen) => reporter.see(seen) })
  } catch (error) {
    const isLost = !signal.aborted && error instanceof BackendError && error.kind === 'timeout'
    // When the bot closes, the job goes on after the next start: what is paid for stays.
    if (isLost || (signal.aborted && !(signal.reason instanceof Closing))) {
      studio.cancel(begun.id)
      delete reference.predictions[index]
      save()
    }
    throw error
  }
  if (isHeldBack(prediction)) return undefined
  if (prediction.status !== 'succeeded') throw endedBadly(prediction)
  const made: WorkflowOutput = model.workflow
    ? readOutput(prediction.output, recipe.steps)
    : { picture: urlOf(prediction.output), frames: [] }
  const [file, frames] = await Promise.all([
    download(made.picture ?? '', { hosts: studio.fileHosts, signal }),
    fetchFrames(made.frames, studio.fileHosts, signal),
  ])
  reporter.finish()
  studio.measured(model.id, prediction)
  const { seed = recipe.seed } = readLogs(prediction.logs)
  const notes = notesOn(model, recipe)
  if (seed !== recipe.seed)
    notes.push(`The model drew with seed ${seed}, not with the one that was asked for.`)
  if (file.width !== recipe.width || file.height !== recipe.height)
    notes.push(`Drawn at ${file.width} x ${file.height}.`)
  return {
    ...file,
    recipe: { ...recipe, seed, width: file.width, height: file.height },
    notes,
    ...(frames.length > 0 && { seen: { kind: 'noisy' as const, steps: recipe.steps, frames } }),
    costUsd: costOfOne(model, recipe, prediction.metrics?.predict_time),
  }
}

/** A frame that does not come is left out: the picture is paid for and worth more. */
async function fetchFrames(
  frames: WorkflowOutput['frames'],
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<SeenRun['frames']> {
  const fetched = frames.map(async ({ step, address }) => {
    try {
      return [{ step, image: await downloadFrame(address, { hosts, signal }) }]
    } catch {
      signal.throwIfAborted()
      return []
    }
  })
  return (await Promise.all(fetched)).flat()
}

/** What an earlier life of this job has paid for, if it can still be had. */
async function pickUp({ shop }: Studio, picture: OnePicture): Promise<Prediction | undefined> {
  const { model, recipe, index, reference, signal } = picture
  const id = reference.predictions[index]
  if (id === undefined) {
    if (reference.buying?.index !== index) return undefined
    const { since, files } = reference.buying
    return await find(shop, orderOf(model, recipe, files).input, since)
  }
  try {
    const prediction = await shop.api.get(id, signal)
    const isOver = prediction.status === 'canceled' || prediction.status === 'aborted'
    // Inputs and outputs are deleted after an hour (replicate contract, section 3).
    const isGone = prediction.data_removed === true && hasEnded(prediction)
    return isOver || isGone ? undefined : prediction
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Fault && error.status === 404) return undefined
    // Not known whether it can be had: nothing is bought until that is clear.
    throw backendErrorOf(error)
  }
}

async function order({ shop, probe }: Studio, picture: OnePicture): Promise<Prediction> {
  const { model, recipe, index, reference, save, reporter, signal } = picture
  try {
    const files = await picture.files()
    const { place, input } = orderOf(model, recipe, files)
    const version = await probe.resolve(place, signal)
    return await buy(shop, {
      place: { model: place.model, version },
      input,
      signal,
      onBuying(since) {
        reference.buying = { index, since, ...(files && { files }) }
        save()
      },
      onWait: (seconds) =>
        reporter.note(`Replicate asks us to slow down; going on in about ${seconds} seconds.`),
    })
  } catch (error) {
    signal.throwIfAborted()
    const isCertain = error instanceof BackendError && error.kind !== 'unavailable'
    if (isCertain && reference.buying !== undefined) {
      delete reference.buying
      save()
    }
    throw error instanceof Fault ? backendErrorOf(error) : error
  }
}

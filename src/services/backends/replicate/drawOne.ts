/** One picture: paid for, fetched, and put into the words of its recipe. */
import type { GeneratedImage, Recipe, SeenRun } from '../../../domain.ts'
import { download, downloadFrame } from './download.ts'
import { endedBadly, isHeldBack, urlOf } from './errors.ts'
import { notesOn, orderOf } from './input.ts'
import { readLogs } from './logs.ts'
import { costOfOne } from './modelInfo.ts'
import { paidFor, type Studio, type Wanted } from './paidFor.ts'
import type { ReplicateModel } from './registry.ts'
import { readOutput, type WorkflowOutput } from './workflow.ts'

type OnePicture = Omit<Wanted, 'orderOf'> & { model: ReplicateModel; recipe: Recipe }

/**
 * Undefined when the safety filter of the model held the picture back.
 * @throws BackendError; the signal's reason when aborted
 */
export async function drawOne(studio: Studio, picture: OnePicture): Promise<GeneratedImage | undefined> {
  const { model, recipe, reporter, signal } = picture
  const prediction = await paidFor(studio, {
    ...picture,
    orderOf: (files) => orderOf(model, recipe, files),
  })
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

/** One prediction to its end: picked up where it was paid for, else bought; followed, and stopped when nobody wants it any more. */
import { BackendError, Closing } from '../../../errors.ts'
import { Fault, type Prediction } from './api.ts'
import { buy, find, type Shop } from './buy.ts'
import { backendErrorOf } from './errors.ts'
import type { InputFiles, Order } from './input.ts'
import type { Probe } from './probe.ts'
import type { createReporter } from './progress.ts'
import type { Reference } from './reference.ts'
import { hasEnded, watch, type Polling } from './watch.ts'

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

export type Wanted = {
  /** What is bought for these uploaded files. */
  orderOf: (files: InputFiles | undefined) => Order
  index: number
  files: () => Promise<InputFiles | undefined>
  reference: Reference
  /** Stores the reference as it is now. */
  save: () => void
  reporter: ReturnType<typeof createReporter>
  signal: AbortSignal
}

/** A prediction that has ended, well or badly. @throws BackendError; the signal's reason when aborted */
export async function paidFor(studio: Studio, wanted: Wanted): Promise<Prediction> {
  const { index, reference, save, reporter, signal } = wanted
  const { shop, polling } = studio
  const begun = (await pickUp(studio, wanted)) ?? (await order(studio, wanted))
  reference.predictions[index] = begun.id
  // A purchase of a later picture may still be open: a former process died in it.
  if (reference.buying?.index === index) delete reference.buying
  save()
  try {
    signal.throwIfAborted()
    return await watch(shop.api, begun, { polling, signal, onChange: (seen) => reporter.see(seen) })
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
}

/** What an earlier life of this job has paid for, if it can still be had. */
async function pickUp(
  { shop }: Studio,
  { orderOf, index, reference, signal }: Wanted,
): Promise<Prediction | undefined> {
  const id = reference.predictions[index]
  if (id === undefined) {
    if (reference.buying?.index !== index) return undefined
    const { since, files } = reference.buying
    return await find(shop, orderOf(files).input, since)
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

async function order({ shop, probe }: Studio, wanted: Wanted): Promise<Prediction> {
  const { orderOf, index, reference, save, reporter, signal } = wanted
  try {
    const files = await wanted.files()
    const { place, input } = orderOf(files)
    const version = await probe.resolve(place, signal)
    return await buy(shop, {
      place: { model: place.model, version },
      input,
      signal,
      onBuying(since) {
        reference.buying = { index, since, ...(files && { files }) }
        // The one before is over; who finds its number would not look for this one.
        delete reference.predictions[index]
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

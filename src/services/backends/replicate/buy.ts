/** Buys one prediction, and never a second one because the answer to the first was lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, type Api, type Prediction } from './api.ts'
import { backendErrorOf } from './errors.ts'
import type { Gate } from './gate.ts'
import type { Place } from './registry.ts'

export type Buying = {
  place: Place
  input: Record<string, unknown>
  /** Called before each purchase, with Replicate's time. */
  onBuying: (since: number) => void
  /** The line is long: told while waiting, in seconds. */
  onWait: (seconds: number) => void
  signal: AbortSignal
}

export type Shop = {
  api: Api
  gate: Gate
  /** Predictions that belong to a job of this process; nobody else may take them. */
  claimed: Set<string>
  cancelAfterSeconds: number
  /** How long a purchase may be put off by "slow down" before the job is told. */
  maxWaitMs: number
  /** How long after a lost answer the list is asked; doubled each time. */
  settleMs: number
}

const LOOKS = 3
const PURCHASES = 2
/** A little before the purchase: clocks are never quite equal. */
const BEFORE_MS = 60_000

/** @throws BackendError; the signal's reason when aborted before anything was bought */
export async function buy(shop: Shop, buying: Buying): Promise<Prediction> {
  const giveUpAt = Date.now() + shop.maxWaitMs
  for (let purchase = 1; ;) {
    const turn = await shop.gate.enter(buying.signal)
    const since = shop.api.now()
    try {
      buying.onBuying(since)
      // Without the signal: an aborted POST may have bought something that nobody would cancel.
      const prediction = await shop.api.create(buying.place, buying.input, shop.cancelAfterSeconds)
      shop.claimed.add(prediction.id)
      return prediction
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (error.status === 429 && Date.now() + error.retryAfterMs <= giveUpAt) {
        // Waiting is no failure: no retry of the job is used up.
        shop.gate.shut(error.retryAfterMs)
        buying.onWait(Math.ceil(error.retryAfterMs / 1000))
        continue
      }
      if (!error.isAmbiguous) throw backendErrorOf(error)
      const found = await find(shop, buying.input, since)
      if (found) return found
      purchase += 1
      if (purchase > PURCHASES || buying.signal.aborted) throw backendErrorOf(error)
    } finally {
      turn.leave()
    }
  }
}

/**
 * Looks whether a purchase arrived whose answer was lost: there is no idempotency key (replicate contract, section 2), but
 * the same input within moments, seed included, is ours.
 * @throws BackendError when the list cannot be had: then nothing may be bought
 */
export async function find(
  shop: Pick<Shop, 'api' | 'claimed' | 'settleMs'>,
  input: Record<string, unknown>,
  since: number,
): Promise<Prediction | undefined> {
  let fault: unknown
  for (let look = 0; look < LOOKS; look += 1) {
    await sleep(shop.settleMs * 2 ** look)
    try {
      const { results } = await shop.api.recent(since - BEFORE_MS)
      fault = undefined
      const ours = results.find(
        (each) =>
          !shop.claimed.has(each.id) &&
          each.data_removed !== true &&
          each.status !== 'canceled' &&
          each.status !== 'aborted' &&
          Date.parse(each.created_at ?? '') >= since - BEFORE_MS &&
          isSameInput(input, each.input),
      )
      if (ours) {
        shop.claimed.add(ours.id)
        return ours
      }
    } catch (error) {
      fault = error
    }
  }
  if (fault !== undefined) throw backendErrorOf(fault)
  return undefined
}

/** Everything that we send is there; the server may have added defaults. */
function isSameInput(
  ours: Record<string, unknown>,
  theirs: Record<string, unknown> | null | undefined,
): boolean {
  if (!theirs) return false
  return Object.entries(ours).every(([name, value]) => JSON.stringify(theirs[name]) === JSON.stringify(value))
}

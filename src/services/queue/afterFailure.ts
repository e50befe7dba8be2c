/** What becomes of a job that its machine did not draw. Pure. */
import type { BackendError, BackendErrorKind } from '../../errors.ts'

/** How a job has failed before. */
export type Failed = { backend: string; kind: BackendErrorKind }

/** On the same machine, when it has only to be waited for. */
const MAX_RETRIES = 2

/** `elsewhere`: only on another machine; `again`: also on the same one; `report`: nowhere. */
export type Next = 'elsewhere' | 'again' | 'report'

/**
 * @param before its failures up to now, without this one
 * @param retries how often it went back into the line
 * @param canMove another machine that has not failed it offers the same model, and can be reached
 */
export function afterFailure(
  { backend, kind }: Pick<BackendError, 'backend' | 'kind'>,
  { before, retries, canMove }: { before: readonly Failed[]; retries: number; canMove: boolean },
): Next {
  // Another machine would refuse it, too.
  if (kind === 'rejected') return 'report'
  // A machine that is away says nothing about the job, so each one is tried; anything else that two machines agree on is the job's.
  const isConfirmed = before.some((each) => each.kind === kind && each.backend !== backend)
  if (isConfirmed && !isOfMachine(kind)) return 'report'
  if (canMove) return 'elsewhere'
  return mayPass(kind) && retries < MAX_RETRIES ? 'again' : 'report'
}

const isOfMachine = (kind: BackendErrorKind): boolean => kind === 'unavailable' || kind === 'rate-limited'

/** True for what may be over after a while on the same machine. */
export const mayPass = (kind: BackendErrorKind): boolean => isOfMachine(kind) || kind === 'timeout'

/** True for what speaks against the machine and not only against the job. */
export const isSick = (kind: BackendErrorKind): boolean => kind !== 'rejected' && kind !== 'out-of-memory'

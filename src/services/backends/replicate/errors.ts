/** What goes wrong at Replicate, in the words of the bot. Nothing of a request or an answer is repeated in them. */
import { BackendError } from '../../../errors.ts'
import { Fault, type Prediction } from './api.ts'

const ID = 'replicate'

/** A failed call. The cause is dropped: it may print the token. */
export function backendErrorOf(fault: unknown): BackendError {
  if (fault instanceof BackendError) return fault
  if (!(fault instanceof Fault))
    return new BackendError(ID, 'bad-response', 'Replicate gave an answer that cannot be read.')
  const { status, retryAfterMs, fields } = fault
  if (status === 401 || status === 403) {
    return new BackendError(ID, 'rejected', `Replicate refused the API key (status ${status}).`, {
      sentence: 'Replicate does not accept the key of this class; please tell your instructor.',
    })
  }
  if (status === 402) {
    return new BackendError(ID, 'rejected', 'The Replicate account is out of credit (status 402).', {
      sentence:
        "The class's credit at Replicate is used up; please tell your instructor, or choose another model.",
    })
  }
  if (status === 404) {
    return new BackendError(
      ID,
      'rejected',
      'Replicate does not know the model or its version any more (status 404).',
      {
        sentence:
          'Replicate does not offer this model any more; please choose another one and tell your instructor.',
      },
    )
  }
  if (status === 422 || status === 400) {
    const which = fields.length > 0 ? `: ${fields.join(', ')}` : ''
    return new BackendError(
      ID,
      'rejected',
      `The model did not accept the settings (status ${status})${which}.`,
      {
        sentence: `The model did not accept these settings${which}; please change them.`,
      },
    )
  }
  if (status === 413) {
    return new BackendError(ID, 'rejected', 'The picture to begin from is too large (status 413).', {
      sentence: 'The picture to begin from is too large for this model; please take a smaller one.',
    })
  }
  if (status === 429) {
    return new BackendError(
      ID,
      'rate-limited',
      'Replicate asked us to slow down for longer than we wait (status 429).',
      {
        retryAfterMs,
      },
    )
  }
  const said =
    status === 0 ? 'Replicate could not be reached.' : `Replicate has a problem (status ${status}).`
  return new BackendError(ID, 'unavailable', said)
}

/** True when it was the safety filter of the model that held a picture back. */
export function isHeldBack({ status, error, output }: Prediction): boolean {
  // Some models drop a flagged picture without a word and succeed with none (replicate contract, section 4).
  if (status === 'succeeded') return urlOf(output) === undefined
  return status === 'failed' && /nsfw|safety|flagged|sensitive/i.test(String(error))
}

/** The first address in an output: a string, or a list of them. */
export function urlOf(output: unknown): string | undefined {
  const first: unknown = Array.isArray(output) ? output[0] : output
  return typeof first === 'string' && first !== '' ? first : undefined
}

export const heldBack = () =>
  new BackendError(ID, 'rejected', 'The safety filter of the model held the picture back.', {
    sentence:
      "The model's safety filter held the picture back; it sometimes errs on harmless ones. Another seed or other words usually help.",
  })

/** A prediction that ended without a picture. Its number lets the instructor find it on Replicate's own page. */
export function endedBadly({ id, status, error }: Prediction): BackendError {
  if (status === 'canceled')
    return new BackendError(ID, 'unavailable', `Somebody cancelled prediction ${id} at Replicate.`)
  if (status === 'aborted')
    return new BackendError(ID, 'timeout', `Prediction ${id} did not begin before its deadline.`, {
      sentence:
        'The model did not wake up in time; please try again in a few minutes, or choose another model.',
    })
  if (/out of memory/i.test(String(error))) {
    return new BackendError(ID, 'out-of-memory', `The model ran out of memory (prediction ${id}).`, {
      sentence: 'The picture is too large for the machine that draws it; please choose a smaller size.',
    })
  }
  return new BackendError(ID, 'bad-response', `The model broke while it drew (prediction ${id}).`, {
    sentence: 'The model broke while it drew; please try again, perhaps with other settings.',
  })
}

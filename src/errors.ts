/**
 * The two kinds of error that a person hears about in words; everything else is a bug.
 * See CONTRIBUTING, "Errors".
 */

export type UserErrorCode =
  | 'invalid-options'
  | 'content-refused'
  | 'too-many'
  | 'over-budget'
  | 'not-found'
  | 'not-allowed'
  | 'not-set-up'

/** Something the person can mend. `message` is one sentence that says what to change; it is shown to them, privately. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly code: UserErrorCode

  constructor(code: UserErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export type BackendErrorKind =
  | 'unavailable'
  | 'timeout'
  | 'rate-limited'
  | 'rejected'
  /** Too large for this machine; another one may have more memory. */
  | 'out-of-memory'
  | 'bad-response'

/** The machine that draws failed. `detail` is for the log and the instructor, never for a student. */
export class BackendError extends Error {
  override readonly name = 'BackendError'
  readonly backend: string
  readonly kind: BackendErrorKind
  readonly retryAfterMs: number | undefined
  /** What a student reads instead of the fixed sentence of the kind. */
  readonly sentence: string

  constructor(
    backend: string,
    kind: BackendErrorKind,
    detail: string,
    options: { cause?: unknown; retryAfterMs?: number; sentence?: string } = {},
  ) {
    super(detail, { cause: options.cause })
    this.backend = backend
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.sentence = options.sentence ?? backendSentence[kind]
  }
}

/** The sentence a student reads for each kind of backend failure. */
export const backendSentence: Record<BackendErrorKind, string> = {
  unavailable: 'The machine that draws cannot be reached right now; please try again in a minute.',
  timeout: 'The machine that draws took too long; please try again, perhaps with fewer steps.',
  'rate-limited': 'The machine that draws asks us to slow down; please try again in a minute.',
  rejected: 'The machine that draws refused this request; please change the prompt or the settings.',
  'out-of-memory':
    'The picture does not fit into the memory of the machine that draws; please choose a smaller size.',
  'bad-response':
    'The machine that draws answered with something that is not a picture; please tell your instructor.',
}

/** Why a signal was aborted when the bot closes: the job goes on after the next start, so work elsewhere need not be stopped. */
export class Closing extends Error {
  override readonly name = 'Closing'
}

/** The settings are wrong; the program ends with exit code 1 and this message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * What went wrong, as a BackendError. The bodies are those of auto1111 contract, section 6, and of Forge (section 12).
 * A message of the machine is never passed on: it may hold paths, and the words of students.
 */
import { BackendError, type BackendErrorKind } from '../../../errors.ts'
import { type Answer, Lost } from './http.ts'
import { fieldsOf, listOf, textOf } from './json.ts'

const TELL = 'please tell your instructor.'

/** The machine did not answer at all. */
export function lostError(backend: string, error: unknown): unknown {
  if (!(error instanceof Lost)) return error
  const kind =
    error.kind === 'timeout' ? 'timeout' : error.kind === 'too-large' ? 'bad-response' : 'unavailable'
  return new BackendError(backend, kind, error.message)
}

/** The machine answered with something else than 200. */
export function answerError(backend: string, { status, body, retryAfterMs }: Answer): BackendError {
  const fail = (kind: BackendErrorKind, detail: string, sentence?: string) =>
    new BackendError(backend, kind, detail, {
      ...(sentence === undefined ? {} : { sentence }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  const fields = fieldsOf(body)
  const detail = textOf(fields['detail']) ?? ''
  const said = `${detail} ${textOf(fields['errors']) ?? ''} ${textOf(fields['message']) ?? ''}`
  const thrown = className(fields['error'])

  if (status === 401 || status === 403)
    return fail('unavailable', 'it does not accept the user and password', notLetIn)
  if (status === 404 && detail === 'Not Found')
    return fail('unavailable', 'it was started without --api', noApi)
  if (status === 429) return fail('rate-limited', 'it asks us to slow down')
  if (status >= 502 && status <= 504) return fail('unavailable', `a proxy in front of it answered ${status}`)
  if (status >= 300 && status < 400)
    return fail(
      'bad-response',
      `it sends us elsewhere (${status}): the address in the settings must be the final one`,
    )
  if (status === 413) return fail('rejected', 'a proxy in front of it finds the request too large')
  if (status === 422) return fail('rejected', `it does not accept ${wrongFields(fields['detail'])}`)
  if (/OutOfMemory/.test(thrown) || /out of memory/i.test(said))
    return fail('out-of-memory', `its graphics memory is too small${wanted(said)}`)
  if (/CUDA error|device-side assert/i.test(said))
    return fail(
      'unavailable',
      'its graphics card is in a bad state; the program there has to be started again',
    )
  if (thrown === 'NansException' || /\bNaNs?\b/.test(said))
    return fail(
      'bad-response',
      'the model computed NaN (not a number); --no-half or --no-half-vae may help',
      nan,
    )
  if (/sampler not found/i.test(said)) return fail('rejected', 'it does not have this sampler')
  if (/could not find upscaler/i.test(said)) return fail('rejected', 'it does not have this upscaler')
  if (/could not find checkpoint|model ('.*' )?not found/i.test(said))
    return fail('rejected', 'it does not have this model any more', modelGone)
  if (/AttributeError/.test(thrown) && /'?NoneType'?/.test(said))
    return fail('bad-response', 'it could not load the model; its own log says why', notLoaded)
  if (/invalid encoded image|init image not found/i.test(said))
    return fail('rejected', 'it cannot read the picture that was sent')
  return fail('bad-response', `it failed with status ${status}${thrown === '' ? '' : ` (${thrown})`}`)
}

const notLetIn = `The machine that draws does not let the bot in; ${TELL}`
const noApi = `The machine that draws is not set up for the bot yet; ${TELL}`
const nan = `The model could not finish this picture; please try another model or size, and if that fails too, ${TELL}`
const modelGone = `The machine that draws does not have this model any more; please choose another one.`
const notLoaded = `The machine that draws could not load this model; please choose another one, or ${TELL}`

/** The name of a Python class and nothing else. */
function className(value: unknown): string {
  const name = textOf(value)?.split('.').at(-1) ?? ''
  return /^\w{1,60}$/.test(name) ? name : ''
}

function wanted(said: string): string {
  const size = /tried to allocate (\d+(?:\.\d+)? [GMK]iB)/i.exec(said)?.[1]
  return size === undefined ? '' : ` (it needed ${size} more)`
}

function wrongFields(detail: unknown): string {
  const names = listOf(detail)
    .flatMap(({ loc }) => (Array.isArray(loc) ? loc : []))
    .filter((part): part is string => typeof part === 'string' && /^\w{1,40}$/.test(part) && part !== 'body')
  return names.length === 0 ? 'the form of the request' : `these fields: ${[...new Set(names)].join(', ')}`
}

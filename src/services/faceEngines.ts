/** The machines that swap faces, and which one does it when nobody names one. */
import type { FaceEngine } from '../domain.ts'
import { UserError } from '../errors.ts'
import { priceInWords } from '../money.ts'
import type { Backends } from './backends.ts'

/** Its faces never leave the bot. */
const INSIDE = 'faces'

/** What can be chosen, the one inside the bot first. */
export function faceEngines(backends: Pick<Backends, 'all'>): FaceEngine[] {
  const machines = [...backends.all()].sort((a, b) => Number(b.id === INSIDE) - Number(a.id === INSIDE))
  const byId = new Map<string, FaceEngine>()
  for (const engine of machines.flatMap((backend) => backend.faceEngines?.() ?? [])) {
    const known = byId.get(engine.id)
    if (!known || (known.price && !engine.price)) byId.set(engine.id, engine)
  }
  return [...byId.values()]
}

/**
 * The engine asked for; else the one inside the bot, else the first free one. Never one that costs money unless it was named.
 * @throws UserError not-found for one that is not there, not-set-up when one has to be chosen
 */
export function engineFor(backends: Pick<Backends, 'all'>, asked: string | undefined): FaceEngine {
  const engines = faceEngines(backends)
  const names = engines.map(({ id, price }) => `${id} (${priceInWords(price)})`).join(', ')
  if (asked) {
    const engine = engines.find(({ id }) => id.toLowerCase() === asked.trim().toLowerCase())
    if (engine) return engine
    const hint = engines.length > 0 ? `choose one of: ${names}` : 'none is connected right now'
    throw new UserError('not-found', `There is no face engine "${asked.slice(0, 60)}"; ${hint}.`)
  }
  const free = engines.find(({ price }) => !price)
  if (free) return free
  throw new UserError(
    'not-set-up',
    engines.length > 0
      ? `Please choose an engine: ${names}.`
      : 'Nothing that swaps faces is connected; please tell your instructor.',
  )
}

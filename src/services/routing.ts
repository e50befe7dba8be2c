/** Which model draws a job for which nobody named one. Never one that costs money, unless the class has chosen it. */
import type { ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { priceInWords } from '../money.ts'
import type { Backends } from './backends.ts'

/** What works inside the bot: its model is a toy beside any other, so it is never taken for one of those. */
const INSIDE = ['embedded', 'faces']
/** So many are named when somebody has to choose. */
const MOST_NAMED = 8

/**
 * The model asked for; else the one of the class; else the first free one of a connected machine; else, when nothing is
 * connected, the embedded one.
 * @throws UserError not-found for a model that is not there, not-set-up when somebody has to choose
 */
export function modelFor(
  backends: Pick<Backends, 'find' | 'models' | 'all'>,
  asked: string | undefined,
  classModel: string | undefined,
): ModelInfo {
  if (asked) return backends.find(asked).model
  if (classModel !== undefined) return ofClass(backends, classModel)
  const connected = backends.all().filter(({ id }) => !INSIDE.includes(id))
  const ids = new Set(connected.flatMap((backend) => backend.models()).map(({ id }) => id))
  const models = backends.models()
  const usable = connected.length > 0 ? models.filter(({ id }) => ids.has(id)) : models
  const model = usable.find(({ price }) => !price)
  if (model) return model
  if (models.length === 0) {
    throw new UserError('not-set-up', 'No machine that draws is connected; please tell your instructor.')
  }
  throw new UserError(
    'not-set-up',
    `Please choose a model: ${pricesInWords(models)}; an instructor can set one for the whole class with /class model.`,
  )
}

/** Another model instead of the one of the class would be another picture, and perhaps another price. */
function ofClass(backends: Pick<Backends, 'models'>, id: string): ModelInfo {
  const models = backends.models()
  const model = models.find((each) => each.id === id)
  if (model) return model
  const instead = models.length > 0 ? `choose a model: ${pricesInWords(models)}, or ` : ''
  throw new UserError(
    'not-set-up',
    `The model of this class, "${id}", is not there right now; please ${instead}ask an instructor to set another one with /class model.`,
  )
}

function pricesInWords(models: readonly ModelInfo[]): string {
  const named = models.slice(0, MOST_NAMED).map(({ id, price }) => `${id} (${priceInWords(price)})`)
  const left = models.length - named.length
  return left > 0 ? `${named.join(', ')} and ${left} more` : named.join(', ')
}

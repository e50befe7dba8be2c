/** All machines that draw, and which of them offers a model. */
import path from 'node:path'
import type { Config } from '../config.ts'
import type { Estimate, ImageBackend, ImageRequest, ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { loadFolder } from '../loadFolder.ts'
import type { Log } from '../log.ts'
import type { BackendDefinition } from './backend.ts'
import type { FaceKit } from './faceKit.ts'

export type Backends = {
  /** What the class can choose now. */
  models(): ModelInfo[]
  /** A free machine before one that costs money. @throws UserError not-found that names the models there are */
  find(modelId: string): { model: ModelInfo; backend: ImageBackend }
  /** Whether a machine that offers the model can draw now. */
  isUp(modelId: string): boolean
  /** What a request is expected to cost; undefined when its model is free. @throws UserError not-found */
  estimate(request: ImageRequest): Estimate | undefined
  all(): readonly ImageBackend[]
  close(): Promise<void>
}

/** The registry over the given backends. */
export function createBackends(list: readonly ImageBackend[]): Backends {
  /** Several machines may offer one model; it is listed once, in the order of the machines. */
  function models(): ModelInfo[] {
    const byId = new Map<string, ModelInfo>()
    for (const model of list.flatMap((backend) => backend.models())) {
      const known = byId.get(model.id)
      if (!known || (known.price && !model.price)) byId.set(model.id, model)
    }
    return [...byId.values()]
  }

  function offersOf(modelId: string) {
    return list.flatMap((backend) => {
      const model = backend.models().find(({ id }) => id === modelId)
      return model ? [{ model, backend }] : []
    })
  }

  const backends: Backends = {
    models,
    find(modelId) {
      const offers = offersOf(modelId)
      const offer = offers.find(({ model }) => !model.price) ?? offers[0]
      if (offer) return offer
      const known = models().map(({ id }) => id)
      const hint = known.length > 0 ? `choose one of: ${known.join(', ')}` : 'none is connected right now'
      throw new UserError('not-found', `There is no model "${modelId.slice(0, 60)}"; ${hint}.`)
    },
    isUp: (modelId) => offersOf(modelId).some(({ backend }) => backend.isUp?.() ?? true),
    estimate({ experiment, ...request }) {
      if (experiment) return sumOf(experiment.cells.map((cell) => backends.estimate({ ...cell, count: 1 })))
      const { model, backend } = backends.find(request.model)
      if (!model.price) return undefined
      const estimate = backend.estimate?.(request)
      // What is not a number cannot be reserved, and what is not reserved is not drawn.
      if (estimate && estimate.usd >= 0 && Number.isFinite(estimate.usd)) return estimate
      return { usd: model.price.usdPerPicture * request.count, seconds: estimate?.seconds ?? 0 }
    },
    all: () => list,
    async close() {
      await Promise.all(list.map((backend) => backend.close()))
    },
  }
  return backends
}

/** Creates every backend of services/backends that the settings ask for. */
export async function loadBackends(
  config: Config,
  log: Log,
  shared: Pick<FaceKit, 'faces'>,
): Promise<Backends> {
  const folder = path.join(import.meta.dirname, 'backends')
  const definitions = await loadFolder(folder, isBackendDefinition, 'defineBackend({ id, create })')
  const list: ImageBackend[] = []
  for (const { value } of definitions) {
    list.push(...(await value.create(config, log.child({ backend: value.id }), shared)))
  }
  return createBackends(list)
}

function isBackendDefinition(value: unknown): value is BackendDefinition {
  return typeof value === 'object' && value !== null && 'id' in value && 'create' in value
}

/** Undefined when all of it is free. */
function sumOf(estimates: readonly (Estimate | undefined)[]): Estimate | undefined {
  const costly = estimates.filter((estimate) => estimate !== undefined)
  if (costly.length === 0) return undefined
  return {
    usd: costly.reduce((sum, { usd }) => sum + usd, 0),
    seconds: costly.reduce((sum, { seconds }) => sum + seconds, 0),
  }
}

/** All machines that draw, and which of them offers a model. */
import path from 'node:path'
import type { Config } from '../config.ts'
import type { ImageBackend, ModelInfo } from '../domain.ts'
import { UserError } from '../errors.ts'
import { loadFolder } from '../loadFolder.ts'
import type { Log } from '../log.ts'
import type { BackendDefinition } from './backend.ts'

export type Backends = {
  /** What the class can choose now. */
  models(): ModelInfo[]
  /** What draws when nobody names a model. @throws UserError not-set-up when nothing draws */
  defaultModel(): ModelInfo
  /** @throws UserError not-found that names the models there are */
  find(modelId: string): { model: ModelInfo; backend: ImageBackend }
  all(): readonly ImageBackend[]
  close(): Promise<void>
}

/** The registry over the given backends. The first backend with a model gives the default. */
export function createBackends(list: readonly ImageBackend[]): Backends {
  /** Several machines may offer one model; it is listed once. */
  const models = () =>
    [
      ...new Map(
        list
          .flatMap((backend) => backend.models())
          .toReversed()
          .map((model) => [model.id, model] as const),
      ).values(),
    ].toReversed()
  return {
    models,
    defaultModel() {
      const [first] = models()
      if (!first)
        throw new UserError('not-set-up', 'No machine that draws is connected; please tell your instructor.')
      return first
    },
    find(modelId) {
      for (const backend of list) {
        const model = backend.models().find(({ id }) => id === modelId)
        if (model) return { model, backend }
      }
      const known = models().map(({ id }) => id)
      const hint = known.length > 0 ? `choose one of: ${known.join(', ')}` : 'none is connected right now'
      throw new UserError('not-found', `There is no model "${modelId.slice(0, 60)}"; ${hint}.`)
    },
    all: () => list,
    async close() {
      await Promise.all(list.map((backend) => backend.close()))
    },
  }
}

/** Creates every backend of services/backends that the settings ask for. */
export async function loadBackends(config: Config, log: Log): Promise<Backends> {
  const folder = path.join(import.meta.dirname, 'backends')
  const definitions = await loadFolder(folder, isBackendDefinition, 'defineBackend({ id, create })')
  const list: ImageBackend[] = []
  for (const { value } of definitions) {
    list.push(...(await value.create(config, log.child({ backend: value.id }))))
  }
  return createBackends(list)
}

function isBackendDefinition(value: unknown): value is BackendDefinition {
  return typeof value === 'object' && value !== null && 'id' in value && 'create' in value
}

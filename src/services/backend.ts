/** What a file in services/backends exports. */
import type { Config } from '../config.ts'
import type { ImageBackend } from '../domain.ts'
import type { Log } from '../log.ts'
import type { FaceKit } from './faceKit.ts'

export type BackendDefinition = {
  /** Also the name of its file or folder, e.g. "embedded". */
  id: string
  /** One for each machine; none when the settings do not ask for this backend. Throws ConfigError when they are wrong. */
  create(config: Config, log: Log, shared: Pick<FaceKit, 'faces'>): Promise<ImageBackend[]>
}

/** Gives a backend file its types: `export default defineBackend({ id, create })`. */
export function defineBackend(definition: BackendDefinition): BackendDefinition {
  return definition
}

/** Looks whether the models of the registry are still there: Replicate may withdraw any of them (replicate contract, section 3). */
import { Fault, type Api } from './api.ts'
import { placesOf, type Place, type ReplicateModel } from './registry.ts'

export type ModelState =
  | { kind: 'there'; unknownInputs: string[] }
  | { kind: 'gone'; sentence: string }
  /** Nobody knows: the network, or the key. */
  | { kind: 'unknown'; fault: Fault | undefined }

const FULL_LENGTH = 64

export type Probe = ReturnType<typeof createProbe>

export function createProbe(api: Api) {
  /** Full version ids by model and what the registry says of the version. */
  const full = new Map<string, string>()

  /** Undefined for an official model. @throws Fault; 404 when model or version are gone */
  async function resolve({ model, version }: Place, signal?: AbortSignal): Promise<string | undefined> {
    if (version === undefined || version.length === FULL_LENGTH) return version
    const key = `${model}:${version}`
    const known = full.get(key) ?? (await look({ model, version }, signal)).id
    full.set(key, known)
    return known
  }

  async function look({ model, version }: Place, signal?: AbortSignal) {
    if (version?.length === FULL_LENGTH) return await api.version(model, version, signal)
    const { latest_version: latest } = await api.model(model, signal)
    if (version === undefined) return latest ?? { id: '' }
    if (latest && (version === 'latest' || latest.id.startsWith(version))) return latest
    const { results } = await api.versions(model, signal)
    const found = results.find(({ id }) => id.startsWith(version))
    if (!found) throw new Fault({ status: 404, retryAfterMs: 0, fields: [] })
    return found
  }

  async function stateOf(model: ReplicateModel, signal?: AbortSignal): Promise<ModelState> {
    try {
      const unknownInputs: string[] = []
      for (const place of placesOf(model)) {
        const version = await look(place, signal)
        if (place.version !== undefined) full.set(`${place.model}:${place.version}`, version.id)
        const schema = version.openapi_schema?.components.schemas.Input.properties
        if (place.model === model.txt2img.model && schema)
          unknownInputs.push(...inputsOf(model).filter((name) => !(name in schema)))
      }
      return { kind: 'there', unknownInputs }
    } catch (error) {
      if (error instanceof Fault && (error.status === 404 || error.status === 410)) {
        return {
          kind: 'gone',
          sentence: `${model.title} is not at Replicate any more; please choose another model.`,
        }
      }
      return { kind: 'unknown', fault: error instanceof Fault ? error : undefined }
    }
  }

  return { resolve, stateOf }
}

function inputsOf({ input, workflow, fixed, sizes }: ReplicateModel): string[] {
  const mapped = [...Object.values(input), workflow?.input].filter((name) => name !== undefined)
  const more = [fixed, ...sizes.map((size) => size.input ?? {})].flatMap((values) => Object.keys(values))
  return [...new Set([...mapped, ...more])]
}

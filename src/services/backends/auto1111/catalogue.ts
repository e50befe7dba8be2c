/** What one machine has, read from its API and kept in memory. */
import type { Choice, ModelInfo } from '../../../domain.ts'
import { readFaceCatalogue, type FaceCatalogue } from './faces.ts'
import { type Call, Lost } from './http.ts'
import { type Fields, fieldsOf, listOf, textOf } from './json.ts'
import type { Program } from './probe.ts'
import { samplerHelp, schedulerHelp } from './help.ts'

export type Checkpoint = { id: string; hash: string | undefined; stem: string | undefined }

export type Catalogue = {
  /** The loaded one first. */
  checkpoints: Checkpoint[]
  samplers: string[]
  schedulers: string[]
  /** Name, and the file by which Forge wants it named. */
  vaes: { name: string; file: string }[]
  /** LoRAs may be called by name or alias in a prompt. */
  loras: { name: string; alias: string | undefined }[]
  styles: string[]
  upscalers: string[]
  embeddings: string[]
  /** What it can swap faces with. */
  faces: FaceCatalogue
}

const LIST_MS = 10_000
/** Discord takes no longer values in its suggestions. */
const MAX_NAME = 100

/** Reads all lists. Throws Lost, or undefined comes back when the machine has no list of models. */
export async function readCatalogue(call: Call, program: Program): Promise<Catalogue | undefined> {
  // A list that is missing is no fault: schedulers came with 1.9, loras go with the extension (sections 3 and 13).
  const list = async (name: string) => {
    const { status, body } = await call(`/sdapi/v1/${name}`, { timeoutMs: LIST_MS })
    return status === 200 ? body : undefined
  }
  const models = await list('sd-models')
  if (!Array.isArray(models)) return undefined
  const options = fieldsOf(await list('options'))
  const modes = names(await list('latent-upscale-modes'))
  return {
    checkpoints: checkpoints(listOf(models), textOf(options['sd_model_checkpoint'])),
    samplers: names(await list('samplers')),
    schedulers: schedulers(listOf(await list('schedulers'))),
    vaes: vaes(listOf(await list(program === 'Forge' ? 'sd-modules' : 'sd-vae'))),
    loras: listOf(await optional(() => list('loras'))).flatMap(({ name, alias }) =>
      isName(name) ? [{ name, alias: textOf(alias) }] : [],
    ),
    styles: names(await list('prompt-styles')),
    upscalers: unique([...modes, ...names(await list('upscalers')).filter((name) => name !== 'None')]),
    embeddings: Object.keys(fieldsOf(fieldsOf(await list('embeddings'))['loaded'])),
    faces: await readFaceCatalogue(call),
  }
}

/** Scans a folder on the machine and may be slow: better without it than without the machine. */
async function optional(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Lost && error.kind === 'timeout') return undefined
    throw error
  }
}

function checkpoints(list: Fields[], loaded: string | undefined): Checkpoint[] {
  const found = list.flatMap(({ model_name: id, title, hash, filename }) =>
    isName(id)
      ? [{ id, title: textOf(title), hash: textOf(hash), stem: textOf(filename) && stemOf(String(filename)) }]
      : [],
  )
  // The title gains its hash after the first loading, so it is no identity (section 9); here it only finds the loaded one.
  const isLoaded = (one: (typeof found)[number]) =>
    loaded !== undefined &&
    (one.title === loaded || loaded.replace(/ \[\w+\]$/, '') === one.title || one.id === loaded)
  const sorted = [...found.filter(isLoaded), ...found.filter((one) => !isLoaded(one))]
  return [...new Map(sorted.map(({ id, hash, stem }) => [id, { id, hash, stem }] as const)).values()]
}

const stemOf = (file: string) => (file.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]+$/, '')

function schedulers(list: Fields[]): string[] {
  const labels = list.flatMap(({ label, name }) => (isName(label) ? [label] : isName(name) ? [name] : []))
  return unique(['Automatic', ...labels])
}

const vaes = (list: Fields[]) =>
  list.flatMap(({ model_name: name, filename }) =>
    isName(name) ? [{ name, file: textOf(filename) ?? name }] : [],
  )

const names = (list: unknown): string[] =>
  unique(listOf(list).flatMap(({ name }) => (isName(name) ? [name] : [])))

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= MAX_NAME

const unique = (list: string[]): string[] => [...new Set(list)]

/** The models as students see them. */
export function modelInfos(backend: string, program: Program, catalogue: Catalogue): ModelInfo[] {
  const { samplers, vaes, loras, styles, upscalers, embeddings } = catalogue
  const choices = (list: readonly string[], help: (id: string) => string): Choice[] =>
    list.map((id) => ({ id, help: help(id) }))
  if (samplers.length === 0) return []
  return catalogue.checkpoints.map(({ id }) => ({
    id,
    backend,
    title: id,
    description: `A model of the class's own machine (${program}).`,
    steps: { min: 1, max: 150, default: 20 },
    cfgScale: { min: 1, max: 30, default: 7 },
    samplers: choices(samplers, samplerHelp),
    schedulers: choices(catalogue.schedulers, schedulerHelp),
    sizes: isLarge(id) ? [...largeSizes, ...smallSizes] : [...smallSizes, ...largeSizes],
    maxCount: 4,
    maxPromptLength: 1500,
    supports: { negativePrompt: true, variation: true, replay: false, img2img: true, mask: true },
    extras: {
      loras: choices(
        loras.map(({ name }) => name),
        () => 'a small addition to the model',
      ),
      vaes: choices(
        vaes.map(({ name }) => name),
        () => 'turns latents into pixels',
      ),
      embeddings: choices(embeddings, () => 'a word of its own for the prompt'),
      styles: choices(styles, () => 'a piece of prompt kept on the machine'),
      upscalers: choices(upscalers, (name) =>
        name.startsWith('Latent') ? 'enlarges the latent' : 'enlarges the picture',
      ),
      refiners: choices(
        catalogue.checkpoints.filter((other) => other.id !== id).map(({ id }) => id),
        () => 'finishes the last fifth of the steps',
      ),
    },
  }))
}

/** SDXL and its kin were trained on 1024 x 1024 and repeat things when drawn much smaller; the name is all that the API tells. */
const isLarge = (id: string) => /xl|pony|illustrious|noob|flux|sd_?3/i.test(id)

const sizesOf = (...sizes: [number, number][]) =>
  sizes.map(([width, height]) => ({ id: `${width}x${height}`, width, height }))
const smallSizes = sizesOf([512, 512], [512, 768], [768, 512], [640, 640], [768, 768])
const largeSizes = sizesOf(
  [1024, 1024],
  [832, 1216],
  [1216, 832],
  [896, 1152],
  [1152, 896],
  [1344, 768],
  [768, 1344],
)

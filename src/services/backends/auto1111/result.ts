/**
 * From the answer to pictures. AUTOMATIC1111 replaces what it does not know and answers 200 (auto1111 contract, section 6),
 * so what came back is compared with what was asked, and the recipe says what was really used.
 */
import { Buffer } from 'node:buffer'
import sharp from 'sharp'
import { MAX_SEED, recipeSchema, type GeneratedImage, type Recipe } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import { barePng } from '../../pngText.ts'
import type { Catalogue, Checkpoint } from './catalogue.ts'
import { type Fields, fieldsOf, numberOf, textOf } from './json.ts'
import { recipeOfPicture, type Part } from './requestBody.ts'

export type Came = { part: Part; images: Uint8Array[]; info: Fields }

/** The pictures that were asked for, without grids and maps. Throws BackendError bad-response when there is none. */
export function readAnswer(backend: string, part: Part, body: unknown): Came {
  const { images, info } = fieldsOf(body)
  const fail = (detail: string) => new BackendError(backend, 'bad-response', detail)
  if (!Array.isArray(images)) throw fail('its answer holds no list of pictures')
  const fields = parseInfo(info)
  if (fields === undefined) throw fail('its answer does not say how the pictures were made')
  // A grid comes first, ControlNet's maps and masks last: more pictures may come than were asked for (section 5).
  const first = numberOf(fields['index_of_first_image']) ?? 0
  const wanted = images
    .slice(first, first + part.count)
    .filter((one): one is string => typeof one === 'string')
  if (wanted.length === 0) throw fail('its answer holds no picture')
  return {
    part,
    info: fields,
    images: wanted.map((one) => Buffer.from(one.replace(/^data:[^,]*,/, ''), 'base64')),
  }
}

/** `info` is JSON inside a string (section 5). */
function parseInfo(info: unknown): Fields | undefined {
  try {
    const parsed: unknown = typeof info === 'string' ? JSON.parse(info) : info
    return typeof parsed === 'object' && parsed !== null ? fieldsOf(parsed) : undefined
  } catch {
    return undefined
  }
}

/** One picture as PNG with the recipe that was really used and sentences on what differs from what was asked. */
export async function pictureOf(
  backend: string,
  { part, images, info }: Came,
  index: number,
  catalogue: Catalogue,
): Promise<GeneratedImage> {
  const { png, width, height, isBlack } = await readPicture(images[index] ?? new Uint8Array()).catch(
    (cause: unknown) => {
      throw new BackendError(backend, 'bad-response', 'what it sent as a picture cannot be read', { cause })
    },
  )
  const asked = recipeOfPicture(part, index)
  const used = { ...asked, ...usedSeeds(asked, info, index), ...usedSize(asked, info) }
  const notes: string[] = []
  const replace = (key: 'model' | 'sampler' | 'scheduler', value: string, note: string) => {
    used[key] = value
    notes.push(note)
  }
  const model = usedModel(asked, info, catalogue.checkpoints)
  if (model !== undefined)
    replace(
      'model',
      model,
      `The machine drew this with the model ${model}: it does not have ${asked.model} any more.`,
    )
  const sampler = textOf(info['sampler_name'])
  if (sampler !== undefined && sampler !== asked.sampler)
    replace('sampler', sampler, `The machine used the sampler ${sampler} instead of ${asked.sampler}.`)
  const scheduler = textOf(fieldsOf(info['extra_generation_params'])['Schedule type'])
  if (asked.scheduler === 'Automatic') used.scheduler = scheduler ?? 'Automatic'
  else if (scheduler !== asked.scheduler)
    replace(
      'scheduler',
      scheduler ?? 'Automatic',
      `The scheduler ${asked.scheduler} was not used: the machine took ${scheduler ?? `what suits ${used.sampler}`}.`,
    )
  const vae = textOf(info['sd_vae_name'])
  if (asked.vae !== undefined && vae !== undefined && vae !== asked.vae)
    notes.push(`The machine used the VAE ${vae} instead of ${asked.vae}.`)
  if (vae !== undefined && catalogue.vaes.some(({ name }) => name === vae)) used.vae = vae
  if (asked.hires === undefined && (width !== asked.width || height !== asked.height))
    notes.push(`The machine drew this at ${width} x ${height} instead of ${asked.width} x ${asked.height}.`)
  const recipe = recipeSchema.parse(used)
  return { recipe, png, width, height, notes: isBlack ? [...notes, BLACK] : notes }
}

function usedSeeds(asked: Recipe, info: Fields, index: number): Partial<Recipe> {
  const seedIn = (list: unknown) => {
    const seed = Array.isArray(list) ? numberOf(list[index]) : undefined
    return seed !== undefined && Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED ? seed : undefined
  }
  const seed = seedIn(info['all_seeds'])
  const subseed = asked.variationSeed === undefined ? undefined : seedIn(info['all_subseeds'])
  const isVaried = (asked.variationStrength ?? 0) > 0
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(subseed === undefined || !isVaried ? {} : { variationSeed: subseed }),
  }
}

function usedSize(asked: Recipe, info: Fields): Partial<Recipe> {
  const steps = numberOf(info['steps'])
  const cfgScale = numberOf(info['cfg_scale'])
  return {
    steps: steps !== undefined && Number.isInteger(steps) && steps > 0 ? steps : asked.steps,
    cfgScale: cfgScale ?? asked.cfgScale,
  }
}

/** The name of the model that drew, when it is not the one that was asked for. */
function usedModel(asked: Recipe, info: Fields, known: readonly Checkpoint[]): string | undefined {
  const name = textOf(info['sd_model_name'])
  const hash = textOf(info['sd_model_hash'])
  const wanted = known.find(({ id }) => id === asked.model)
  if (name === undefined && hash === undefined) return undefined
  // A model in a sub-folder is listed with the folder in its name and reported without it: the file's stem decides.
  const isSameName = name === asked.model || (wanted?.stem !== undefined && name === wanted.stem)
  const isSameHash = hash !== undefined && wanted?.hash !== undefined ? hash === wanted.hash : undefined
  if (isSameHash ?? isSameName) return undefined
  const used = known.find(
    (one) => (hash !== undefined && one.hash === hash) || one.id === name || one.stem === name,
  )
  return used?.id ?? name ?? hash
}

/** The largest that can be asked for: 1024 x 1024, four times as wide by hires. */
const MAX_PIXELS = 4096 * 4096
const open = (bytes: Uint8Array) => sharp(bytes, { limitInputPixels: MAX_PIXELS })

/** Decoded as a whole, so that half a picture is found out; encoded anew only where the machine sent no plain PNG. */
async function readPicture(bytes: Uint8Array) {
  const { data, info } = await open(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const png = barePng(bytes) ?? (await open(bytes).png().toBuffer())
  return { png, width: info.width, height: info.height, isBlack: data.every((value) => value === 0) }
}

/** NaN with --disable-nan-check, and the safety checker of some programs, give a black picture and say nothing. */
const BLACK = 'The picture came out all black: the model failed, or a filter on the machine blackened it.'

/** Interrupted and fewer than asked are told by nobody else (section 8). */
export function withSentences(
  images: GeneratedImage[],
  asked: number,
  interrupted: boolean,
): GeneratedImage[] {
  const fewer = `Only ${images.length} of ${asked} pictures came back from the machine.`
  return images.map((image, index) => ({
    ...image,
    notes: [
      ...image.notes,
      ...(images.length < asked ? [fewer] : []),
      ...(interrupted && index === images.length - 1
        ? ['Somebody stopped the drawing on the machine, so this picture may be half done.']
        : []),
    ],
  }))
}

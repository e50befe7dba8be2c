/** Gathers what a message about finished pictures shows. */
import sharp from 'sharp'
import { isDrawing, isSwap, type Job, type Picture } from '../domain.ts'
import type { Services } from '../services/index.ts'
import { beforeOf } from './beforeOfRemix.ts'
import type { DeliveryTools } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import type { Upload } from './render/blocks.ts'
import { pictureFileName, pictureUpload, type Finished } from './render/result.ts'
import { FROM_SWAP_ALT } from './render/swapInWords.ts'

/** Bytes that one request to Discord may have, a little less than the 25 MiB it allows. */
const REQUEST_LIMIT = 24 * 1024 * 1024
/** Width from which a contact sheet that is too heavy is made smaller. */
const LARGEST_SHEET = 1400
/** Bytes of a file when Discord has refused the usual one; enough for a copy of a picture of 1024 px. */
const LIGHTER = 256 * 1024

/**
 * @param options.isLighter smaller copies of all files: Discord has refused the usual ones
 * @param options.only the id of the one picture that is shown
 */
export async function finishedJob(
  { services, actions }: Pick<DeliveryTools, 'services' | 'actions'>,
  job: Job,
  { isLighter = false, only }: { isLighter?: boolean; only?: string } = {},
): Promise<Finished> {
  const all = services.gallery.ofJob(job.id)
  const pictures = only === undefined ? all : all.filter(({ id }) => id === only)
  const [first] = pictures
  const isFromSwap = first !== undefined && comesFromSwap(first, services)
  const parents = job.parents.map((parent) => ({
    ...parent,
    picture: services.gallery.get(parent.pictureId),
  }))
  const model = services.backends.models().find(({ id }) => id === job.request.model)
  const fitting = actions.filter(({ fits }) => !first || !fits || fits(model, first))
  const experiment =
    first && only === undefined
      ? await finishedExperiment(services, job, first, pictures, isLighter)
      : undefined
  // A contact sheet shows itself what its pictures begin from.
  const before = experiment ? undefined : await beforeOf(services, job)
  const files = experiment?.files ?? (await filesOf(services, job, pictures, isLighter))
  return {
    job,
    pictures,
    files,
    before,
    parents,
    actions: fitting,
    isFromSwap,
    isLighter,
    ...(experiment && { experiment: experiment.shown }),
  }
}

/** Where Discord finds the files too large, smaller copies are tried once. */
export async function asLightAsNeeded<T>(send: (isLighter: boolean) => Promise<T>): Promise<T> {
  try {
    return await send(false)
  } catch (error) {
    if (discordFailure(error) !== 'too-large') throw error
    return send(true)
  }
}

const comesFromSwap = (picture: Picture, { gallery }: Pick<Services, 'gallery'>): boolean =>
  isDrawing(picture) && gallery.hasSwap(picture)

const withSwapInAlt = (file: Upload): Upload => ({
  ...file,
  description: `${file.description.slice(0, 980)} (${FROM_SWAP_ALT})`,
})

/** The files of pictures as they are uploaded, each as light as the server asks. */
export async function filesOf(
  { gallery }: Pick<Services, 'gallery'>,
  { origin }: Job,
  pictures: readonly Picture[],
  isLighter = false,
): Promise<Upload[]> {
  const limit = Math.min(origin.attachmentSizeLimit, REQUEST_LIMIT / Math.max(1, pictures.length))
  const files: Upload[] = []
  for (const picture of pictures) {
    const png = pictureUpload(picture, await gallery.png(picture))
    const file = await fittingFile(png, picture.width, limit, isLighter)
    files.push(comesFromSwap(picture, { gallery }) ? withSwapInAlt(file) : file)
  }
  return files
}

/** The contact sheet, under a name by which its message is found again as that of any picture. */
async function finishedExperiment(
  services: Services,
  job: Job,
  first: Picture,
  pictures: readonly Picture[],
  isLighter: boolean,
) {
  const experiment = isSwap(job.request) ? undefined : job.request.experiment
  if (!experiment) return undefined
  const { guildId } = job.origin
  const { sheet, alt, ...shown } = await services.experiments.result(experiment, pictures, guildId)
  const plain = { name: `${pictureFileName(first)}experiment.png`, data: sheet, description: alt }
  const file = comesFromSwap(first, services) ? withSwapInAlt(plain) : plain
  const limit = Math.min(job.origin.attachmentSizeLimit, REQUEST_LIMIT)
  return {
    files: [await fittingFile(file, LARGEST_SHEET, limit, isLighter)],
    shown: { ...shown, experiment },
  }
}

/**
 * The PNG; where the server takes no file of that size, a lighter copy of it (which has no recipe inside). `isLighter`: it has
 * refused what it said it would take.
 */
async function fittingFile(
  png: Upload,
  pngWidth: number,
  allowed: number,
  isLighter: boolean,
): Promise<Upload> {
  if (png.data.length <= allowed && !isLighter) return png
  const limit = isLighter ? Math.min(allowed, LIGHTER, png.data.length / 2) : allowed
  let width = pngWidth
  let copy = await sharp(png.data).webp({ quality: 90 }).toBuffer()
  while (copy.length > limit && width > 256) {
    width = Math.round(width * 0.75)
    copy = await sharp(png.data).resize({ width }).webp({ quality: 85 }).toBuffer()
  }
  return { ...png, name: png.name.replace(/png$/, 'webp'), data: copy }
}

/** Gathers what a message about finished pictures shows. */
import sharp from 'sharp'
import { isDrawing, isSwap, type Job, type Picture } from '../domain.ts'
import type { Services } from '../services/index.ts'
import { beforeOf } from './beforeOfRemix.ts'
import type { DeliveryTools } from './deliver.ts'
import type { Upload } from './render/blocks.ts'
import { pictureFileName, pictureUpload, type Finished } from './render/result.ts'
import { FROM_SWAP_ALT } from './render/swapInWords.ts'

/** Bytes that one request to Discord may have, a little less than the 25 MiB it allows. */
const REQUEST_LIMIT = 24 * 1024 * 1024
/** Width from which a contact sheet that is too heavy is made smaller. */
const LARGEST_SHEET = 1400

export async function finishedJob(
  { services, actions }: Pick<DeliveryTools, 'services' | 'actions'>,
  job: Job,
): Promise<Finished> {
  const pictures = services.gallery.ofJob(job.id)
  const [first] = pictures
  const isFromSwap = first !== undefined && comesFromSwap(first, services)
  const parents = job.parents.map((parent) => ({
    ...parent,
    picture: services.gallery.get(parent.pictureId),
  }))
  const model = services.backends.models().find(({ id }) => id === job.request.model)
  const fitting = actions.filter(({ fits }) => !first || !fits || fits(model, first))
  const experiment = first && (await finishedExperiment(services, job, first, pictures))
  // A contact sheet shows itself what its pictures begin from.
  const before = experiment ? undefined : await beforeOf(services, job)
  const files = experiment?.files ?? (await filesOf(services, job, pictures))
  return {
    job,
    pictures,
    files,
    before,
    parents,
    actions: fitting,
    isFromSwap,
    ...(experiment && { experiment: experiment.shown }),
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
): Promise<Upload[]> {
  const limit = Math.min(origin.attachmentSizeLimit, REQUEST_LIMIT / Math.max(1, pictures.length))
  const files: Upload[] = []
  for (const picture of pictures) {
    const file = await fittingFile(pictureUpload(picture, await gallery.png(picture)), picture.width, limit)
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
) {
  const experiment = isSwap(job.request) ? undefined : job.request.experiment
  if (!experiment) return undefined
  const { guildId } = job.origin
  const { sheet, alt, ...shown } = await services.experiments.result(experiment, pictures, guildId)
  const plain = { name: `${pictureFileName(first)}experiment.png`, data: sheet, description: alt }
  const file = comesFromSwap(first, services) ? withSwapInAlt(plain) : plain
  const limit = Math.min(job.origin.attachmentSizeLimit, REQUEST_LIMIT)
  return {
    files: [await fittingFile(file, LARGEST_SHEET, limit)],
    shown: { ...shown, experiment },
  }
}

/** The PNG; where the server takes no file of that size, a lighter copy of it (which has no recipe inside). */
async function fittingFile(png: Upload, pngWidth: number, limit: number): Promise<Upload> {
  if (png.data.length <= limit) return png
  let width = pngWidth
  let copy = await sharp(png.data).webp({ quality: 90 }).toBuffer()
  while (copy.length > limit && width > 256) {
    width = Math.round(width * 0.75)
    copy = await sharp(png.data).resize({ width }).webp({ quality: 85 }).toBuffer()
  }
  return { ...png, name: png.name.replace(/png$/, 'webp'), data: copy }
}

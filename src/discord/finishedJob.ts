/** Gathers what a message about finished pictures shows. */
import sharp from 'sharp'
import { isSwap, type Job, type Picture } from '../domain.ts'
import type { Services } from '../services/index.ts'
import { beforeOf } from './beforeOfRemix.ts'
import type { DeliveryTools } from './deliver.ts'
import type { Upload } from './render/blocks.ts'
import { pictureFileName, pictureUpload, type Finished } from './render/result.ts'

/** Bytes that one request to Discord may have, a little less than the 25 MiB it allows. */
const REQUEST_LIMIT = 24 * 1024 * 1024
/** Width from which a contact sheet that is too heavy is made smaller. */
const LARGEST_SHEET = 1400

export async function finishedJob(
  { services, actions }: Pick<DeliveryTools, 'services' | 'actions'>,
  job: Job,
): Promise<Finished> {
  const pictures = services.gallery.ofJob(job.id)
  const parents = job.parents.map((parent) => ({
    ...parent,
    picture: services.gallery.get(parent.pictureId),
  }))
  const model = services.backends.models().find(({ id }) => id === job.request.model)
  const [first] = pictures
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
    ...(experiment && { experiment: experiment.shown }),
  }
}

/** The files of pictures as they are uploaded, each as light as the server asks. */
export async function filesOf(
  { gallery }: Pick<Services, 'gallery'>,
  { origin }: Job,
  pictures: readonly Picture[],
): Promise<Upload[]> {
  const limit = Math.min(origin.attachmentSizeLimit, REQUEST_LIMIT / Math.max(1, pictures.length))
  const files: Upload[] = []
  for (const picture of pictures) {
    const png = await gallery.png(picture)
    files.push(await fittingFile(pictureUpload(picture, png), picture.width, limit))
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
  const file = { name: `${pictureFileName(first)}experiment.png`, data: sheet, description: alt }
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

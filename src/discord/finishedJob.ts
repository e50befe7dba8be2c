/** Gathers what a message about finished pictures shows. */
import sharp from 'sharp'
import { isDrawing, type Job, type Picture } from '../domain.ts'
import { beforeOf } from './beforeOfRemix.ts'
import type { DeliveryTools } from './deliver.ts'
import type { Upload } from './render/blocks.ts'
import { pictureUpload, type Finished } from './render/result.ts'
import { FROM_SWAP_ALT } from './render/swapInWords.ts'

/** Bytes that one request to Discord may have, a little less than the 25 MiB it allows. */
const REQUEST_LIMIT = 24 * 1024 * 1024

export async function finishedJob(
  { services, actions }: Pick<DeliveryTools, 'services' | 'actions'>,
  job: Job,
) {
  const pictures = services.gallery.ofJob(job.id)
  const files: Upload[] = []
  const [first] = pictures
  const isFromSwap = first !== undefined && isDrawing(first) && services.gallery.hasSwap(first)
  const limit = Math.min(job.origin.attachmentSizeLimit, REQUEST_LIMIT / Math.max(1, pictures.length))
  for (const picture of pictures) {
    const file = await fittingFile(picture, await services.gallery.png(picture), limit)
    files.push(isFromSwap ? { ...file, description: `${file.description} (${FROM_SWAP_ALT})` } : file)
  }
  const parents = job.parents.map((parent) => ({
    ...parent,
    picture: services.gallery.get(parent.pictureId),
  }))
  const before = await beforeOf(services, job)
  const model = services.backends.models().find(({ id }) => id === job.request.model)
  const fitting = actions.filter(({ fits }) => !first || !fits || fits(model, first))
  return { job, pictures, files, before, parents, actions: fitting, isFromSwap } satisfies Finished
}

/** The stored PNG; where the server takes no file of that size, a lighter copy of it (which has no recipe inside). */
async function fittingFile(picture: Picture, png: Buffer, limit: number): Promise<Upload> {
  if (png.length <= limit) return pictureUpload(picture, png)
  let width = picture.width
  let copy = await sharp(png).webp({ quality: 90 }).toBuffer()
  while (copy.length > limit && width > 256) {
    width = Math.round(width * 0.75)
    copy = await sharp(png).resize({ width }).webp({ quality: 85 }).toBuffer()
  }
  return pictureUpload(picture, copy, 'webp')
}

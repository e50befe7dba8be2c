/** Face swaps at Replicate: community models that take two pictures and give one; a registry file each in data/models/replicate-faces. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import type { FaceEngine, GeneratedImage, SwapContext, SwapRequest } from '../../../domain.ts'
import { BackendError, ConfigError, UserError } from '../../../errors.ts'
import type { Api } from './api.ts'
import { download } from './download.ts'
import { endedBadly, isHeldBack, urlOf } from './errors.ts'
import { inCents } from './modelInfo.ts'
import { paidFor, type Studio } from './paidFor.ts'
import { createReporter } from './progress.ts'
import { readReference } from './reference.ts'

const schema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  title: z.string().min(1),
  about: z.string().regex(/\.$/, 'must be a sentence'),
  cannot: z.string().regex(/\.$/, 'must be a sentence'),
  model: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name'),
  version: z.string().regex(/^([0-9a-f]{8,64}|latest)$/),
  /** Their names for the picture that gives the face, and the one that gets it. */
  source: z.string(),
  target: z.string(),
  price: z.strictObject({ usdPerSecond: z.number().positive(), checkedOn: z.string() }),
  /** How long a swap takes on a machine that is awake. */
  seconds: z.number().positive(),
})
export type FaceModel = z.infer<typeof schema>

/** @throws ConfigError that names the file and what is wrong in it */
export async function readFaceModels(folder: string): Promise<FaceModel[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).toSorted()
  return Promise.all(
    files.map(async (file) => {
      const result = schema.safeParse(JSON.parse(await readFile(path.join(folder, file), 'utf8')))
      if (result.success && `${result.data.id}.json` === file) return result.data
      const why = result.error ? z.prettifyError(result.error) : 'its id must be the name of the file'
      throw new ConfigError(`The model file ${file} is wrong:\n${why}`)
    }),
  )
}

export function faceEngineOf({ id, title, about, cannot, price, seconds }: FaceModel): FaceEngine {
  const usdPerPicture = price.usdPerSecond * seconds
  return {
    id,
    title,
    description: `${about} ${cannot} About ${inCents(usdPerPicture)} a picture.`,
    price: { usdPerPicture, checkedOn: price.checkedOn },
  }
}

/** Encoding a picture anew changes the mean of a patch by less than this (0 to 255); a face that was painted over by more. */
const UNCHANGED = 6
/** Patches to a side: a face covers several of them. */
const PATCHES = 32

/** @throws BackendError; UserError for a face that cannot be chosen there; the signal's reason when aborted */
export async function swapOne(
  studio: Studio & { coldAfterMs: number; api: Pick<Api, 'upload'> },
  model: FaceModel,
  request: SwapRequest,
  context: SwapContext,
): Promise<GeneratedImage<SwapRequest>> {
  if (request.sourceFace > 0 || request.targetFace > 0) {
    throw new UserError(
      'invalid-options',
      `${model.title} cannot be told which face to take; please crop the pictures to the faces you mean.`,
    )
  }
  const { signal } = context
  const reference = readReference(context.resume)
  for (const id of Object.values(reference.predictions)) studio.shop.claimed.add(id)
  const reporter = createReporter(context, {
    pictureIndex: 0,
    pictureCount: 1,
    steps: 1,
    bars: 1,
    coldAfterMs: studio.coldAfterMs,
  })
  const prediction = await paidFor(studio, {
    orderOf: (files) => ({
      place: { model: model.model, version: model.version },
      input: { [model.source]: files?.image, [model.target]: files?.mask },
    }),
    index: 0,
    // The two files of a purchase, by the names under which it is remembered.
    files: async () => ({
      image: await studio.api.upload(Buffer.from(context.source)),
      mask: await studio.api.upload(Buffer.from(context.target)),
    }),
    reference,
    save: () => context.remember?.(JSON.stringify(reference)),
    reporter,
    signal,
  })
  if (isHeldBack(prediction)) throw noSwap('its filter held the picture back')
  if (prediction.status !== 'succeeded') throw endedBadly(prediction)
  const file = await download(urlOf(prediction.output) ?? '', { hosts: studio.fileHosts, signal })
  if (await isUnchanged(file.png, context.target)) throw noSwap('the picture came back unchanged')
  reporter.finish()
  studio.measured(model.id, prediction)
  const seconds = prediction.metrics?.predict_time ?? model.seconds
  return { ...file, recipe: request, notes: [], costUsd: seconds * model.price.usdPerSecond }
}

const noSwap = (detail: string) =>
  new BackendError('replicate', 'rejected', detail, {
    sentence:
      'The model swapped no face, probably because it found none; please try clearer pictures in which the faces look at the camera.',
  })

async function isUnchanged(png: Uint8Array, target: Uint8Array): Promise<boolean> {
  const patches = (picture: Uint8Array) =>
    sharp(picture)
      .removeAlpha()
      .toColourspace('srgb')
      .resize(PATCHES, PATCHES, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer()
  const [a, b] = await Promise.all([patches(png), patches(target)])
  return a.every((value, i) => Math.abs(value - (b[i] ?? 0)) < UNCHANGED)
}

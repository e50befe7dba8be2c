/**
 * Pictures that people bring or that jobs begin from: DATA_DIR/inputs/<sha256>.png. Kept by content, so that the same picture is
 * there once and a recipe that names it can be run again.
 */
import { createHash } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { createInputHolds, type InputHolds } from './inputHolds.ts'
import { writeDurably } from './writeDurably.ts'

/** A kept input. The file is a PNG with nothing in it but pixels: upright, sRGB, no location, no camera. */
export type Input = { id: string; width: number; height: number }

/** Width and height in pixels. */
export type Size = { width: number; height: number }

export type Inputs = {
  /** Who works with an input although no row names it yet. */
  holds: InputHolds
  /**
   * Checks, cleans and keeps a picture. `size`: cropped from the middle and scaled to it, or to what is made of the upright picture's
   * own; left out: as it is, at most 2048 px a side.
   * @throws UserError invalid-options that says what is wrong with the file
   */
  keep(bytes: Uint8Array, size?: Size | ((own: Size) => Size)): Promise<Input>
  /** The id under which `keep` would keep it. @throws UserError as `keep` */
  idOf(bytes: Uint8Array): Promise<string>
  /**
   * The same for a mask of a picture that was kept in `size`: grey, black where nothing is to change, cropped as the picture was.
   * @param of the picture as it came, which the mask has to fit
   * @throws UserError invalid-options also when it has another shape, or nothing in it is white
   */
  keepMask(bytes: Uint8Array, of: Uint8Array, size: Size): Promise<Input>
  /** The file. @throws Error when it is gone */
  png(id: string): Promise<Buffer>
  /** Deletes a kept picture at once; nothing happens when it is not there. */
  remove(id: string): void
  /** Deletes what was not used by anything for an hour. @param isUsed whether a picture or a job still needs it */
  sweep(isUsed: (id: string) => boolean): Promise<void>
}

/** What may come in. Discord's own limit for people without Nitro is 10 MB. */
const MAX_BYTES = 25_000_000
const MAX_PIXELS = 40_000_000
const LARGEST_SIDE = 2048
const SMALLEST_SIDE = 16
/** A mask may be this much off the picture's shape (natural logarithm), and its grey this much off black and white. */
const SAME_SHAPE = 0.03
const MASK_NOISE = 12
/** Somebody may be typing the command that needs it. */
const GRACE_MS = 60 * 60_000

const kinds: readonly { name: string; fits: (head: string) => boolean }[] = [
  { name: 'PNG', fits: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { name: 'JPEG', fits: (head) => head.startsWith('\xff\xd8\xff') },
  { name: 'WebP', fits: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' },
]

/** The store over the folder `inputs` in `dataDir`. */
export async function createInputs(dataDir: string): Promise<Inputs> {
  const folder = path.join(dataDir, 'inputs')
  await mkdir(folder, { recursive: true })
  const holds = createInputHolds()
  const fileOf = (id: string) => {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new Error('not the id of an input')
    return path.join(folder, `${id}.png`)
  }

  async function store({ data, info }: Encoded): Promise<Input> {
    const id = hashOf(data)
    holds.hold([id])
    await writeDurably(fileOf(id), data)
    return { id, width: info.width, height: info.height }
  }

  return {
    holds,
    idOf: async (bytes) => hashOf((await cleaned(bytes, undefined)).data),
    keep: async (bytes, size) => store(await cleaned(bytes, size)),
    async keepMask(bytes, of, size) {
      mustFit(await sizeOf(bytes), await sizeOf(of))
      return store(await twoToned((await cleaned(bytes, size)).data))
    },
    png: (id) => readFile(fileOf(id)),
    remove: (id) => rmSync(fileOf(id), { force: true }),
    async sweep(isUsed) {
      for (const name of await readdir(folder)) {
        const file = path.join(folder, name)
        // In one step: `keep` may be writing the same picture anew.
        const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
        const isOld = Date.now() - modified > GRACE_MS
        if (isOld && !(name.endsWith('.png') && isUsed(path.basename(name, '.png')))) rmSync(file)
      }
    },
  }
}

type Encoded = { data: Buffer; info: Size }

/** Width and height of the upright picture, by its first bytes and its header, before anything is decoded. */
async function sizeOf(bytes: Uint8Array): Promise<Size> {
  mustBeSmall(bytes.length)
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (!kinds.some(({ fits }) => fits(head))) {
    throw refusal(`This file is not a picture that Darkroom can read; please send a ${kindNames()}.`)
  }
  // Without a limit: what is too large shall be told as that.
  const { width, height, autoOrient } = await readable(sharp(bytes, { limitInputPixels: false }).metadata())
  if (width * height > MAX_PIXELS) {
    const most = `${MAX_PIXELS / 1_000_000} million pixels`
    throw refusal(`This picture has ${width} × ${height} pixels; please send one with at most ${most}.`)
  }
  if (Math.min(width, height) < SMALLEST_SIDE) {
    throw refusal(
      `This picture has ${width} × ${height} pixels; please send one with at least ${SMALLEST_SIDE} on each side.`,
    )
  }
  return autoOrient
}

async function cleaned(
  bytes: Uint8Array,
  wanted: Size | ((own: Size) => Size) | undefined,
): Promise<Encoded> {
  const own = await sizeOf(bytes)
  const size = typeof wanted === 'function' ? wanted(own) : wanted
  const upright = sharp(bytes, { limitInputPixels: MAX_PIXELS }).autoOrient()
  const fitted = size
    ? upright.resize({ width: size.width, height: size.height, fit: 'cover' })
    : upright.resize(LARGEST_SIDE, LARGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
  // White behind what was see-through: the models know no transparency.
  const plain = fitted.flatten({ background: 'white' }).toColourspace('srgb').removeAlpha()
  return readable(plain.png().toBuffer({ resolveWithObject: true }))
}

/** What is nearly black or white becomes that, because JPEG leaves its traces there; nothing to draw anew is refused. */
async function twoToned(picture: Buffer): Promise<Encoded> {
  const { data, info } = await sharp(picture)
    .toColourspace('b-w')
    .linear(255 / (255 - 2 * MASK_NOISE), (-255 * MASK_NOISE) / (255 - 2 * MASK_NOISE))
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (data.every((value) => value === 0)) {
    throw refusal('This mask is black all over; please paint white what is to be drawn anew.')
  }
  const raw = { width: info.width, height: info.height, channels: 1 as const }
  return sharp(data, { raw }).png().toBuffer({ resolveWithObject: true })
}

function mustFit(mask: Size, picture: Size): void {
  const stretch = (mask.width / mask.height) * (picture.height / picture.width)
  if (Math.abs(Math.log(stretch)) < SAME_SHAPE) return
  const [has, wants] = [mask, picture].map(({ width, height }) => `${width} × ${height}`)
  throw refusal(`The mask must have the shape of the picture, ${wants} pixels; yours has ${has}.`)
}

/** What sharp says of a broken file is for nobody. */
async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch {
    throw refusal('This picture is damaged; please save it again and send it once more.')
  }
}

/** @throws UserError invalid-options when a file of this many bytes is not taken */
export function mustBeSmall(bytes: number): void {
  if (bytes <= MAX_BYTES) return
  const [has, most] = [bytes, MAX_BYTES].map((each) => `${Math.ceil(each / 1_000_000)} MB`)
  throw refusal(`This file has ${has}; please send one of at most ${most}.`)
}

const hashOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex')

const kindNames = (): string =>
  kinds
    .map(({ name }) => name)
    .join(', ')
    .replace(/, (\w+)$/, ' or $1')

const refusal = (sentence: string) => new UserError('invalid-options', sentence)

/** img2img: a run that begins from a picture under noise (SDEdit, Meng et al. 2022) instead of from noise alone. */
import sharp, { type Sharp } from 'sharp'
import type { InputImages } from '../../../domain.ts'
import { effectiveSteps } from '../../effectiveSteps.ts'
import { enlarge } from './picture.ts'
import type { Denoiser } from './samplers/sampler.ts'

/** What a run begins from, in the model's own size. */
export type Beginning = {
  /** RGB planes in -1..1. */
  image: Float32Array
  /** As many numbers as `image`: 1 is drawn anew, 0 stays. Undefined: all is drawn anew. */
  mask: Float32Array | undefined
  /** Denoising strength, 0..1. */
  strength: number
}

/**
 * The noise levels that are left of a whole schedule (`steps + 1` numbers): `effectiveSteps + 1`, its last ones. So the run begins at the
 * level where that many steps remain, as k-diffusion's users do it (AUTOMATIC1111's sample_img2img: x = picture + noise x sigmas[0]).
 */
export function remaining(sigmas: readonly number[], strength: number): readonly number[] {
  const steps = sigmas.length - 1
  return sigmas.slice(steps - effectiveSteps(steps, strength))
}

/**
 * Inpainting as AUTOMATIC1111 does it (masked content "original"): in every guess what is to stay is replaced by the picture itself. The
 * samplers walk towards the guess, so at each step that part is the picture noised to just that step's level.
 */
export function keepOutside(denoise: Denoiser, { image, mask }: Beginning): Denoiser {
  if (mask === undefined) return denoise
  return async (x, sigma) => {
    const { guess, guidance } = await denoise(x, sigma)
    return { guess: blend(image, guess, mask), guidance }
  }
}

function blend(kept: Float32Array, fresh: Float32Array, mask: Float32Array): Float32Array {
  return fresh.map((value, index) => {
    const share = mask[index] as number
    return share * value + (1 - share) * (kept[index] as number)
  })
}

/** Both pictures scaled down to what the network sees. */
export async function beginningOf(input: InputImages, strength: number, pixels: number): Promise<Beginning> {
  const [image, mask] = await Promise.all([
    imagePlanes(input.image, pixels),
    input.mask && planes(input.mask, pixels, (byte) => byte / 255),
  ])
  return { image, mask, strength }
}

/** A picture that this model has drawn gives back the very numbers it was enlarged from; any other is averaged. */
async function imagePlanes(png: Uint8Array, pixels: number): Promise<Float32Array> {
  const scale = (byte: number) => byte / 127.5 - 1
  const { data, info } = await sharp(png)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picked = await planes(png, pixels, scale, 'nearest')
  const again = await enlarge(picked, pixels, info.width).raw().toBuffer()
  return again.equals(data) ? picked : planes(png, pixels, scale)
}

async function planes(
  png: Uint8Array,
  side: number,
  scale: (byte: number) => number,
  kernel: 'nearest' | 'lanczos3' = 'lanczos3',
): Promise<Float32Array> {
  const bytes = await sharp(png)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(side, side, { fit: 'fill', kernel })
    .raw()
    .toBuffer()
  const area = side ** 2
  return Float32Array.from({ length: 3 * area }, (_, index) =>
    scale(bytes[3 * (index % area) + Math.floor(index / area)] as number),
  )
}

/** The large picture with the pixels of `original` wherever the mask is black: they never went through the small model. */
export async function putBack(drawn: Sharp, { image, mask }: InputImages, size: number): Promise<Sharp> {
  if (mask === undefined) return drawn
  const [fresh, kept, shares] = await Promise.all(
    [drawn, sharp(image), sharp(mask)].map((one) => rgbOf(one, size)),
  )
  const mixed = kept?.map((value, index) => {
    const share = (shares?.[index] ?? 0) / 255
    return Math.round(share * (fresh?.[index] ?? 0) + (1 - share) * value)
  })
  return sharp(mixed, { raw: { width: size, height: size, channels: 3 } })
}

function rgbOf(picture: Sharp, size: number): Promise<Buffer> {
  return picture.toColourspace('srgb').removeAlpha().resize(size, size, { fit: 'fill' }).raw().toBuffer()
}

/** Steps of a run as small pictures. */
import sharp from 'sharp'
import { toRgb, type Size } from './planes.ts'

/** Raw pixels that sharp composites as they are. */
export type Frame = { input: Buffer; raw: { width: number; height: number; channels: 3 } }

/**
 * A frame of the run in the size for viewing. `dots` keeps the model's own pixels visible (for noise); `smooth` scales with
 * Lanczos, as the picture itself is scaled for viewing.
 */
export async function frame(
  planes: Float32Array,
  size: Size,
  to: Size,
  how: 'dots' | 'smooth',
): Promise<Frame> {
  const raw = { width: size.width, height: size.height, channels: 3 as const }
  const input = await sharp(toRgb(planes), { raw })
    .resize(to.width, to.height, { fit: 'fill', kernel: how === 'dots' ? 'nearest' : 'lanczos3' })
    .raw()
    .toBuffer()
  return { input, raw: { width: to.width, height: to.height, channels: 3 } }
}

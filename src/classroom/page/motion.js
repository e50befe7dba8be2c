/** Moving pictures (GIF, animated WebP) stand still for people who ask their system for less motion. */
import { el } from './dom.js'

const lessMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** The first bytes tell: every GIF counts as moving; a WebP when bit 1 of its VP8X flags is set (RFC 9649, 2.7). */
async function isAnimated(src, type) {
  if (type === 'image/gif') return true
  if (type !== 'image/webp') return false
  const response = await fetch(src)
  const reader = response.body.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  const chunk = String.fromCharCode(...(value ?? []).slice(12, 16))
  return chunk === 'VP8X' && (value[20] & 0b10) !== 0
}

/**
 * The image, or the image with its first frame laid over it while it stands still.
 * @param {HTMLImageElement} image
 * @param {{src: string, type: string}} file
 */
export function withPause(image, { src, type }) {
  if (!lessMotion() || !['image/gif', 'image/webp'].includes(type)) return image
  const place = el('span', { class: 'motion' }, image)
  const hold = async () => {
    if (!(await isAnimated(src, type))) return
    await image.decode()
    const still = el('canvas', {
      width: image.naturalWidth,
      height: image.naturalHeight,
      role: 'img',
      'aria-label': image.alt,
    })
    still.getContext('2d').drawImage(image, 0, 0)
    place.replaceChildren(still)
  }
  hold().catch(() => {})
  return place
}

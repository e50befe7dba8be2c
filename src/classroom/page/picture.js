/** One picture of a message: its alt text, its size before it has loaded, and the way to the larger view. */
import { el } from './dom.js'
import { attachmentOf } from './files.js'
import { withPause } from './motion.js'
import { localFile } from './urls.js'

/** Width and height in pixels as the classroom recorded them. */
export function sizeOf(media, message) {
  const from = media?.width ? media : attachmentOf(media, message)
  return from?.width && from.height ? { width: from.width, height: from.height } : undefined
}

/** What the larger view needs to know of a gallery item. */
function resolve(item, message) {
  const attachment = attachmentOf(item.media, message)
  const alt = item.description ?? attachment?.description ?? undefined
  return {
    src: localFile(attachment?.url ?? item.media?.url),
    alt,
    name: attachment?.filename ?? item.media?.filename ?? 'picture',
    type: item.media?.content_type ?? attachment?.content_type ?? '',
    size: sizeOf(item.media, message),
  }
}

/**
 * @param {any[]} items gallery items `{media, description, spoiler}`; the larger view walks through all of them
 * @param {number} index which of them
 * @param {{message: any, room: import('./main.js').Room}} where
 */
export function picture(items, index, { message, room }) {
  const all = items.map((item) => resolve(item, message))
  const one = all[index]
  if (!one.src) return el('p', { class: 'missing' }, one.alt ?? one.name, ' (not kept in this classroom)')
  if (one.type.startsWith('video/')) {
    return el('video', {
      class: 'video',
      src: one.src,
      controls: true,
      'aria-label': one.alt ?? one.name,
      ...one.size,
    })
  }
  const image = el('img', {
    src: one.src,
    alt: one.alt ?? `Picture ${one.name}, without description`,
    ...one.size,
  })
  const open = () =>
    room.showPictures(
      all.filter((other) => other.src),
      all.filter((o) => o.src).indexOf(one),
    )
  const frame = el(
    'button',
    { class: 'picture', title: one.alt, 'aria-label': `${image.alt} Show larger.`, onclick: open },
    withPause(image, one),
    one.alt && el('span', { class: 'alt-badge', 'aria-hidden': 'true' }, 'ALT'),
  )
  return items[index].spoiler ? covered(frame) : frame
}

function covered(frame) {
  return el('details', { class: 'hidden-part' }, el('summary', {}, 'Hidden picture: press to show'), frame)
}

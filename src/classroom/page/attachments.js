import { el } from './dom.js'
import { fileLink } from './files.js'
import { picture } from './picture.js'

/** The attachments of a message without Components V2, which shows its own. */
export function attachments(message, room) {
  const all = message.attachments ?? []
  const isPicture = (one) => /^(image|video)\//.test(one.content_type ?? '')
  const items = all.filter(isPicture).map((one) => ({ media: one, description: one.description }))
  const columns = items.length === 1 ? 1 : items.length <= 4 ? 2 : 3
  const cells = items.map((_, i) =>
    el('div', { class: 'gallery-cell' }, picture(items, i, { message, room })),
  )
  return [
    items.length > 0 && el('div', { class: `gallery gallery-${columns}` }, ...cells),
    ...all
      .filter((one) => !isPicture(one))
      .map((one) => fileLink({ url: one.url, name: one.filename, size: one.size }, message)),
  ].filter(Boolean)
}

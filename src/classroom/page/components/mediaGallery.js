import { el } from '../dom.js'
import { picture, sizeOf } from '../picture.js'

/** Wider than this and a picture (a filmstrip, a chart) gets a row of its own. */
const WIDE = 1.7
/** Wider than this and it may be larger when it is alone. */
const BROAD = 1.2

/** One to ten pictures side by side. */
export function mediaGallery(component, { message, room }) {
  const items = component.items ?? []
  const cells = items.map((item, i) => {
    const size = sizeOf(item.media, message)
    const ratio = size ? size.width / size.height : 1
    const shape = ratio > WIDE ? 'gallery-wide' : ratio > BROAD ? 'gallery-broad' : ''
    return el('div', { class: `gallery-cell ${shape}` }, picture(items, i, { message, room }))
  })
  const columns = items.length === 1 ? 1 : items.length <= 4 ? 2 : 3
  return el('div', { class: `gallery gallery-${columns}` }, ...cells)
}

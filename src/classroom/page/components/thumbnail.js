import { el } from '../dom.js'
import { picture } from '../picture.js'

/** The small picture of a section. */
export function thumbnail(component, { message, room }) {
  const item = { media: component.media, description: component.description, spoiler: component.spoiler }
  return el('div', { class: 'thumbnail' }, picture([item], 0, { message, room }))
}

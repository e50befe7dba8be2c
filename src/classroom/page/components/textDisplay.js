import { el } from '../dom.js'
import { markdown } from '../markdown.js'

/** Text with Discord's marks. */
export function textDisplay(component, { room }) {
  return el('div', { class: 'text' }, markdown(component.content ?? '', room))
}

/** Components V2 by their type number: one file per kind. A new kind is one file and one line here. */
import { el } from '../dom.js'
import { actionRow } from './actionRow.js'
import { button } from './button.js'
import { container } from './container.js'
import { file } from './file.js'
import { mediaGallery } from './mediaGallery.js'
import { section } from './section.js'
import { select } from './select.js'
import { separator } from './separator.js'
import { textDisplay } from './textDisplay.js'
import { thumbnail } from './thumbnail.js'

const kinds = {
  1: actionRow,
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: textDisplay,
  11: thumbnail,
  12: mediaGallery,
  13: file,
  14: separator,
  17: container,
}

/**
 * @typedef {{message: any, room: import('../main.js').Room, render: typeof renderComponent}} Context
 *   what every kind gets beside its own data
 * @param {any} component one component of a message, as Discord's JSON
 * @param {{message: any, room: import('../main.js').Room}} where
 * @returns {Node}
 */
export function renderComponent(component, where) {
  const kind = kinds[component.type]
  if (!kind)
    return el('p', { class: 'subtext' }, `(A part of kind ${Number(component.type)} cannot be shown here.)`)
  return kind(component, { ...where, render: renderComponent })
}

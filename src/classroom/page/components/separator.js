import { el } from '../dom.js'

/** A line, or only space: `spacing` 1 is small, 2 large. */
export function separator(component) {
  const size = component.spacing === 2 ? 'separator separator-large' : 'separator'
  return component.divider === false
    ? el('div', { class: `${size} separator-bare` })
    : el('hr', { class: size })
}

import { el } from '../dom.js'

/** Text with a small picture or a button beside it. */
export function section(component, context) {
  return el(
    'div',
    { class: 'section' },
    el(
      'div',
      { class: 'section-text' },
      ...component.components.map((child) => context.render(child, context)),
    ),
    component.accessory && el('div', { class: 'section-side' }, context.render(component.accessory, context)),
  )
}

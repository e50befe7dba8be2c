import { el } from '../dom.js'

/** A card around other components, with a coloured edge when the bot gives one. */
export function container(component, context) {
  const card = el(
    'div',
    { class: 'card' },
    ...(component.components ?? []).map((child) => context.render(child, context)),
  )
  const colour = component.accent_color
  if (Number.isInteger(colour)) card.style.setProperty('--edge', `#${colour.toString(16).padStart(6, '0')}`)
  if (!component.spoiler) return card
  return el('details', { class: 'hidden-part' }, el('summary', {}, 'Hidden: press to show'), card)
}

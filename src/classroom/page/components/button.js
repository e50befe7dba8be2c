import { el, icon } from '../dom.js'
import { messageLink, webLink } from '../urls.js'

const looks = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'secondary' }
const LINK = 5

/** A button; a link button is a link. */
export function button(component, { message, room }) {
  const emoji = component.emoji?.id ? undefined : component.emoji?.name
  const words = [
    emoji && el('span', { 'aria-hidden': 'true' }, emoji),
    component.label && el('span', {}, component.label),
  ]
  if (component.style === LINK) return linkButton(component, words, room)
  const press = (event) => room.press(message, component.custom_id, event.currentTarget)
  return el(
    'button',
    {
      class: `button button-${looks[component.style] ?? 'secondary'}`,
      disabled: component.disabled,
      'data-key': component.custom_id,
      'aria-label': component.label ? undefined : (component.emoji?.name ?? 'Button'),
      onclick: press,
    },
    ...words,
  )
}

function linkButton(component, words, room) {
  const inside = messageLink(component.url)
  if (inside && room.channelName(inside.channel)) {
    const go = () => room.open(inside.channel, inside.message)
    return el('button', { class: 'button button-secondary', onclick: go }, ...words)
  }
  const props = {
    class: 'button button-secondary',
    href: webLink(component.url),
    target: '_blank',
    rel: 'noopener noreferrer',
  }
  return el('a', props, ...words, icon('external'))
}

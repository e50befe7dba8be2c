/** "Apps" beside a message: the commands that work on it, in Discord's own menu of a message. */
import { el, icon } from './dom.js'
import { attachListbox } from './listbox.js'

const MESSAGE_COMMAND = 3

/**
 * @param {any} message Discord's message JSON
 * @param {import('./main.js').Room} room
 * @returns {HTMLElement | undefined} undefined when no command works on messages
 */
export function messageMenu(message, room) {
  const commands = () => room.commands.filter(({ type }) => type === MESSAGE_COMMAND)
  if (commands().length === 0) return undefined
  const control = el(
    'button',
    { class: 'message-menu', role: 'combobox', 'data-key': `menu-${message.id}` },
    'Apps',
    icon('chevron'),
  )
  const place = el('div', { class: 'message-menu-place' }, control)
  const list = attachListbox(control, place, {
    label: 'What to do with this message',
    onChoose: (item) => {
      list.hide()
      room.runMenu(item.label, message, control)
    },
  })
  control.addEventListener('click', () =>
    list.isOpen() ? list.hide() : list.show(commands().map(({ name }) => ({ label: name }))),
  )
  return place
}

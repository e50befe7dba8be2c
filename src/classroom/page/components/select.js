import { el, icon } from '../dom.js'
import { attachListbox } from '../listbox.js'
import { selectChoices } from '../selectChoices.js'

/** A menu; the choice is sent when the list closes. */
export function select(component, { message, room }) {
  const choices = selectChoices(component, room)
  const many = (component.max_values ?? 1) > 1
  const chosen = new Set(choices.filter((choice) => choice.default).map((choice) => choice.value))
  const words = el('span', { class: 'select-words' })
  const control = el(
    'button',
    {
      class: 'select',
      role: 'combobox',
      'aria-label': component.placeholder ?? 'Choose',
      disabled: component.disabled,
      'data-key': component.custom_id,
    },
    words,
    icon('chevron'),
  )
  const show = () => {
    const names = choices.filter((choice) => chosen.has(choice.value)).map((choice) => choice.label)
    words.textContent = names.length > 0 ? names.join(', ') : (component.placeholder ?? 'Choose…')
  }
  let before = ''
  const send = () => {
    show()
    const values = [...chosen]
    if (values.join() === before || values.length < (component.min_values ?? 1)) return
    room.press(message, component.custom_id, control, values)
  }
  const choose = (choice) => {
    if (!many) chosen.clear()
    if (chosen.has(choice.value)) chosen.delete(choice.value)
    else if (chosen.size < (component.max_values ?? 1)) chosen.add(choice.value)
    if (many) list.show(items())
    else list.hide()
  }
  const items = () => choices.map((choice) => ({ ...choice, selected: chosen.has(choice.value) }))
  const place = el('div', { class: 'select-place' }, control)
  const list = attachListbox(control, place, { onChoose: choose, onClose: send })
  control.addEventListener('click', () => {
    if (list.isOpen()) return list.hide()
    before = [...chosen].join()
    list.show(
      items(),
      Math.max(
        0,
        items().findIndex((item) => item.selected),
      ),
    )
  })
  show()
  return place
}

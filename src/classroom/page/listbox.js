/** A list of suggestions for a text field or a button, worked by keyboard as the ARIA combobox pattern says. */
import { el, fill, freshId, icon } from './dom.js'

/**
 * @typedef {{label: string, detail?: string, hint?: string, selected?: boolean, value?: unknown}} Item
 * @param {HTMLElement} control has role combobox and keeps the focus
 * @param {HTMLElement} place where the list goes; positioned by CSS
 * @param {{onChoose: (item: any) => void, onClose?: () => void, label?: string}} options
 */
export function attachListbox(control, place, { onChoose, onClose, label = 'Suggestions' }) {
  const id = freshId('list')
  const head = el('div', { class: 'listbox-head' })
  const list = el('ul', { role: 'listbox', id, 'aria-label': label })
  const box = el('div', { class: 'listbox' }, head, list)
  const isButton = control.tagName === 'BUTTON'
  let items = []
  let active = -1

  control.setAttribute('aria-haspopup', 'listbox')
  control.setAttribute('aria-expanded', 'false')
  const isOpen = () => box.isConnected

  const mark = (index) => {
    active = index
    for (const [i, node] of [...list.children].entries()) node.classList.toggle('active', i === index)
    const node = list.children[index]
    if (!node) return control.removeAttribute('aria-activedescendant')
    control.setAttribute('aria-activedescendant', node.id)
    node.scrollIntoView({ block: 'nearest' })
  }

  /** @param {Item[]} next @param {number} [first] the index that Enter takes; -1 for none */
  const show = (next, first = 0, header) => {
    items = next
    fill(head, header)
    head.hidden = !header
    list.hidden = items.length === 0
    fill(list, ...items.map((item, i) => optionNode(item, `${id}-${i}`, () => onChoose(item))))
    if (items.length === 0 && !header) return hide()
    const opening = !isOpen()
    if (opening) place.append(box)
    control.setAttribute('aria-controls', id)
    control.setAttribute('aria-expanded', String(items.length > 0))
    mark(Math.min(first, items.length - 1))
    if (opening && isButton) box.scrollIntoView({ block: 'nearest' })
  }

  const hide = () => {
    if (!isOpen()) return
    box.remove()
    active = -1
    control.setAttribute('aria-expanded', 'false')
    control.removeAttribute('aria-activedescendant')
    onClose?.()
  }

  const keys = {
    ArrowDown: () => mark((active + 1) % items.length),
    ArrowUp: () => mark((active <= 0 ? items.length : active) - 1),
    Enter: () => active >= 0 && (onChoose(items[active]), true),
    ...(isButton
      ? { ' ': () => active >= 0 && (onChoose(items[active]), true) }
      : { Tab: () => active >= 0 && (onChoose(items[active]), true) }),
    Escape: hide,
  }
  control.addEventListener('keydown', (event) => {
    const key = keys[event.key]
    if (!key || !isOpen() || event.isComposing || event.shiftKey) return
    if (items.length === 0 && event.key !== 'Escape') return
    if (key() === false) return
    event.preventDefault()
    event.stopImmediatePropagation()
  })
  control.addEventListener('blur', hide)
  return { show, hide, isOpen, active: () => items[active] }
}

function optionNode(item, id, choose) {
  const keepFocus = (event) => event.preventDefault()
  return el(
    'li',
    {
      role: 'option',
      id,
      'aria-selected': String(Boolean(item.selected)),
      onmousedown: keepFocus,
      onclick: choose,
    },
    item.selected && icon('check'),
    el('span', { class: 'option-name' }, item.label),
    item.detail && el('span', { class: 'option-detail' }, item.detail),
    item.hint && el('span', { class: 'option-hint' }, item.hint),
  )
}

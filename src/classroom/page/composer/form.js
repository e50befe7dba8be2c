/** The message box once a command is chosen: its options as fields, required ones first, the others one press away. */
import { el, fill, icon } from '../dom.js'
import { firstOfWords, nestOptions, splitAtOptions } from './commands.js'
import { createFileField, createTextField } from './field.js'
import { ATTACHMENT } from './values.js'

/**
 * @param {import('./commands.js').Entry} entry
 * @param {{room: import('../main.js').Room, place: HTMLElement, errorId: string,
 *   showError: (text: string) => void, leave: () => void}} context
 */
export function createCommandForm(entry, { room, place, errorId, showError, leave }) {
  const fieldsPlace = el('span', { class: 'option-fields' })
  const chips = el('div', { class: 'option-chips', role: 'group', 'aria-label': 'More options' })
  /** @type {import('./field.js').OptionField[]} */
  const fields = []

  const suggest = async (field) => {
    const options = filled(fields.filter((other) => other !== field && other.option.type !== ATTACHMENT))
    const focused = { name: field.option.name, type: field.option.type, value: field.raw(), focused: true }
    const payload = {
      ...room.here(),
      name: entry.path[0],
      options: nestOptions(entry, [...options, focused]),
    }
    return (await room.api.autocomplete(payload)).choices
  }

  const onInput = (field) => {
    showError('')
    field.setInvalid(false)
    const { before, values } = splitAtOptions(entry.options, field.text())
    if (values.size === 0) return
    field.set(before.trim())
    setAll(values).focus()
  }

  const add = (option) => {
    const make = option.type === ATTACHMENT ? createFileField : createTextField
    const field = make(option, { room, place, errorId, suggest, onInput, onRemove: remove })
    fields.push(field)
    fieldsPlace.append(field.node)
    drawChips()
    return field
  }
  const remove = (field) => {
    const at = fields.indexOf(field)
    fields.splice(at, 1)
    field.node.remove()
    drawChips()
    showError('')
    fields[Math.max(0, at - 1)]?.focus()
  }
  /** Puts values in their fields, making those that are missing; gives back the last one. */
  const setAll = (values) => {
    let last = fields[0]
    for (const [name, value] of values) {
      const option = entry.options.find((one) => one.name === name)
      if (!option) continue
      last = fields.find((one) => one.option === option) ?? add(option)
      last.set(value)
    }
    return last
  }
  const drawChips = () => {
    const rest = entry.options.filter((option) => !fields.some((field) => field.option === option))
    const chip = (option) =>
      el(
        'button',
        {
          type: 'button',
          class: 'option-chip',
          title: option.description,
          onclick: () => add(option).focus(),
        },
        icon('plus'),
        option.name,
      )
    fill(chips, ...rest.map(chip))
    chips.hidden = rest.length === 0
  }

  // Where nothing is required the first one stands open: with the focus on Send, the first space of what is typed would send.
  const required = entry.options.filter((option) => option.required)
  for (const option of required.length > 0 ? required : [firstOfWords(entry.options)].filter(Boolean))
    add(option)
  drawChips()

  const node = el(
    'div',
    { class: 'command-form' },
    el(
      'button',
      { type: 'button', class: 'command-chip', title: 'Choose another command', onclick: leave },
      `/${entry.name}`,
    ),
    fieldsPlace,
    entry.options.length === 0 && el('span', { class: 'subtle' }, 'Nothing to fill in: press Enter to send.'),
  )
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Backspace' || event.target.value !== '' || event.target.type === 'file') return
    const field = fields.find((one) => one.node.contains(event.target))
    if (!field) return
    event.preventDefault()
    if (!field.option.required && fields.length > 1) remove(field)
    else if (fields.every((one) => one.isEmpty())) leave()
  })

  return {
    node,
    chips,
    setAll,
    focus() {
      const field = fields.find((one) => one.isEmpty()) ?? fields[0]
      if (field) field.focus()
      else place.closest('form').querySelector('.send').focus()
    },
    takeFile(file) {
      const option = entry.options.find((one) => one.type === ATTACHMENT)
      if (!option) return false
      const field = fields.find((one) => one.option === option) ?? add(option)
      field.take(file)
      return true
    },
    texts: () =>
      new Map(fields.filter((field) => !field.isEmpty()).map((field) => [field.option.name, field.text()])),
    /** What to send, or undefined after saying what is missing. */
    collect() {
      const missing = fields.find((field) => field.option.required && field.isEmpty())
      if (missing)
        return refuse(missing, `“${missing.option.name}” is needed: ${missing.option.description}.`)
      const files = {}
      const values = []
      for (const field of fields.filter((one) => !one.isEmpty())) {
        const got = field.read()
        if ('error' in got) return refuse(field, got.error)
        const { name, type } = field.option
        if ('file' in got) files[name] = got.file
        values.push({ name, type, value: 'file' in got ? name : got.value })
      }
      return { name: entry.path[0], options: nestOptions(entry, values), files }
    },
  }

  function refuse(field, text) {
    field.setInvalid(true)
    field.focus()
    showError(text)
    return undefined
  }
}

const filled = (fields) =>
  fields
    .filter((field) => !field.isEmpty())
    .map((field) => ({ name: field.option.name, type: field.option.type, value: field.raw() }))

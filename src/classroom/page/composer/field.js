/** One option of a command in the message box: its name, its value, and suggestions for it. */
import { el, freshId, icon } from '../dom.js'
import { attachListbox } from '../listbox.js'
import { choiceItem, fixedChoices, INTEGER, limitWords, NUMBER, readValue, STRING } from './values.js'

const SUGGEST_AFTER_MS = 120
const LONGEST_LIST = 25
const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content')

/**
 * @typedef {{option: any, node: HTMLElement, isEmpty: () => boolean, focus: () => void, set: (text: string) => void,
 *   raw: () => unknown, read: () => {value: unknown} | {file: File} | {error: string}, text: () => string,
 *   setInvalid: (invalid: boolean) => void}} OptionField
 * @param {any} option
 * @param {{room: import('../main.js').Room, place: HTMLElement, errorId: string,
 *   suggest: (field: OptionField) => Promise<{name: string, value: unknown}[]>,
 *   onInput: (field: OptionField) => void, onRemove: (field: OptionField) => void}} context
 * @returns {OptionField}
 */
export function createTextField(option, { room, place, errorId, suggest, onInput, onRemove }) {
  const id = freshId('option')
  const fixed = fixedChoices(option, room)
  const long = option.type === STRING && fixed.length === 0 && !option.autocomplete
  const control = el(long ? 'textarea' : 'input', {
    id,
    rows: long ? 1 : undefined,
    type: long ? undefined : 'text',
    inputmode: option.type === INTEGER ? 'numeric' : option.type === NUMBER ? 'decimal' : undefined,
    autocomplete: 'off',
    spellcheck: long ? 'true' : 'false',
    role: long ? undefined : 'combobox',
    'aria-describedby': `${id}-help ${errorId}`,
    'aria-required': option.required ? 'true' : undefined,
  })
  const help = el(
    'span',
    { class: 'unseen', id: `${id}-help` },
    [option.description, limitWords(option)].filter(Boolean).join('. '),
  )
  const node = el(
    'span',
    { class: long ? 'option-field option-long' : 'option-field' },
    el('label', { for: id }, option.name),
    control,
    help,
    !option.required && removeButton(option, () => onRemove(field)),
  )
  /** The value behind a suggestion, while its label stands in the field. */
  let picked
  const list = attachListbox(control, place, {
    label: `Values for ${option.name}`,
    onChoose(item) {
      control.value = item.label
      picked = item
      list.hide()
      onInput(field)
    },
  })
  const header = helpLine(option)
  const showFixed = () => {
    const typed = control.value.trim().toLowerCase()
    const exact = fixed.some((one) => one.label.toLowerCase() === typed)
    const fitting = exact ? fixed : fixed.filter((one) => one.label.toLowerCase().includes(typed))
    list.show(fitting, exact || typed === '' ? -1 : 0, header)
  }
  let timer
  let asked = 0
  const showSuggested = async () => {
    asked += 1
    const mine = asked
    const choices = await suggest(field).catch(() => [])
    if (mine !== asked || document.activeElement !== control) return
    const items = choices.slice(0, LONGEST_LIST).map(choiceItem)
    list.show(items, -1, header)
  }
  const showList = () => {
    if (fixed.length > 0) return showFixed()
    list.show([], -1, header)
    if (!option.autocomplete) return
    clearTimeout(timer)
    timer = setTimeout(showSuggested, SUGGEST_AFTER_MS)
  }
  const grow = () => {
    if (!long || GROWS_BY_ITSELF) return
    control.style.height = 'auto'
    control.style.height = `${control.scrollHeight}px`
  }
  control.addEventListener('focus', showList)
  control.addEventListener('input', () => {
    if (picked && picked.label !== control.value) picked = undefined
    grow()
    onInput(field)
    if (document.activeElement === control) showList()
  })

  const field = {
    option,
    node,
    isEmpty: () => control.value.trim() === '',
    focus: () => control.focus(),
    set(text) {
      control.value = text
      picked = undefined
    },
    text: () => control.value,
    raw: () => picked?.value ?? control.value,
    read: () => (picked ? { value: picked.value } : readValue(option, control.value.trim(), fixed)),
    setInvalid: (invalid) => control.setAttribute('aria-invalid', String(invalid)),
  }
  return field
}

/** A file of this computer as the value of an option. */
export function createFileField(option, { onInput, onRemove, errorId }) {
  const id = freshId('option')
  const control = el('input', {
    id,
    type: 'file',
    class: 'option-file',
    'aria-describedby': errorId,
    title: option.description,
  })
  const node = el(
    'span',
    { class: 'option-field' },
    el('label', { for: id }, option.name),
    control,
    !option.required && removeButton(option, () => onRemove(field)),
  )
  control.addEventListener('change', () => onInput(field))
  const field = {
    option,
    node,
    isEmpty: () => control.files.length === 0,
    focus: () => control.focus(),
    /** A file dropped or pasted. */
    take(file) {
      const transfer = new DataTransfer()
      transfer.items.add(file)
      control.files = transfer.files
    },
    set: () => {},
    text: () => '',
    raw: () => undefined,
    read: () => ({ file: control.files[0] }),
    setInvalid: (invalid) => control.setAttribute('aria-invalid', String(invalid)),
  }
  return field
}

function removeButton(option, remove) {
  return el(
    'button',
    { type: 'button', class: 'option-remove', 'aria-label': `Remove ${option.name}`, onclick: remove },
    icon('close'),
  )
}

function helpLine(option) {
  return el(
    'p',
    {},
    el('strong', {}, option.name),
    ' ',
    option.description,
    ...[limitWords(option), option.required ? '' : 'optional'].filter(Boolean).map((words) => ` · ${words}`),
  )
}

/** The message box. `/` lists the commands; a chosen one becomes a small form; Enter sends. */
import { avatar } from './avatar.js'
import {
  commandEntries,
  firstOfWords,
  matchingEntries,
  splitAtOptions,
  typedEntry,
} from './composer/commands.js'
import { createCommandForm } from './composer/form.js'
import { el, fill, icon } from './dom.js'
import { attachListbox } from './listbox.js'

/**
 * @param {HTMLElement} place
 * @param {import('./main.js').Room} room
 * @param {(command: {label: string, name: string, options: any[], files: Record<string, File>}) => unknown} send
 */
export function createComposer(place, room, send) {
  const error = el('p', { class: 'composer-error', id: 'composer-error', role: 'alert' })
  const me = el('span', { class: 'composer-me' })
  const content = el('div', { class: 'composer-content' })
  const chipsPlace = el('div', { class: 'chips-place' })
  const popup = el('div', { class: 'composer-popup' })
  const box = el('textarea', {
    id: 'message-box',
    rows: 1,
    role: 'combobox',
    'aria-label': 'Message box: type / for commands',
    'aria-describedby': 'composer-error',
    autocomplete: 'off',
  })
  const sendButton = el('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, icon('send'))
  const form = el(
    'form',
    { class: 'composer', 'aria-label': 'Message box' },
    popup,
    el('div', { class: 'composer-row' }, me, content, sendButton),
    chipsPlace,
    error,
  )
  let entries = []
  let current
  let last

  const showError = (text) => fill(error, text)
  const list = attachListbox(box, popup, { label: 'Commands', onChoose: (item) => begin(item.value) })

  const idle = (text = '') => {
    current = undefined
    box.value = text
    fill(content, box)
    fill(chipsPlace)
    showError('')
    list.hide()
  }
  const begin = (entry, values = new Map()) => {
    list.hide()
    showError('')
    const leave = () => {
      idle(`/${entry.name}`)
      box.focus()
      suggest()
    }
    const made = createCommandForm(entry, { room, place: popup, errorId: 'composer-error', showError, leave })
    current = { entry, form: made }
    fill(content, made.node)
    fill(chipsPlace, made.chips)
    made.setAll(values)
    made.focus()
  }
  /** "/imagine a red heart seed:7" as one text: words without a name go to the first option that is not a file. */
  const beginTyped = ({ entry, rest }) => {
    const { before, values } = splitAtOptions(entry.options, rest)
    const first = firstOfWords(entry.options)
    if (before.trim() && first) values.set(first.name, before.trim())
    begin(entry, values)
  }
  const suggest = () => {
    const text = box.value
    if (!text.startsWith('/')) return list.hide()
    const typed = typedEntry(entries, text)
    if (typed) return beginTyped(typed)
    const found = matchingEntries(entries, text.slice(1))
    const items = found.map((entry) => ({ label: `/${entry.name}`, detail: entry.description, value: entry }))
    const none =
      entries.length === 0 ? 'No commands yet: the bot is still starting.' : 'No command is called that.'
    list.show(items, 0, items.length === 0 ? el('p', {}, none) : undefined)
  }
  const submit = () => {
    if (!current) {
      const typed = typedEntry(entries, `${box.value.trim()} `)
      if (typed) return beginTyped(typed)
      box.focus()
      return showError(whatIsWrong(box.value.trim()))
    }
    const collected = current.form.collect()
    if (!collected) return
    last = { name: current.entry.name, texts: current.form.texts() }
    send({ ...collected, label: current.entry.name })
    idle()
    box.focus()
  }

  box.addEventListener('input', () => {
    showError('')
    suggest()
  })
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowUp' && box.value === '' && last) {
      event.preventDefault()
      start(last.name, last.texts)
    }
  })
  form.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey && ['TEXTAREA', 'INPUT'].includes(event.target.tagName)) {
      event.preventDefault()
      submit()
    }
    if (event.key === 'Escape' && current) {
      idle()
      box.focus()
    }
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })
  const takeFiles = (event, files) => {
    if (files?.length && current?.form.takeFile(files[0])) event.preventDefault()
  }
  form.addEventListener('paste', (event) => takeFiles(event, event.clipboardData?.files))
  form.addEventListener('dragover', (event) => event.preventDefault())
  form.addEventListener('drop', (event) => {
    event.preventDefault()
    takeFiles(event, event.dataTransfer?.files)
  })
  const start = (name, values) => {
    const entry = entries.find((one) => one.name === name)
    if (entry) begin(entry, values)
  }

  idle()
  fill(place, form)
  return {
    /** After a change of person or of the registered commands; what is being typed stays. */
    refresh() {
      entries = commandEntries(room.commands)
      fill(me, avatar(room.me))
      box.placeholder = 'Type / and make something'
      me.title = `You are ${room.me.name}`
    },
    start,
    clear: () => idle(),
  }
}

function whatIsWrong(text) {
  if (text === '') return 'Type / to choose a command.'
  return text.startsWith('/')
    ? 'No command is called that: type / alone to see them all.'
    : 'Commands begin with a slash: type / to see them.'
}

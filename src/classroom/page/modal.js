/** A form of the bot in a dialog: keyboard focus stays inside, Escape closes, what was typed survives a failure. */
import { el, fill, icon } from './dom.js'
import { createField } from './modalFields.js'

/**
 * @param {any} modal Discord's modal JSON: title, custom_id, components
 * @param {import('./main.js').Room} room
 * @param {(fields: Record<string, unknown>, files: Record<string, File>) => Promise<void>} submit
 *   throws an Error to show in the dialog
 */
export function openModal(modal, room, submit) {
  const fields = (modal.components ?? []).map((component) => createField(component, room))
  const error = el('p', { class: 'form-error', role: 'alert' })
  const send = el('button', { class: 'button button-primary', type: 'submit' }, 'Send')
  const close = () => dialog.close()
  const form = el(
    'form',
    { novalidate: true },
    el(
      'header',
      {},
      el('h2', { id: 'modal-title' }, modal.title),
      el(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
    ),
    el('div', { class: 'modal-fields' }, ...fields.map((field) => field.node)),
    error,
    el(
      'footer',
      {},
      el('button', { type: 'button', class: 'button button-secondary', onclick: close }, 'Cancel'),
      send,
    ),
  )
  const dialog = el('dialog', { class: 'modal', 'aria-labelledby': 'modal-title' }, form)

  const trySubmit = async () => {
    const values = {}
    const files = {}
    for (const field of fields) field.collect(values, files)
    send.disabled = true
    fill(error)
    try {
      await submit(values, files)
      dialog.close()
    } catch (problem) {
      fill(error, problem.message)
    }
    send.disabled = false
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const wrong = fields.filter((field) => !field.check())
    if (wrong.length > 0) wrong[0].focus()
    else void trySubmit()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  fields.find((field) => field.focus)?.focus()
}

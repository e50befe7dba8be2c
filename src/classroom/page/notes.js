/** Lines that the page itself adds below the messages: a command on its way, or one that failed. */
import { el, icon } from './dom.js'

/** Faster answers never show the line. */
const SHOW_AFTER_MS = 300

/**
 * @param {string} name of the person
 * @param {string} command as typed, without values
 */
export function pendingNote(name, command) {
  const words = el('span', {}, 'Sending…')
  const node = el(
    'div',
    { class: 'note-line' },
    el(
      'p',
      {},
      el('strong', {}, name),
      ' used ',
      el('span', { class: 'command-name' }, `/${command}`),
      ' · ',
      words,
    ),
  )
  node.hidden = true
  const timer = setTimeout(() => (node.hidden = false), SHOW_AFTER_MS)
  return {
    node,
    done() {
      clearTimeout(timer)
      node.remove()
    },
    /** @param {string} text what went wrong @param {() => unknown} again */
    fail(text, again) {
      clearTimeout(timer)
      node.hidden = false
      node.classList.add('note-failed')
      words.replaceWith(
        el('span', { role: 'alert' }, text),
        ' ',
        el('button', { class: 'quiet-link', onclick: () => (node.remove(), again()) }, 'Try again'),
        ' ',
        el('button', { class: 'quiet-link', onclick: () => node.remove() }, 'Dismiss'),
      )
      node.prepend(icon('warning'))
    },
  }
}

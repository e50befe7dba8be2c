/** The larger view: one picture with its description, arrows to the others of its message. */
import { el, fill, icon } from './dom.js'

/** @returns {(pictures: {src: string, alt: string | undefined, name: string}[], index: number) => void} opens it */
export function createViewer() {
  const image = el('img', { onclick: () => zoom(!isZoomed()) })
  const caption = el('p', { class: 'viewer-caption' })
  const count = el('p', { class: 'viewer-count', 'aria-live': 'polite' })
  const full = el(
    'button',
    { class: 'button button-secondary', onclick: () => zoom(!isZoomed()) },
    'Full size',
  )
  const save = el('a', { class: 'button button-secondary', download: true }, 'Save')
  const close = el(
    'button',
    { class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
    icon('close'),
  )
  const previous = stepButton('previous', 'Previous picture', () => step(-1))
  const next = stepButton('next', 'Next picture', () => step(1))
  const stage = el('div', { class: 'viewer-stage' }, image)
  const dialog = el(
    'dialog',
    { class: 'viewer', 'aria-label': 'Picture' },
    el('div', { class: 'viewer-bar' }, count, full, save, close),
    stage,
    caption,
    previous,
    next,
  )
  const isZoomed = () => stage.classList.contains('viewer-zoomed')
  const zoom = (on) => {
    stage.classList.toggle('viewer-zoomed', on)
    full.setAttribute('aria-pressed', String(on))
  }
  let pictures = []
  let at = 0

  const step = (by) => {
    if (pictures.length < 2) return
    at = (at + by + pictures.length) % pictures.length
    show()
  }
  const show = () => {
    const one = pictures[at]
    zoom(false)
    image.src = one.src
    image.alt = one.alt ?? one.name
    save.href = one.src
    save.setAttribute('download', one.name)
    fill(caption, one.alt ?? 'This picture has no description.')
    fill(count, pictures.length > 1 ? `${at + 1} of ${pictures.length}` : '')
    previous.hidden = next.hidden = pictures.length < 2
  }
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') step(-1)
    if (event.key === 'ArrowRight') step(1)
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target === stage) dialog.close()
  })
  document.body.append(dialog)

  return (all, index) => {
    pictures = all
    at = Math.max(0, index)
    show()
    dialog.showModal()
    close.focus()
  }
}

const stepButton = (name, words, go) =>
  el('button', { class: 'icon-button viewer-step', 'aria-label': words, onclick: go }, icon(name))

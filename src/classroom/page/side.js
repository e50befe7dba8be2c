/** On a narrow screen the channels are a drawer; the rest of the page waits while it is open. */
import { fill, icon } from './dom.js'

const narrow = matchMedia('(max-width: 760px)')

/** @param {HTMLElement} side @param {HTMLElement} toggle */
export function createSide(side, toggle) {
  fill(toggle, icon('menu'))
  let open = false
  const draw = () => {
    document.body.classList.toggle('side-open', open && narrow.matches)
    toggle.setAttribute('aria-expanded', String(open))
    side.inert = narrow.matches && !open
  }
  const set = (next) => {
    const had = side.contains(document.activeElement)
    open = next
    draw()
    if (open) side.querySelector('button')?.focus()
    else if (had && narrow.matches) toggle.focus()
  }
  toggle.addEventListener('click', () => set(!open))
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open && narrow.matches) set(false)
  })
  document.addEventListener('pointerdown', (event) => {
    if (open && narrow.matches && !side.contains(event.target) && !toggle.contains(event.target)) set(false)
  })
  narrow.addEventListener('change', draw)
  draw()
  return { close: () => set(false) }
}

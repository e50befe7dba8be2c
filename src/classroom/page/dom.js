/** Building DOM nodes. Server data only ever becomes text nodes and checked attributes; nothing here parses HTML. */

const SVG = 'http://www.w3.org/2000/svg'

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] `class`, attributes, and listeners as `onclick: function`;
 *   false, null and undefined leave the attribute out, true sets it empty
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {any} the element
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) setProp(node, name, value)
  append(node, children)
  return node
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return
  if (typeof value === 'function') node.addEventListener(name.replace(/^on/, ''), value)
  else if (name.startsWith('on')) throw new Error(`${name} must be a function`)
  else if (name === 'value') node.value = value
  else node.setAttribute(name, value === true ? '' : String(value))
}

/** Appends children, leaving out the empty ones. */
export function append(node, children) {
  for (const child of children.flat()) {
    if (child === undefined || child === null || child === false || child === '') continue
    node.append(child instanceof Node ? child : String(child))
  }
}

/** Replaces everything inside. */
export function fill(node, ...children) {
  node.replaceChildren()
  append(node, children)
}

/**
 * Runs a change that makes the nodes inside anew, and puts the focus back on the one with the same `data-key`.
 * @param {HTMLElement} node @param {() => void} change
 */
export function keepFocus(node, change) {
  const key = node.contains(document.activeElement) ? document.activeElement.dataset.key : undefined
  change()
  if (key) node.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true })
}

const paths = {
  hash: 'M9 4 7 20M17 4l-2 16M4 9h17M3 15h17',
  talk: 'M4 5h16v11H10l-4 4v-4H4z',
  thread: 'M5 4v9a4 4 0 0 0 4 4h10M15 13l4 4-4 4',
  send: 'M4 12h14M12 5l7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  check: 'M5 13l4 4 10-11',
  down: 'M12 5v14M6 13l6 6 6-6',
  chevron: 'M6 9l6 6 6-6',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  reply: 'M5 20v-6a4 4 0 0 1 4-4h10M15 6l4 4-4 4',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  play: 'M7 5l12 7-12 7z',
  pause: 'M8 5v14M16 5v14',
  warning: 'M12 4 2.5 20h19zM12 10v4M12 17v.5',
}

/**
 * A line drawing, hidden from screen readers: always put words beside it.
 * @param {keyof typeof paths} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}

let counter = 0

/** An id that no other element of the page has. */
export function freshId(prefix) {
  counter += 1
  return `${prefix}-${counter}`
}

/** A round picture of a person made of their initial and a colour that stays theirs; no file is loaded. */
import { el } from './dom.js'

const HUES = [28, 168, 212, 265, 320, 95, 48, 190]

/** FNV-1a, 32 bit: spreads ids over the colours. */
function hash(text) {
  let value = 0x811c9dc5
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 0x01000193)
  return value >>> 0
}

/**
 * Hidden from screen readers: the name stands beside it.
 * @param {{id: string, name: string, bot?: boolean}} person
 */
export function avatar({ id, name, bot = false }) {
  const node = el('span', { class: bot ? 'avatar avatar-bot' : 'avatar', 'aria-hidden': 'true' })
  if (!bot) {
    node.style.setProperty('--hue', String(HUES[hash(id) % HUES.length]))
    node.append(String.fromCodePoint(name.codePointAt(0) ?? 63).toUpperCase())
  }
  return node
}

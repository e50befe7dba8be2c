/** The messages of the open channel, in order, kept up to date in place. */
import { emptyState } from './emptyState.js'
import { el, fill, icon } from './dom.js'
import { createMessage } from './message.js'
import { dayKey, dayName } from './time.js'

/** Nearer to the end than this (pixels), and the log follows what comes. */
const NEAR_END = 120

/** Snowflakes as numbers too large for a double: longer is later, else alphabetical. */
export const compareIds = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

/**
 * @param {HTMLElement} place the scrolling element
 * @param {import('./main.js').Room} room
 */
export function createLog(place, room) {
  const list = el('ol', { class: 'messages', 'aria-label': 'Messages' })
  const notes = el('div', { class: 'notes' })
  const empty = el('div', { class: 'empty-place' })
  const toEnd = el('button', { class: 'to-end', onclick: () => follow('smooth') }, icon('down'), 'Newest')
  toEnd.hidden = true
  fill(place, empty, list, notes, toEnd)
  /** @type {Map<string, {node: HTMLElement, row: HTMLElement, message: any, update: (message: any) => void}>} */
  const shown = new Map()
  let channel

  const nearEnd = () => place.scrollHeight - place.scrollTop - place.clientHeight < NEAR_END
  const follow = (behavior = 'instant') => place.scrollTo({ top: place.scrollHeight, behavior })
  /** Runs a change and stays at the end when the log was there. */
  const keepingPlace = (change) => {
    const stay = nearEnd()
    change()
    if (stay) follow()
    toEnd.hidden = nearEnd()
  }
  place.addEventListener('scroll', () => (toEnd.hidden = nearEnd()), { passive: true })
  const resized = new ResizeObserver(() => {
    if (toEnd.hidden) follow()
  })
  resized.observe(list)
  resized.observe(place)

  const refreshEmpty = () => fill(empty, shown.size === 0 && channel && emptyState(channel, room))

  const insert = (message, live) => {
    const made = createMessage(message, room)
    if (live) made.node.classList.add('message-new')
    const row = el('li', { 'data-id': message.id }, made.node)
    const after = [...list.children].find(
      (other) => other.dataset.id && compareIds(other.dataset.id, message.id) > 0,
    )
    list.insertBefore(row, after ?? null)
    shown.set(message.id, { ...made, row, message })
  }

  const put = (message, live = false) => {
    const known = shown.get(message.id)
    if (!known) insert(message, live)
    else {
      known.message = message
      develop(known.node, () => known.update(message))
    }
  }

  return {
    show(nextChannel, messages) {
      channel = nextChannel
      shown.clear()
      fill(list)
      fill(notes)
      for (const message of messages.toSorted((a, b) => compareIds(a.id, b.id))) insert(message, false)
      markDays(list, shown)
      refreshEmpty()
      follow()
    },
    put: (message) =>
      keepingPlace(() => {
        put(message, true)
        markDays(list, shown)
        refreshEmpty()
      }),
    remove: (id) =>
      keepingPlace(() => {
        shown.get(id)?.row.remove()
        shown.delete(id)
        markDays(list, shown)
        refreshEmpty()
      }),
    has: (id) => shown.has(id),
    get: (id) => shown.get(id)?.message,
    /** A line of the page itself (sending, failed) at the end of the log. */
    note: (node) => keepingPlace(() => notes.append(node)),
    errorAt: (id) => shown.get(id)?.node.querySelector('.message-error'),
    /** Brings a message into view and says which one it is. */
    point(id) {
      const node = shown.get(id)?.node
      if (!node) return
      node.scrollIntoView({ block: 'center' })
      node.focus({ preventScroll: true })
      node.classList.add('message-pointed')
      setTimeout(() => node.classList.remove('message-pointed'), 2000)
    },
    follow,
  }
}

/** New pictures of an edited message come up slowly, over the ones they replace. */
function develop(node, update) {
  const before = [...node.querySelectorAll('.picture img')].map((image) => image.getAttribute('src'))
  update()
  for (const [i, image] of [...node.querySelectorAll('.picture img')].entries()) {
    if (before.includes(image.getAttribute('src'))) continue
    image.classList.add('developing')
    if (before[i]) image.style.backgroundImage = `url("${CSS.escape(before[i])}")`
  }
}

/** A line with the date above the first message of each day. */
function markDays(list, shown) {
  for (const line of list.querySelectorAll('.day')) line.remove()
  let last
  for (const row of list.querySelectorAll(':scope > li')) {
    const date = new Date(shown.get(row.dataset.id).message.timestamp)
    if (dayKey(date) !== last) row.before(el('li', { class: 'day' }, el('span', {}, dayName(date))))
    last = dayKey(date)
  }
}

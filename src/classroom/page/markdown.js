/** Message text as DOM nodes. Text stays text: marks become elements, everything else text nodes. */
import { el } from './dom.js'
import { parseBlocks } from './markdownBlocks.js'
import { fullTime, markedTime } from './time.js'
import { messageLink, webLink } from './urls.js'

/**
 * @param {string} text
 * @param {import('./main.js').Room} room names for mentions, and where links inside the class lead
 * @returns {DocumentFragment}
 */
export function markdown(text, room) {
  const fragment = document.createDocumentFragment()
  fragment.append(...parseBlocks(text).map((block) => blockNode(block, room)))
  return fragment
}

function blockNode(block, room) {
  switch (block.kind) {
    // The channel is h1, the author of a message h2.
    case 'heading':
      return el(
        `h${block.level + 2}`,
        { class: `heading-${block.level}` },
        ...inlineNodes(block.children, room),
      )
    case 'subtext':
      return el('p', { class: 'subtext' }, ...inlineNodes(block.children, room))
    case 'code':
      return el('pre', { tabindex: '0' }, el('code', {}, block.text))
    case 'quote':
      return el('blockquote', {}, ...block.blocks.map((inner) => blockNode(inner, room)))
    case 'list': {
      const items = block.items.map((item) => el('li', {}, ...item.map((inner) => blockNode(inner, room))))
      return block.ordered ? el('ol', { start: block.start }, ...items) : el('ul', {}, ...items)
    }
    default:
      return el('p', {}, ...inlineNodes(block.children, room))
  }
}

const inlineNodes = (nodes, room) =>
  nodes.map((node) => (typeof node === 'string' ? node : inlineNode(node, room)))

function inlineNode(node, room) {
  switch (node.kind) {
    case 'break':
      return el('br')
    case 'code':
      return el('code', {}, node.text)
    case 'link':
      return link(node, room)
    case 'user':
      return el('span', { class: 'mention' }, `@${room.nameOf(node.id)}`)
    case 'role':
      return el('span', { class: 'mention' }, `@${room.roleName(node.id)}`)
    case 'channel':
      return channelButton(node.id, room)
    case 'command':
      return el('button', { class: 'mention', onclick: () => room.startCommand(node.name) }, `/${node.name}`)
    case 'time': {
      const date = new Date(node.seconds * 1000)
      const valid = !Number.isNaN(date.getTime())
      return el(
        'time',
        { datetime: valid && date.toISOString(), title: valid && fullTime(date) },
        markedTime(node.seconds, node.style),
      )
    }
    case 'spoiler':
      return spoiler(inlineNodes(node.children, room))
    default:
      return el(node.kind, {}, ...inlineNodes(node.children, room))
  }
}

function channelButton(id, room) {
  const name = room.channelName(id)
  if (!name) return el('span', { class: 'mention' }, '#unknown channel')
  return el('button', { class: 'mention', onclick: () => room.open(id) }, `#${name}`)
}

function link(node, room) {
  const inside = messageLink(node.url)
  if (inside && room.channelName(inside.channel)) {
    const bare = node.children.length === 1 && node.children[0] === node.url
    const words = bare ? [`#${room.channelName(inside.channel)}`] : inlineNodes(node.children, room)
    const go = (event) => {
      event.preventDefault()
      room.open(inside.channel, inside.message)
    }
    return el(
      'a',
      { href: `#/${inside.channel}${inside.message ? `/${inside.message}` : ''}`, onclick: go },
      ...words,
    )
  }
  const href = webLink(node.url)
  const words = inlineNodes(node.children, room)
  return href
    ? el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...words)
    : el('span', {}, ...words)
}

function spoiler(children) {
  const hidden = el('span', { class: 'spoiler-inside' }, ...children)
  hidden.inert = true
  const show = (event) => {
    event.currentTarget.replaceWith(...hidden.childNodes)
  }
  return el('button', { class: 'spoiler', 'aria-label': 'Hidden text: press to show', onclick: show }, hidden)
}

/** The words alone, for previews and screen reader announcements. */
export function plainText(text, room) {
  const fragment = markdown(text, room)
  for (const br of fragment.querySelectorAll('br')) br.replaceWith(' ')
  const lines = [...fragment.children].map((block) => block.textContent)
  return lines.join(' ').replaceAll(/\s+/g, ' ').trim()
}

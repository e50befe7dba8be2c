/** One message: who, when, in answer to what, and what it shows. */
import { attachments } from './attachments.js'
import { avatar } from './avatar.js'
import { renderComponent } from './components/index.js'
import { el, fill, icon, keepFocus } from './dom.js'
import { markdown, plainText } from './markdown.js'
import { messageMenu } from './messageMenu.js'
import { clockTime, fullTime } from './time.js'

const EPHEMERAL = 1 << 6
const LOADING = 1 << 7
const COMPONENTS_V2 = 1 << 15
const THREAD_CREATED = 18
const EDITED_WORTH_SAYING_MS = 1000

export const isEphemeral = (message) => (message.flags & EPHEMERAL) !== 0
export const isThinking = (message) => (message.flags & LOADING) !== 0
export const nameOfUser = (user) => user?.global_name ?? user?.username ?? 'someone'

/**
 * @param {any} message Discord's message JSON
 * @param {import('./main.js').Room} room
 * @returns {{node: HTMLElement, update: (message: any) => void}}
 */
export function createMessage(message, room) {
  const above = el('div', { class: 'above' })
  const head = el('div', { class: 'message-head' })
  const body = el('div', { class: 'message-body' })
  const foot = el('div', { class: 'message-foot' })
  const titleId = `author-${message.id}`
  const node = el(
    'article',
    { class: 'message', id: `m-${message.id}`, tabindex: '-1', 'aria-labelledby': titleId },
    above,
    avatar({ id: message.author.id, name: nameOfUser(message.author), bot: message.author.bot }),
    el('div', { class: 'message-main' }, head, body, foot),
  )
  const update = (next) => {
    node.classList.toggle('message-private', isEphemeral(next))
    fill(above, aboveLine(next, room))
    keepFocus(head, () => fill(head, ...headParts(next, titleId, room)))
    keepFocus(body, () => fill(body, ...bodyParts(next, room)))
    fill(foot, ...footParts(next, room))
  }
  update(message)
  return { node, update }
}

function headParts(message, titleId, room) {
  const date = new Date(message.timestamp)
  const edited = message.edited_timestamp ? new Date(message.edited_timestamp) : undefined
  const saysEdited =
    edited && !message.author.bot && edited.getTime() - date.getTime() > EDITED_WORTH_SAYING_MS
  return [
    el('h2', { class: 'author', id: titleId }, nameOfUser(message.author)),
    message.author.bot && el('span', { class: 'tag' }, 'bot'),
    el('time', { datetime: message.timestamp, title: fullTime(date) }, clockTime(date)),
    saysEdited && el('span', { class: 'subtle' }, '(edited)'),
    !isEphemeral(message) && !isThinking(message) && messageMenu(message, room),
  ]
}

/** "Ben used /imagine", or the message that this one answers. */
function aboveLine(message, room) {
  const used = message.interaction_metadata ?? message.interaction
  if (used) return usedLine(used, message.interaction?.name ?? used.name)
  const reference = message.message_reference
  if (!reference?.message_id || message.type !== 19) return undefined
  const earlier = message.referenced_message
  const words = earlier
    ? [el('strong', {}, nameOfUser(earlier.author)), ' ', textOf(earlier, room).slice(0, 120)]
    : ['a message that was deleted']
  const go = () => room.open(reference.channel_id ?? message.channel_id, reference.message_id)
  return el(
    'p',
    {},
    icon('reply'),
    'in answer to ',
    el('button', { class: 'quiet-link', onclick: go }, ...words),
  )
}

function usedLine(used, name) {
  const who = el('strong', {}, nameOfUser(used.user))
  if (used.type === 3) return el('p', {}, icon('reply'), who, ' pressed a button')
  if (used.type === 5) return el('p', {}, icon('reply'), who, ' filled in a form')
  return el(
    'p',
    {},
    icon('reply'),
    who,
    ' used ',
    el('span', { class: 'command-name' }, name ? commandName(name) : 'a command'),
  )
}

/** Slash commands are lower case; entries of a message's menu begin like a sentence. */
const commandName = (name) => (/^\p{Lu}/u.test(name) ? name : `/${name}`)

function bodyParts(message, room) {
  if (message.type === THREAD_CREATED) return [threadLine(message, room)]
  if (isThinking(message)) return [thinking(nameOfUser(message.author))]
  const components = (message.components ?? []).map((component) =>
    renderComponent(component, { message, room }),
  )
  if ((message.flags & COMPONENTS_V2) !== 0) return components
  return [
    message.content && el('div', { class: 'text' }, markdown(message.content, room)),
    ...attachments(message, room),
    ...components,
  ]
}

/** What Discord itself writes when a thread is opened; it leads there. */
function threadLine(message, room) {
  const open = () => room.open(message.message_reference?.channel_id)
  const thread = el(
    'button',
    { class: 'button button-secondary', onclick: open },
    icon('thread'),
    message.content,
  )
  return el('p', { class: 'actions' }, el('span', { class: 'subtle' }, 'opened a thread:'), thread)
}

/** The three dots of a deferred reply. */
export function thinking(name) {
  return el(
    'p',
    { class: 'thinking' },
    el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
    `${name} is thinking…`,
  )
}

function footParts(message, room) {
  if (!isEphemeral(message)) return [el('div', { class: 'message-error', role: 'alert' })]
  const dismiss = el('button', { class: 'quiet-link', onclick: () => room.dismiss(message) }, 'Dismiss')
  return [
    el('div', { class: 'message-error', role: 'alert' }),
    el('p', { class: 'private-note' }, icon('eye'), 'Only you can see this · ', dismiss),
  ]
}

/** All words of a message, without marks. */
export function textOf(message, room) {
  if (isThinking(message)) return `${nameOfUser(message.author)} is thinking`
  const texts = []
  const walk = (component) => {
    if (component.type === 10) texts.push(plainText(component.content ?? '', room))
    for (const child of component.components ?? []) walk(child)
  }
  for (const component of message.components ?? []) walk(component)
  return [plainText(message.content ?? '', room), ...texts].filter(Boolean).join(' ')
}

/** The descriptions of all pictures of a message. */
export function picturesOf(message) {
  const found = []
  const walk = (component) => {
    for (const item of component.items ?? []) found.push(item.description ?? 'a picture')
    for (const child of component.components ?? []) walk(child)
  }
  for (const component of message.components ?? []) walk(component)
  return found
}

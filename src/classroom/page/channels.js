/** The list of channels with their threads, and which of them have something new. */
import { el, fill, icon, keepFocus } from './dom.js'
import { compareIds } from './log.js'

const CATEGORY = 4
const WITH_THE_BOT = 1

/**
 * @param {HTMLElement} place
 * @param {import('./main.js').Room} room
 */
export function createChannelList(place, room) {
  /** Per person and channel, the newest message that was on the screen. */
  const read = createReadMarks()

  const entry = (channel, name) => {
    const open = channel.id === room.channelId
    const unread = !open && read.isUnread(room.me.id, channel)
    return el(
      'button',
      {
        class: `channel${open ? ' channel-open' : ''}${unread ? ' channel-unread' : ''}`,
        'data-key': channel.id,
        'aria-current': open ? 'page' : undefined,
        onclick: () => room.open(channel.id),
      },
      icon(name),
      el('span', { class: 'channel-name' }, channel.name),
      unread && el('span', { class: 'dot' }, el('span', { class: 'unseen' }, 'new messages')),
    )
  }

  const draw = () => {
    const threadsOf = (id) =>
      room.threads.filter((thread) => thread.parent_id === id).toSorted((a, b) => compareIds(b.id, a.id))
    const items = room.topChannels
      .filter((channel) => channel.type !== CATEGORY)
      .map((channel) => {
        const threads = threadsOf(channel.id)
        return el(
          'li',
          {},
          entry(channel, channel.type === WITH_THE_BOT ? 'talk' : 'hash'),
          threads.length > 0 &&
            el(
              'ul',
              { 'aria-label': `Threads of ${channel.name}` },
              ...threads.map((thread) => el('li', {}, entry(thread, 'thread'))),
            ),
        )
      })
    keepFocus(place, () => fill(place, el('ul', { class: 'channel-list' }, ...items)))
  }

  return {
    draw,
    markRead(channelId, messageId) {
      if (messageId) read.mark(room.me.id, channelId, messageId)
    },
  }
}

function createReadMarks() {
  const key = 'darkroom.read'
  const marks = JSON.parse(localStorage.getItem(key) ?? '{}')
  const name = (person, channel) => `${person}/${channel}`
  return {
    isUnread(person, channel) {
      const last = channel.last_message_id
      return Boolean(last) && compareIds(last, marks[name(person, channel.id)] ?? '0') > 0
    },
    mark(person, channel, message) {
      if (compareIds(message, marks[name(person, channel)] ?? '0') <= 0) return
      marks[name(person, channel)] = message
      localStorage.setItem(key, JSON.stringify(marks))
    },
  }
}

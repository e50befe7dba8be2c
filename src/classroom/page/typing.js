/** "Darkroom is typing…" above the message box, as long as Discord shows it. */
import { fill } from './dom.js'

const LASTS_MS = 10_000

/**
 * @param {HTMLElement} place
 * @param {import('./main.js').Room} room
 */
export function createTyping(place, room) {
  let timer
  const stop = () => {
    clearTimeout(timer)
    fill(place)
  }
  return {
    stop,
    /** @param {{channel: string, user: string}} event */
    start({ channel, user }) {
      if (channel !== room.channelId || user === room.me.id) return
      stop()
      fill(place, `${room.nameOf(user)} is typing…`)
      timer = setTimeout(stop, LASTS_MS)
    },
  }
}

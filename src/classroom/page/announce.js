/** Speaks to screen readers: new messages at once, edits of one message at most every few seconds, the last one always. */

const EDIT_PAUSE_MS = 4000
const LONGEST = 240

/** @param {HTMLElement} place an aria-live element */
export function createAnnouncer(place) {
  /** @type {Map<string, {at: number, text: string, timer: number | undefined}>} */
  const said = new Map()
  const say = (text) => {
    const line = document.createElement('p')
    line.textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
    place.append(line)
    while (place.children.length > 5) place.firstChild.remove()
  }
  return {
    say,
    /** @param {string} id of the message @param {string} text */
    sayEdit(id, text) {
      const last = said.get(id) ?? { at: 0, text: '', timer: undefined }
      if (text === last.text) return
      clearTimeout(last.timer)
      const speak = () => {
        said.set(id, { at: Date.now(), text, timer: undefined })
        say(text)
      }
      const pause = last.at + EDIT_PAUSE_MS - Date.now()
      if (pause <= 0) speak()
      else said.set(id, { ...last, timer: setTimeout(speak, pause) })
    },
  }
}

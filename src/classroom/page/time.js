/** Times as people say them, in the browser's own language and time zone. */

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

export const clockTime = (date) => clock.format(date)
export const dayName = (date) => day.format(date)
export const fullTime = (date) => full.format(date)
export const dayKey = (date) => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`

const units = /** @type {const} */ ([
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
])

function fromNow(date) {
  const seconds = (date.getTime() - Date.now()) / 1000
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit)
  }
  return relative.format(Math.round(seconds), 'second')
}

const styles = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
}

/** The text of a `<t:SECONDS:STYLE>` mark; style f when none is given, R is relative to now. */
export function markedTime(seconds, style = 'f') {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return String(seconds)
  if (style === 'R') return fromNow(date)
  return new Intl.DateTimeFormat(undefined, styles[style] ?? styles.f).format(date)
}

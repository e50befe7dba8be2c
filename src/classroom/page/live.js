/** What happens in the class, as it happens: one WebSocket that comes back by itself. */

const FIRST_PAUSE_MS = 400
const LONGEST_PAUSE_MS = 5000

const WAIT_FOR_OPEN_MS = 2000

/**
 * @param {string} person
 * @param {{onEvent: (event: any) => void, onState: (state: 'lost' | 'back') => void}} listeners
 *   `back` means that events may have been missed
 */
export function connectLive(person, { onEvent, onState }) {
  let socket
  let ended = false
  let pause = FIRST_PAUSE_MS
  let late = false
  let timer
  let holds = 0
  const held = []
  const { promise: opened, resolve: isOpen } = Promise.withResolvers()
  setTimeout(() => isOpen(), WAIT_FOR_OPEN_MS)
  opened.then(() => (late = true))

  const open = () => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    socket = new WebSocket(`${scheme}://${location.host}/page/live?${new URLSearchParams({ person })}`)
    socket.addEventListener('open', () => {
      pause = FIRST_PAUSE_MS
      if (late) onState('back')
      isOpen()
    })
    socket.addEventListener('message', ({ data }) => {
      if (ended) return
      const event = JSON.parse(data)
      if (holds > 0) held.push(event)
      else onEvent(event)
    })
    socket.addEventListener('close', () => {
      if (ended) return
      onState('lost')
      timer = setTimeout(open, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    })
  }
  open()

  return {
    /** Resolves when events are coming, or after a while without them. */
    opened,
    /**
     * Keeps events back while what they would change is being fetched, so that none is lost in between.
     * @template T @param {() => Promise<T>} task
     */
    async hold(task) {
      holds += 1
      try {
        return await task()
      } finally {
        holds -= 1
        if (holds === 0) for (const event of held.splice(0)) onEvent(event)
      }
    },
    end() {
      ended = true
      clearTimeout(timer)
      socket.close()
    },
  }
}

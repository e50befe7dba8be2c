/** What to do with each kind of live event. */
import { isEphemeral, isThinking, nameOfUser, picturesOf, textOf } from './message.js'

/**
 * @param {{room: import('./main.js').Room, log: ReturnType<typeof import('./log.js').createLog>,
 *   interactions: ReturnType<typeof import('./interactions.js').createInteractions>,
 *   announcer: ReturnType<typeof import('./announce.js').createAnnouncer>,
 *   typing: ReturnType<typeof import('./typing.js').createTyping>,
 *   refresh: (options?: {messages?: boolean}) => Promise<void>, drawHead: () => void}} parts
 * @returns {(event: any) => void}
 */
export function createLiveHandler({ room, log, interactions, announcer, typing, refresh, drawHead }) {
  const refreshQuietly = (options) => {
    refresh(options).catch(() => {})
  }
  const words = (message) => {
    const pictures = picturesOf(message)
    const shows = pictures.length > 0 ? ` Shows: ${pictures.join('; ')}` : ''
    const whom = isEphemeral(message) ? ' (only you can see this)' : ''
    return `${nameOfUser(message.author)}${whom}: ${textOf(message, room)}${shows}`
  }
  /** The answer to what this person just did is shown wherever they have scrolled to. */
  const isMine = (message) => (message.interaction_metadata ?? message.interaction)?.user?.id === room.me.id
  const remember = (message) => {
    room.remember([message])
    const channel = room.channels.find((one) => one.id === message.channel_id)
    if (channel && !isEphemeral(message)) channel.last_message_id = message.id
  }

  const handlers = {
    'message-create': ({ message }) => {
      remember(message)
      if (message.channel_id === room.channelId) {
        log.put(message)
        if (isMine(message)) log.follow()
        typing.stop()
        if (!isThinking(message)) announcer.sayEdit(message.id, words(message))
      }
      drawHead()
    },
    'message-update': ({ message }) => {
      const known = log.get(message.id)
      if (message.channel_id !== room.channelId || room.isHidden(message.id)) return
      log.put({ ...known, ...message })
      announcer.sayEdit(message.id, words({ ...known, ...message }))
    },
    'message-delete': (event) => log.remove(event.message?.id ?? event.message ?? event.id),
    'channel-create': ({ channel }) => (room.putChannel(channel), drawHead()),
    'channel-update': ({ channel }) => (room.putChannel(channel), drawHead()),
    'channel-delete': ({ channel }) => {
      room.dropChannel(channel.id)
      if (channel.id === room.channelId) room.open(room.firstChannel()?.id)
      drawHead()
    },
    interaction: (event) => interactions.handle(event),
    typing: (event) => typing.start(event),
    commands: () => refreshQuietly({ messages: false }),
  }

  return (event) => handlers[event.type]?.(event)
}

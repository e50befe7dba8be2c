/** Everything that the people of a class see goes into the log once; who waits for something hears when it is there. */
import type { APIMessage } from 'discord-api-types/v10'
import type { PersonClient } from '../../src/classroom/client.ts'
import { isPrivate, type Log, type Seen } from './log.ts'

type Fits = (message: APIMessage) => boolean

export type Eyes = {
  /** What this person sees is written down from now on; what everybody sees only for the first one. */
  watch(person: PersonClient): void
  /** The newest state of a message that fits, now or within so long; undefined when there is none. */
  message(fits: Fits, withinMs?: number): Promise<APIMessage | undefined>
  /** The same, but nobody waits any longer after `stopWaiting`. */
  messageInChaos(fits: Fits, withinMs: number): Promise<APIMessage | undefined>
  stopWaiting(): void
}

const DM = 1
const isConversation = ({ type }: { type: number }) => type === DM

export function createEyes(log: Log): Eyes {
  const waiting = new Set<(message: APIMessage) => void>()
  const conversations = new Set<string>()
  let watched = 0
  const over = Promise.withResolvers<undefined>()

  const messageIn = ({ event }: Seen) =>
    event.type === 'message-create' || event.type === 'message-update' ? event.message : undefined

  /** Of the same message the newest comes first. */
  function known(fits: Fits): APIMessage | undefined {
    const looked = new Set<string>()
    for (const seen of log.seen.toReversed()) {
      if (seen.event.type === 'message-delete') looked.add(seen.event.message.id)
      const message = messageIn(seen)
      if (!message || looked.has(message.id)) continue
      looked.add(message.id)
      if (fits(message)) return message
    }
    return undefined
  }

  return {
    watch(person) {
      watched += 1
      const isWitness = watched === 1
      person.on((event) => {
        if (event.type === 'channel-create' && isConversation(event.channel))
          conversations.add(event.channel.id)
        const { message } = 'message' in event ? event : {}
        const isOwn =
          message !== undefined &&
          (('flags' in message && isPrivate(message)) || conversations.has(message.channel_id))
        if (!isWitness && !isOwn) return
        const seen: Seen = { at: Date.now(), personId: person.me.id, event }
        log.seen.push(seen)
        const told = messageIn(seen)
        if (told) for (const hear of waiting) hear(told)
      })
    },
    message,
    messageInChaos: (fits, withinMs) => Promise.race([message(fits, withinMs), over.promise]),
    stopWaiting: () => over.resolve(undefined),
  }

  async function message(fits: Fits, withinMs = 0): Promise<APIMessage | undefined> {
    const there = known(fits)
    if (there || withinMs === 0) return there
    const { promise, resolve } = Promise.withResolvers<APIMessage | undefined>()
    const hear = (told: APIMessage) => {
      if (fits(told)) resolve(told)
    }
    waiting.add(hear)
    const timer = setTimeout(() => resolve(undefined), withinMs).unref()
    const found = await promise
    clearTimeout(timer)
    waiting.delete(hear)
    return found
  }
}

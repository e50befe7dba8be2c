/** The log of a class as the messages that it made: how each looks last, and what it ever showed. */
import type { APIMessage } from 'discord-api-types/v10'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { isPrivate, type Log } from './log.ts'

export type Shown = {
  id: string
  channelId: string
  /** The interaction that it answers. */
  interaction: string | undefined
  isPrivate: boolean
  /** Who could see it, when it was private. */
  personId: string
  firstAt: number
  text: string
  /** Ids of finished pictures that it has shown at any time, and when the first one was there. */
  pictures: Set<string>
  picturesAt: number | undefined
  /** When it said that its job is in line, and when that it is being drawn. */
  inLineAt: number[]
  atWorkAt: number[]
  isError: boolean
  isDeleted: boolean
  /** "Thinking", or with a button to cancel. */
  isOpen: boolean
  /** Since when it is not open any more. */
  settledAt: number | undefined
  /** As it looked last, and when that was. */
  message: APIMessage
  lastAt: number
}

const LOADING = 128
/** As `placeInLine` of src/discord/render/progress.ts says it; what else has a button to cancel is being drawn. */
const IN_LINE = /^(In line\.|You are next in line\.|Place \d+ in line:)/m

/** Ids of the finished pictures that a message shows. */
export function picturesIn(message: APIMessage): string[] {
  const names = mediaOf(message).map(({ name }) => /^picture-([0-9a-z]+)\./.exec(name)?.[1])
  return names.filter((id) => id !== undefined)
}

export function messagesOf({ seen }: Log): Shown[] {
  const messages = new Map<string, Shown>()
  for (const { at, personId, event } of seen) {
    if (event.type === 'message-delete') {
      const known = messages.get(event.message.id)
      if (known) known.isDeleted = true
      continue
    }
    if (event.type !== 'message-create' && event.type !== 'message-update') continue
    const { message } = event
    const known = messages.get(message.id)
    const pictures = picturesIn(message)
    const text = textOf(message)
    const isJob = JSON.stringify(message.components).includes('"cancel:')
    const isOpen = (Number(message.flags) & LOADING) !== 0 || isJob
    const isInLine = isJob && IN_LINE.test(text)
    messages.set(message.id, {
      id: message.id,
      channelId: message.channel_id,
      interaction: message.interaction_metadata?.id,
      isPrivate: isPrivate(message),
      personId,
      firstAt: known?.firstAt ?? at,
      text,
      pictures: new Set([...(known?.pictures ?? []), ...pictures]),
      picturesAt: known?.picturesAt ?? (pictures.length > 0 ? at : undefined),
      inLineAt: [...(known?.inLineAt ?? []), ...(isInLine ? [at] : [])],
      atWorkAt: [...(known?.atWorkAt ?? []), ...(isJob && !isInLine ? [at] : [])],
      isError: isError(message.components ?? []),
      isDeleted: known?.isDeleted ?? false,
      isOpen,
      settledAt: isOpen ? undefined : (known?.settledAt ?? at),
      message,
      lastAt: at,
    })
  }
  return [...messages.values()]
}

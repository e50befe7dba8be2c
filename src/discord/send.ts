/** Turns a view into what discord.js sends. A new object every time: discord.js writes into what it is given. */
import { MessageFlags, type APIMessageTopLevelComponent, type MessageMentionOptions } from 'discord.js'
import type { View } from './render/blocks.ts'

type Sendable = {
  components: APIMessageTopLevelComponent[]
  files: { attachment: Buffer; name: string; description: string }[]
  allowedMentions: MessageMentionOptions
}

function sendable(view: View, mention?: string): Sendable {
  return {
    components: view.components,
    files: (view.files ?? []).map(({ name, data, description }) => ({
      attachment: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
      name,
      description: description.slice(0, 1024),
    })),
    allowedMentions: mention === undefined ? { parse: [] } : { users: [mention] },
  }
}

/** The number by which a message is found again: Discord keeps the id that a component is given. */
export function withMark(view: View, mark: number): View {
  const [first, ...more] = view.components
  return first ? { ...view, components: [{ ...first, id: mark }, ...more] } : view
}

/** A new message in a channel, or a public answer. `mention`: the one person who is notified. */
export const toMessage = (view: View, mention?: string) => ({
  ...sendable(view, mention),
  flags: MessageFlags.IsComponentsV2 as const,
})

/** A private answer. */
export const toPrivate = (view: View) => ({
  ...sendable(view),
  flags: [MessageFlags.IsComponentsV2, MessageFlags.Ephemeral] as const,
})

/** An edit. The files that the message had go away, unless `keepFiles`. */
export function toEdit(view: View, { keepFiles = false } = {}) {
  const { files, ...rest } = sendable(view)
  const flags = MessageFlags.IsComponentsV2 as const
  if (files.length > 0) return { ...rest, flags, files }
  return keepFiles ? { ...rest, flags } : { ...rest, flags, attachments: [] }
}

/** The shape of a gateway event's handler. One file in events/ each; the folder is the registry. */
import type { ClientEvents } from 'discord.js'
import type { BotContext } from './context.ts'

export type EventHandler<Name extends keyof ClientEvents = keyof ClientEvents> = {
  name: Name
  /** May be asynchronous; what it throws is logged, never fatal. */
  run: (context: BotContext, ...args: ClientEvents[Name]) => Promise<void> | void
}

/** Types the default export of a file in events/. */
export const defineEvent = <Name extends keyof ClientEvents>(
  handler: EventHandler<Name>,
): EventHandler<Name> => handler

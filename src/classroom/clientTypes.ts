/** What a person's client sees and sends: the page API in types. */
import type {
  APIApplicationCommand,
  APIChannel,
  APIGuild,
  APIMessage,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10'

/** An option of a command with its value, or a subcommand with its options. */
export type SlashOption = {
  name: string
  type: number
  value?: string | number | boolean
  options?: SlashOption[]
  focused?: boolean
}

export type PagePerson = { id: string; name: string; instructor: boolean; avatar: null }

export type PageState = {
  guild: APIGuild
  /** Conversations with the bot come with a name, too. */
  channels: (APIChannel & { name: string })[]
  threads: (APIChannel & { name: string })[]
  /** Those that this person may use. */
  commands: APIApplicationCommand[]
  persons: PagePerson[]
  me: PagePerson
}

/** What became of a command, press or form. There may be a second one after `deferred`. */
export type InteractionEvent = {
  type: 'interaction'
  id: string
  state: 'acknowledged' | 'deferred' | 'failed' | 'modal'
  responseMessage?: APIMessage
  modal?: APIModalInteractionResponseCallbackData
}

export type LiveEvent =
  | InteractionEvent
  | { type: 'message-create' | 'message-update'; message: APIMessage }
  | { type: 'message-delete'; message: { id: string; channel_id: string } }
  | { type: 'channel-create' | 'channel-update' | 'channel-delete'; channel: APIChannel & { name: string } }
  | { type: 'typing'; channel: string; user: string }
  | { type: 'commands' }

export type ClientFile = { name: string; type?: string; data: Uint8Array }

export type SlashInput = {
  name: string
  /** Nested for subcommands, as in an interaction. Values as Discord has them: ids for people, channels and roles. */
  options?: SlashOption[]
  /** By option name. */
  files?: Record<string, ClientFile>
}

/** Something that was sent to the bot. */
export type Sent = {
  /** Id of the interaction. */
  interaction: string
  /** The bot's first answer; `failed` when none came in 3 seconds. */
  answer(): Promise<InteractionEvent>
}

export type PersonClient = {
  me: PagePerson
  state(): Promise<PageState>
  /** Oldest first; private ones of this person included. `channel`: id or name. */
  messages(channel: string): Promise<APIMessage[]>
  /** `/imagine prompt:"a red heart" seed:7` or its parts. `channel`: id or name, default studio; `files` by option name. */
  slash(command: string | SlashInput, channel?: string, files?: Record<string, ClientFile>): Promise<Sent>
  /** A user or message command (right-click menu); `target` is the id of a person or message. */
  menu(name: string, target: string, channel?: string): Promise<Sent>
  /** Presses a button, found by its label or custom id. */
  press(message: APIMessage, labelOrCustomId: string): Promise<Sent>
  select(message: APIMessage, customId: string, values: string[]): Promise<Sent>
  /** Sends a form; `fields` by label or custom id. Fields left out keep what the form came with. */
  fill(
    form: InteractionEvent,
    fields: Record<string, unknown>,
    files?: Record<string, ClientFile>,
  ): Promise<Sent>
  /** Suggestions for the last option of the text, or for the one that is `focused`. */
  autocomplete(
    command: string | { name: string; options: SlashOption[] },
    channel?: string,
  ): Promise<{ name: string; value: string | number }[]>
  /** Hears everything that happens in the class as this person sees it; gives back how to stop. */
  on(listener: (event: LiveEvent) => void): () => void
  close(): Promise<void>
}

/** The classroom refused a request; the message is a sentence for the person. */
export class ClassroomError extends Error {
  override readonly name = 'ClassroomError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The shape of a slash command. One file in commands/ each; the folder is the registry. */
import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  ModalSubmitInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js'
import type { Services } from '../services/index.ts'
import type { BotContext } from './context.ts'

export type CommandData = RESTPostAPIChatInputApplicationCommandsJSONBody

export type Command = {
  name: string
  /** What Discord is told about it. A function, because limits and choices come from the models. */
  data(services: Pick<Services, 'backends'>): CommandData
  run(interaction: ChatInputCommandInteraction<'cached'>, context: BotContext): Promise<void>
  /** Answers from memory; at most 25 choices are shown. */
  autocomplete?(
    interaction: AutocompleteInteraction<'cached'>,
    context: BotContext,
  ): APIApplicationCommandOptionChoice[] | Promise<APIApplicationCommandOptionChoice[]>
  /** Buttons of its own: custom id `action:argument`. */
  buttons?: Record<
    string,
    (interaction: ButtonInteraction<'cached'>, argument: string, context: BotContext) => Promise<void>
  >
  /** Modals of its own: custom id `action:argument`. */
  modals?: Record<
    string,
    (interaction: ModalSubmitInteraction<'cached'>, argument: string, context: BotContext) => Promise<void>
  >
}

/** Types the default export of a file in commands/. */
export const defineCommand = (command: Command): Command => command

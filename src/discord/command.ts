/** The shape of a slash command. One file in commands/ each; the folder is the registry. */
import { ApplicationCommandType, ApplicationIntegrationType, InteractionContextType } from 'discord.js'
import type {
  APIApplicationCommandOptionChoice,
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js'
import type { Services } from '../services/index.ts'
import type { BotContext } from './context.ts'

export type CommandData =
  | RESTPostAPIChatInputApplicationCommandsJSONBody
  | RESTPostAPIContextMenuApplicationCommandsJSONBody

const inServers = {
  contexts: [InteractionContextType.Guild],
  integration_types: [ApplicationIntegrationType.GuildInstall],
}

export type Command = {
  name: string
  /** What Discord is told about it. */
  data(services: Pick<Services, 'backends'>): RESTPostAPIChatInputApplicationCommandsJSONBody
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
  /** As `buttons`; these also work in direct messages, where there is no server and no member. */
  privateButtons?: Record<
    string,
    (interaction: ButtonInteraction, argument: string, context: BotContext) => Promise<void>
  >
  /** Menus of its own: custom id `action:argument`; what was chosen is in `interaction.values`. */
  selects?: Record<
    string,
    (
      interaction: StringSelectMenuInteraction<'cached'>,
      argument: string,
      context: BotContext,
    ) => Promise<void>
  >
  /** Modals of its own: custom id `action:argument`. */
  modals?: Record<
    string,
    (interaction: ModalSubmitInteraction<'cached'>, argument: string, context: BotContext) => Promise<void>
  >
}

type Definition = Omit<Command, 'data'> & {
  /** What people read about it, and its options. A function, because limits and choices come from the models. */
  data(
    services: Pick<Services, 'backends'>,
  ): Pick<RESTPostAPIChatInputApplicationCommandsJSONBody, 'description' | 'options'>
}

/** Types the default export of a file in commands/; it works in servers only. */
export const defineCommand = (command: Definition): Command => ({
  ...command,
  data: (services) => ({
    ...inServers,
    name: command.name,
    type: ApplicationCommandType.ChatInput,
    ...command.data(services),
  }),
})

/** An entry of the menu of a message ("Apps"). Also one file in commands/. */
export type MenuCommand = {
  /** As people read it, e.g. "Show recipe". */
  name: string
  data(): RESTPostAPIContextMenuApplicationCommandsJSONBody
  runOnMessage(
    interaction: MessageContextMenuCommandInteraction<'cached'>,
    context: BotContext,
  ): Promise<void>
}

/** Types the default export of a file in commands/ that is a menu entry; it works in servers only. */
export const defineMenuCommand = ({
  name,
  runOnMessage,
}: Pick<MenuCommand, 'name' | 'runOnMessage'>): MenuCommand => ({
  name,
  data: () => ({
    ...inServers,
    name,
    type: ApplicationCommandType.Message,
  }),
  runOnMessage,
})

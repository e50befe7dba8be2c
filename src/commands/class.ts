/** /class: what instructors set for their server. */
import {
  ApplicationCommandOptionType as Option,
  ChannelType,
  MessageFlags,
  PermissionFlagsBits,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import type { BotContext } from '../discord/context.ts'
import { AUTOMATIC, changeRules } from '../discord/classRules.ts'
import { choicesFor } from '../discord/modelChoices.ts'
import { mustBeInstructor } from '../discord/permissions.ts'
import { plain } from '../discord/render/blocks.ts'
import { renderNote } from '../discord/render/errors.ts'
import { setUpClass } from '../discord/setUpClass.ts'
import { toEdit, toPrivate } from '../discord/send.ts'
import { addWord, allowWord, LONGEST_WORD, takeBackWord, wordsInWords } from '../discord/wordList.ts'
import { UserError } from '../errors.ts'
import type { Services } from '../services/index.ts'

const word = (description: string) => ({
  type: Option.String as const,
  name: 'word',
  description,
  required: true,
  max_length: LONGEST_WORD,
})

const usd = (name: string, description: string) => ({
  type: Option.Number as const,
  name,
  description,
  min_value: 0,
  max_value: 1000,
})

const pictures = (name: string, description: string) => ({
  type: Option.Integer as const,
  name,
  description,
  min_value: 0,
  max_value: 100_000,
})

export default defineCommand({
  name: 'class',
  data: () => ({
    description: 'For instructors: set up the class',
    options: [
      {
        type: Option.Subcommand,
        name: 'setup',
        description: 'Picks or makes the channels and the instructor role, and checks what Darkroom may do',
        options: [
          {
            type: Option.Channel,
            name: 'gallery',
            description: 'Where finished pictures hang; left out: #gallery, made if need be',
            channel_types: [ChannelType.GuildText],
          },
          {
            type: Option.Channel,
            name: 'lessons',
            description: 'Where lessons are posted; left out: #lessons, made if need be',
            channel_types: [ChannelType.GuildText],
          },
          {
            type: Option.Role,
            name: 'instructors',
            description: 'Who may do what instructors do; left out: the role Instructor, made if need be',
          },
        ],
      },
      {
        type: Option.SubcommandGroup,
        name: 'words',
        description: 'Words that are not drawn in this class',
        options: [
          {
            type: Option.Subcommand,
            name: 'add',
            description: 'Refuse prompts with this word or phrase',
            options: [word('The word or phrase')],
          },
          {
            type: Option.Subcommand,
            name: 'remove',
            description: 'Allow this word or phrase again',
            options: [word('The word or phrase')],
          },
          { type: Option.Subcommand, name: 'list', description: 'Shows what this class has changed' },
        ],
      },
      {
        type: Option.Subcommand,
        name: 'model',
        description: 'Which model draws when nobody names one; alone: shows it',
        options: [
          {
            type: Option.String,
            name: 'model',
            description: 'The model, or automatic: the first free one',
            autocomplete: true,
          },
        ],
      },
      {
        type: Option.Subcommand,
        name: 'budget',
        description: 'What models that cost money may cost a day; alone: shows it',
        options: [
          usd('day', 'US dollars a day for the whole class'),
          usd('person', 'US dollars a day for each person'),
        ],
      },
      {
        type: Option.Subcommand,
        name: 'limits',
        description: 'How many pictures a day may bring; alone: shows it',
        options: [
          pictures('person', 'Pictures a day for each person; 0: no limit'),
          pictures('day', 'Pictures a day for the whole class; 0: no limit'),
        ],
      },
      {
        type: Option.SubcommandGroup,
        name: 'priority',
        description: 'Whether instructors go before everyone else in line',
        options: [
          { type: Option.Subcommand, name: 'on', description: 'What instructors ask for is drawn first' },
          {
            type: Option.Subcommand,
            name: 'off',
            description: 'Instructors wait like everyone else, as at the beginning',
          },
        ],
      },
      {
        type: Option.SubcommandGroup,
        name: 'faces',
        description: 'Whether faces of real people may be swapped, with their consent',
        options: [
          { type: Option.Subcommand, name: 'on', description: 'Allows faces of people who have said yes' },
          {
            type: Option.Subcommand,
            name: 'off',
            description: 'Allows practice faces only, as at the beginning',
          },
        ],
      },
      {
        type: Option.Subcommand,
        name: 'pause',
        description: 'Accepts nothing new; what was accepted is still drawn',
      },
      { type: Option.Subcommand, name: 'resume', description: 'Accepts new pictures again' },
    ],
  }),
  async run(interaction, context) {
    if (interaction.options.getSubcommandGroup(false) === 'words') await words(interaction, context)
    else if (interaction.options.getSubcommand() === 'setup') await setup(interaction, context)
    else await changeRules(interaction, context)
  },
  autocomplete({ options }, { services: { backends } }) {
    const typed = options.getFocused()
    const automatic = { name: 'automatic: the first model that is free', value: AUTOMATIC }
    const models = choicesFor('model', typed, backends.models(), undefined, (id) => backends.isUp(id))
    return AUTOMATIC.startsWith(typed.trim().toLowerCase()) ? [automatic, ...models] : models
  },
})

async function setup(
  interaction: ChatInputCommandInteraction<'cached'>,
  { services, deliverer }: BotContext,
): Promise<void> {
  if (!interaction.memberPermissions.has(PermissionFlagsBits.ManageGuild)) {
    throw new UserError('not-allowed', 'Only someone who may manage this server can set up the class.')
  }
  const { options } = interaction
  await interaction.deferReply({ flags: MessageFlags.Ephemeral })
  const summary = await setUpClass(interaction.guild, services.settings, {
    gallery: options.getChannel('gallery', false, [ChannelType.GuildText]) ?? undefined,
    lessons: options.getChannel('lessons', false, [ChannelType.GuildText]) ?? undefined,
    instructors: options.getRole('instructors') ?? undefined,
  })
  await interaction.editReply(toEdit(renderNote(summary)))
  // Pictures that could not be hung before, because the gallery was closed or not there, are hung now.
  deliverer.resume()
}

async function words(
  interaction: ChatInputCommandInteraction<'cached'>,
  { services }: BotContext,
): Promise<void> {
  const { guildId, member, options } = interaction
  const settings = await services.settings.guild(guildId)
  mustBeInstructor(member, settings, 'can see and change the words that are not drawn')
  const action = options.getSubcommand()
  if (action === 'list') {
    await interaction.reply(toPrivate(renderNote(wordsInWords(settings))))
    return
  }
  const word = options.getString('word', true)
  const sentence =
    action === 'add' ? await refuseWord(word, guildId, services) : await allowAgain(word, guildId, services)
  await interaction.reply(toPrivate(renderNote(sentence)))
}

async function refuseWord(word: string, guildId: string, { settings }: Services): Promise<string> {
  await settings.update(guildId, (before) => addWord(before, word))
  return `Prompts with “${plain(word)}” are now refused.`
}

/** A word can be on the class's own list, on the built-in one, or on both. @throws UserError not-found when on neither */
async function allowAgain(word: string, guildId: string, { settings, safety }: Services): Promise<string> {
  const isRefused = () => safety.refuses(word, guildId)
  if (!(await isRefused())) {
    throw new UserError('not-found', `“${plain(word)}” is not refused here, so there is nothing to remove.`)
  }
  await settings.update(guildId, (before) => takeBackWord(before, word))
  if (!(await isRefused())) return `Prompts with “${plain(word)}” are drawn again.`
  const { allowedWords } = await settings.guild(guildId)
  await settings.update(guildId, (before) => allowWord(before, word))
  const isStill = await isRefused()
  if (isStill) await settings.update(guildId, { allowedWords })
  return isStill
    ? `“${plain(word)}” is still refused because of another word of the list in it; please remove that one.`
    : `Prompts with “${plain(word)}” are drawn again.`
}

/** /lesson: lessons with experiments and questions; instructors post them and see what came of it. */
import {
  ApplicationCommandOptionType as Option,
  ChannelType,
  MessageFlags,
  type APIApplicationCommandStringOption,
  type ChatInputCommandInteraction,
} from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import type { BotContext } from '../discord/context.ts'
import { importLesson } from '../discord/lessons/importLesson.ts'
import { pressAnswer, turnPage } from '../discord/lessons/lessonButtons.ts'
import { places, postLesson, viewOf } from '../discord/lessons/postLesson.ts'
import { isInstructor, mustBeInstructor } from '../discord/permissions.ts'
import { count, plain, shorten } from '../discord/render/blocks.ts'
import { renderNote } from '../discord/render/errors.ts'
import { lessonListInWords, pagesOf } from '../discord/render/lesson.ts'
import { reportInWords } from '../discord/render/lessonReport.ts'
import { toEdit, toPrivate } from '../discord/send.ts'

const lesson: APIApplicationCommandStringOption = {
  type: Option.String,
  name: 'lesson',
  description: 'Its title',
  required: true,
  autocomplete: true,
}

const placeNames = {
  here: 'this channel',
  thread: 'a new thread in this channel',
  forum: 'a post in a forum',
}

export default defineCommand({
  name: 'lesson',
  data: () => ({
    description: 'Lessons about how machines make pictures, with experiments and questions',
    options: [
      { type: Option.Subcommand, name: 'list', description: 'Which lessons there are' },
      {
        type: Option.Subcommand,
        name: 'preview',
        description: 'Read a lesson in private, page by page',
        options: [lesson],
      },
      {
        type: Option.Subcommand,
        name: 'post',
        description: 'For instructors: show a lesson to the class',
        options: [
          lesson,
          {
            type: Option.String,
            name: 'where',
            description: 'Left out: the lessons channel of /class setup, else this channel',
            choices: places.map((value) => ({ name: placeNames[value], value })),
          },
          {
            type: Option.Channel,
            name: 'forum',
            description: 'The forum, when it is to be a post there',
            channel_types: [ChannelType.GuildForum],
          },
        ],
      },
      {
        type: Option.Subcommand,
        name: 'report',
        description: 'For instructors: who answered, what was right, what was expected',
        options: [lesson],
      },
      {
        type: Option.Subcommand,
        name: 'import',
        description: 'For instructors: a lesson of your own, as a Markdown file',
        options: [{ type: Option.Attachment, name: 'file', description: 'The file (.md)', required: true }],
      },
      {
        type: Option.Subcommand,
        name: 'remove',
        description: 'For instructors: take an imported lesson away again',
        options: [lesson],
      },
      {
        type: Option.Subcommand,
        name: 'forget',
        description: 'Deletes all your answers and predictions in the lessons of this server',
      },
    ],
  }),
  async run(interaction, context) {
    await (subcommands[interaction.options.getSubcommand()] as Handler)(interaction, context)
  },
  autocomplete({ options, guildId }, { services: { lessons } }) {
    const typed = options.getFocused().trim().toLowerCase()
    return lessons
      .all(guildId)
      .filter(({ title, slug }) => title.toLowerCase().includes(typed) || slug.includes(typed))
      .map(({ title, slug }) => ({ name: shorten(title, 100), value: slug }))
  },
  buttons: { answer: pressAnswer, lessonpage: turnPage },
})

type Handler = (interaction: ChatInputCommandInteraction<'cached'>, context: BotContext) => Promise<void>

const subcommands: Record<string, Handler> = {
  async list(interaction, { services }) {
    await interaction.reply(
      toPrivate(renderNote(lessonListInWords(services.lessons.all(interaction.guildId)))),
    )
  },

  async preview(interaction, context) {
    const [first] = pagesOf(lessonOf(interaction, context))
    if (!first) return
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    await interaction.editReply(toEdit(await viewOf(first, context.services.lessons, { isTurned: true })))
  },

  async post(interaction, context) {
    await onlyInstructors(interaction, context, 'can post lessons; you can read them with /lesson preview')
    const chosen = lessonOf(interaction, context)
    const asked = interaction.options.getString('where')
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const wish = {
      where: places.find((place) => place === asked),
      forum: interaction.options.getChannel('forum', false, [ChannelType.GuildForum]) ?? undefined,
    }
    const link = await postLesson(interaction, chosen, wish, context)
    await interaction.editReply(toEdit(renderNote(`**${plain(chosen.title)}** is posted: ${link}`)))
  },

  async report(interaction, context) {
    await onlyInstructors(interaction, context, 'can see the report of a lesson')
    const { guildId, guild, user } = interaction
    const settings = await context.services.settings.guild(guildId)
    const isLeftOut = (id: string) => {
      const member = guild.members.cache.get(id)
      return id === user.id || (member !== undefined && isInstructor(member, settings))
    }
    const chosen = lessonOf(interaction, context)
    const report = context.services.lessons.report(guildId, chosen, isLeftOut)
    const [first = '', ...more] = reportInWords(chosen, report)
    await interaction.reply(toPrivate(renderNote(first)))
    for (const page of more) await interaction.followUp(toPrivate(renderNote(page)))
  },

  async import(interaction, context) {
    await onlyInstructors(interaction, context, 'can import lessons')
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const file = interaction.options.getAttachment('file', true)
    const words = await importLesson(file, interaction.guildId, context.services)
    await interaction.editReply(toEdit(renderNote(words)))
  },

  async remove(interaction, context) {
    await onlyInstructors(interaction, context, 'can remove lessons')
    const chosen = lessonOf(interaction, context)
    context.services.lessons.remove(interaction.guildId, chosen.slug)
    await interaction.reply(toPrivate(renderNote(`**${plain(chosen.title)}** is removed.`)))
  },

  async forget(interaction, { services }) {
    const entries = services.lessons.forget(interaction.guildId, interaction.user.id)
    const words =
      entries === 0
        ? 'There was nothing of yours to delete.'
        : `Deleted: ${count(entries, 'answer or prediction', 'answers and predictions')} of yours.`
    await interaction.reply(toPrivate(renderNote(words)))
  },
}

const lessonOf = (interaction: ChatInputCommandInteraction<'cached'>, { services }: BotContext) =>
  services.lessons.get(interaction.guildId, interaction.options.getString('lesson', true))

async function onlyInstructors(
  { member, guildId }: ChatInputCommandInteraction<'cached'>,
  { services }: BotContext,
  what: string,
): Promise<void> {
  mustBeInstructor(member, await services.settings.guild(guildId), what)
}

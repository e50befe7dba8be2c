/** /darkroom: what a person can do here, in a few lines. */
import { ApplicationCommandType, ApplicationIntegrationType, InteractionContextType } from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import { plain } from '../discord/render/blocks.ts'
import { renderNote } from '../discord/render/errors.ts'
import { toPrivate } from '../discord/send.ts'

export default defineCommand({
  name: 'darkroom',
  data: () => ({
    name: 'darkroom',
    type: ApplicationCommandType.ChatInput,
    description: 'What you can do here',
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  }),
  async run(interaction, { services }) {
    const { galleryChannelId } = await services.settings.guild(interaction.guildId)
    const lines = [
      '**Watch a picture develop.** Type `/imagine` and say what it shows; everything else is up to you.',
      'Under each picture: **Again** draws it with a new seed, **Vary** changes it a little, **Change** opens its settings, **How was this made?** shows every step from noise to picture, and **Delete** takes your own picture away.',
      '`/lesson list` shows what there is to read and to try; `/lesson preview` opens a lesson for you alone.',
      '`/inspect`, or **Show recipe** in the menu of a message, tells how a picture was made, also one from another program.',
      '`/experiment` changes one thing, keeps all else the same, and shows side by side what it does.',
      '`/mine` lists your own pictures, for you alone, and shows them again.',
      '`/status` says what is up, who waits and how long it takes.',
      ...services.backends.models().map(({ id, description }) => `**${plain(id)}**: ${description}`),
      ...(galleryChannelId === undefined ? [] : [`All pictures hang in <#${galleryChannelId}>.`]),
    ]
    await interaction.reply(toPrivate(renderNote(lines.join('\n\n'))))
  },
})

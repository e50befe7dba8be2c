/** /lineage: the family tree of a picture: the last one of the channel, or one that is named by its message or its id. */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  MessageFlags,
  PermissionFlagsBits,
  type ChatInputCommandInteraction,
} from 'discord.js'
import type { Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import { defineCommand } from '../discord/command.ts'
import type { BotContext } from '../discord/context.ts'
import { lastPictureIn, pictureOfMessage } from '../discord/pictureOfMessage.ts'
import { showLineage } from '../discord/showLineage.ts'

export default defineCommand({
  name: 'lineage',
  data: () => ({
    name: 'lineage',
    type: ApplicationCommandType.ChatInput,
    description:
      'The family tree of a picture: what it came from, what was made from it, and a line of credits',
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'picture',
        description: 'Link of its message (Copy Message Link), or its id; left out: the last picture here',
        max_length: 200,
      },
    ],
  }),
  async run(interaction, context) {
    const named = interaction.options.getString('picture')?.trim()
    // Looking a message up takes longer than Discord waits at times.
    if (named) await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const picture = named
      ? await namedPicture(named, interaction, context)
      : lastPicture(interaction, context)
    await showLineage(interaction, picture, context)
  },
})

const NOT_OURS = 'Darkroom did not make the picture in this message, so it knows no family of it.'
const NOT_FOUND =
  'There is no such picture; please give the link of a message (Copy Message Link) or the id in the name of a picture’s file.'

function lastPicture(interaction: ChatInputCommandInteraction<'cached'>, { services }: BotContext): Picture {
  const found = lastPictureIn(interaction.channelId, services)
  if ('picture' in found) return found.picture
  throw new UserError('not-found', NOT_OURS)
}

/** By the link of a message that the person may read, by its id, or by the name of its file. */
async function namedPicture(
  named: string,
  interaction: ChatInputCommandInteraction<'cached'>,
  context: BotContext,
): Promise<Picture> {
  const [, guildId, channelId, messageId] = /\/channels\/(\d+)\/(\d+)\/(\d+)\/?$/.exec(named) ?? []
  if (channelId && messageId) {
    if (guildId !== interaction.guildId) throw new UserError('not-found', NOT_FOUND)
    return pictureOfLink(channelId, messageId, interaction, context)
  }
  const id = /^(?:picture-)?([0-9a-z]{1,32})(?:\.\w+)?$/.exec(named.toLowerCase())?.[1]
  const picture = id === undefined ? undefined : context.services.gallery.get(id)
  if (picture?.guildId !== interaction.guildId) throw new UserError('not-found', NOT_FOUND)
  return picture
}

async function pictureOfLink(
  channelId: string,
  messageId: string,
  { member, guildId, channelId: here }: ChatInputCommandInteraction<'cached'>,
  { client, services }: BotContext,
): Promise<Picture> {
  const channel = await client.channels.fetch(channelId).catch(() => null)
  const isReadable =
    channel?.isTextBased() &&
    !channel.isDMBased() &&
    channel.guildId === guildId &&
    // Who is in a private thread cannot be told from permissions.
    (channel.type !== ChannelType.PrivateThread || channel.id === here) &&
    channel
      .permissionsFor(member)
      .has([PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory])
  // Deleted messages are not announced to the bot, so what it remembers of them does not count.
  const message = isReadable
    ? await channel.messages.fetch({ message: messageId, force: true }).catch(() => undefined)
    : undefined
  if (!message) {
    throw new UserError('not-found', 'This message cannot be read; please copy the link of one that you see.')
  }
  const found = pictureOfMessage(message, services)
  if ('picture' in found) return found.picture
  throw new UserError('not-found', NOT_OURS)
}

/** The picture that a person names in an option: the last one of the channel, the link of a message, a file's name, or its id. */
import { ChannelType, PermissionFlagsBits, type ChatInputCommandInteraction } from 'discord.js'
import type { Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { BotContext } from './context.ts'
import { lastPictureIn, pictureOfMessage } from './pictureOfMessage.ts'

/** What stands for the newest picture of the channel. */
export const LAST = 'last'

const NOT_FOUND =
  'This picture was not found; please pick one from the suggestions, write "last", or give the link of a message in this server (Copy Message Link) or the name of a picture’s file.'
const NOT_READ = 'This message cannot be read; please copy the link of one that you see.'

/**
 * @param named `last` where nothing was named
 * @param notOurs what is told of a picture that Darkroom did not make
 * @throws UserError not-found
 */
export async function namedPicture(
  interaction: ChatInputCommandInteraction<'cached'>,
  named: string,
  notOurs: string,
  context: Pick<BotContext, 'client' | 'services'>,
): Promise<Picture> {
  const { gallery } = context.services
  const { guildId } = interaction
  const asked = named.trim().toLowerCase()
  const [, guild, channel, message] = /\/channels\/(\d+)\/(\d+)\/(\d+)\/?$/.exec(asked) ?? []
  if (asked === LAST || (channel && message && guild === guildId)) {
    const found =
      channel && message
        ? pictureOfMessage(await messageAt(interaction, channel, message, context.client), gallery)
        : lastPictureIn(interaction.channelId, context.services)
    if ('picture' in found) return found.picture
    throw new UserError('not-found', notOurs)
  }
  const id = /^(?:picture-)?([0-9a-z]{1,32})(?:\.\w+)*$/.exec(asked)?.[1]
  const picture = id === undefined ? undefined : gallery.get(id)
  if (picture?.guildId !== guildId) throw new UserError('not-found', NOT_FOUND)
  return picture
}

/** Only from where the person may read themselves. */
async function messageAt(
  { member, guildId, channelId: here }: ChatInputCommandInteraction<'cached'>,
  channelId: string,
  messageId: string,
  client: BotContext['client'],
) {
  const channel = await client.channels.fetch(channelId).catch(() => null)
  const isReadable =
    channel?.isTextBased() &&
    !channel.isDMBased() &&
    // The link may name this server and a channel of another one, where the roles of here would count.
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
  if (!message) throw new UserError('not-found', NOT_READ)
  return message
}

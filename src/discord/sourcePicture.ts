/** The picture that a person names in an option: the last one of the channel, a link to its message, or one that was suggested. */
import { PermissionFlagsBits, type ChatInputCommandInteraction } from 'discord.js'
import type { Drawing, Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { BotContext } from './context.ts'
import { LAST } from './experimentChoices.ts'
import { lastPictureIn, pictureOfMessage, type Found } from './pictureOfMessage.ts'
import { mustBeDrawing } from './pictureOptions.ts'

const NOT_FOUND =
  'This picture was not found; please pick one from the suggestions, write "last", or paste the link of a message in this server.'
const NOT_OURS =
  'This picture was not drawn by Darkroom, so its recipe is not known; please give a prompt instead, or draw from it with /remix first.'

/** @throws UserError not-found, not-allowed for a picture without a recipe */
export async function sourcePicture(
  interaction: ChatInputCommandInteraction<'cached'>,
  asked: string,
  context: BotContext,
): Promise<Drawing> {
  const found = await find(interaction, asked.trim(), context)
  if (!('picture' in found)) throw new UserError('not-found', NOT_OURS)
  return mustBeDrawing(found.picture)
}

async function find(
  interaction: ChatInputCommandInteraction<'cached'>,
  asked: string,
  { services }: BotContext,
): Promise<Found> {
  if (asked.toLowerCase() === LAST) return lastPictureIn(interaction.channelId, services)
  const [, guildId, channelId, messageId] = /\/channels\/(\d+)\/(\d+)\/(\d+)/.exec(asked) ?? []
  if (channelId && messageId && guildId === interaction.guildId) {
    return pictureOfMessage(await messageAt(interaction, channelId, messageId), services)
  }
  const picture: Picture | undefined = services.gallery.get(asked)
  if (picture?.guildId !== interaction.guildId) throw new UserError('not-found', NOT_FOUND)
  return { picture }
}

/** Only from where the person may read themselves. */
async function messageAt(
  { client, member }: ChatInputCommandInteraction<'cached'>,
  channelId: string,
  messageId: string,
) {
  const channel = await client.channels.fetch(channelId).catch(() => null)
  const isOpen =
    channel?.isTextBased() &&
    !channel.isDMBased() &&
    channel
      .permissionsFor(member)
      .has([PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory])
  const message = isOpen ? await channel.messages.fetch(messageId).catch(() => null) : null
  if (!message) throw new UserError('not-found', NOT_FOUND)
  return message
}

/** The family tree of a picture, private first; a button shows it to everyone. The same for the command and the button. */
import { MessageFlags, type ButtonInteraction, type ChatInputCommandInteraction } from 'discord.js'
import type { Picture } from '../domain.ts'
import { UserError } from '../errors.ts'
import type { BotContext } from './context.ts'
import { noteShown } from './noteShown.ts'
import { renderLineage } from './render/lineage.ts'
import { toEdit } from './send.ts'

/** Third part of the custom id `lineage:<pictureId>:share`. */
export const SHARE = 'share'

/** @throws UserError not-found for a picture of another server, or one that is deleted meanwhile */
export async function showLineage(
  interaction: ChatInputCommandInteraction<'cached'> | ButtonInteraction<'cached'>,
  picture: Picture,
  { services, signal }: Pick<BotContext, 'services' | 'signal'>,
  isPublic = false,
): Promise<void> {
  if (picture.guildId !== interaction.guildId) {
    throw new UserError('not-found', 'This picture belongs to another server.')
  }
  if (!interaction.deferred) {
    await interaction.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral })
  }
  const tree = await services.lineage.of(picture, signal)
  const view = renderLineage(
    picture,
    tree,
    isPublic
      ? { sharedBy: interaction.member.displayName }
      : { shareButton: `lineage:${picture.id}:${SHARE}` },
  )
  const message = await interaction.editReply(toEdit(view))
  const shown = tree.family.members.flatMap(({ picture: each }) => each?.id ?? [])
  if (isPublic) await noteShown(message, shown, services)
}

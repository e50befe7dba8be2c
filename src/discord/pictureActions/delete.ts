/** Delete: a person's own pictures, instructors any; the copy in the gallery goes too. Asks once, in private. */
import { ButtonStyle, Routes, type ButtonInteraction } from 'discord.js'
import type { Picture } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import { inputsOf } from '../../services/inputUse.ts'
import type { BotContext } from '../context.ts'
import { discordFailure } from '../discordErrors.ts'
import { definePictureAction } from '../pictureAction.ts'
import { isInstructor } from '../permissions.ts'
import { button, plain, rows } from '../render/blocks.ts'
import { renderNote } from '../render/errors.ts'
import { toEdit, toPrivate } from '../send.ts'

export default definePictureAction({
  name: 'delete',
  order: 90,
  scope: 'job',
  label: () => 'Delete',
  style: ButtonStyle.Danger,
  async press(interaction, picture, context, detail) {
    await mayDelete(interaction, picture, context)
    if (detail === 'yes') {
      await interaction.deferUpdate()
      const gone = await deleteAll(picture, context)
      await interaction.editReply(toEdit(renderNote(gone ? 'Deleted, here and in the gallery.' : LEFT_OVER)))
    } else if (detail === 'keep') {
      await interaction.update(toEdit(renderNote('Kept.')))
    } else {
      await interaction.reply(toPrivate(question(picture, context)))
    }
  },
})

const LEFT_OVER =
  'Deleted from Darkroom; a message could not be removed, so please ask your instructor to delete it by hand.'

async function mayDelete(
  interaction: ButtonInteraction<'cached'>,
  picture: Picture,
  { services }: BotContext,
): Promise<void> {
  if (picture.author.id === interaction.user.id) return
  if (isInstructor(interaction.member, await services.settings.guild(interaction.guildId))) return
  throw new UserError(
    'not-allowed',
    `Only ${plain(picture.author.name, 60)} and the instructors can delete this picture.`,
  )
}

function question(picture: Picture, { services }: BotContext) {
  const many = services.gallery.ofJob(picture.jobId).length
  const what = many === 1 ? 'this picture' : `these ${many} pictures`
  return renderNote(
    `Delete ${what}, here and in the gallery? This cannot be undone.`,
    rows([
      button(`delete:${picture.id}:yes`, 'Yes, delete', ButtonStyle.Danger),
      button(`delete:${picture.id}:keep`, 'Keep', ButtonStyle.Secondary),
    ]),
  )
}

/** Removes the pictures of the job and both messages. False when a message could not be removed. */
async function deleteAll(picture: Picture, { client, services, log }: BotContext): Promise<boolean> {
  const job = services.queue.get(picture.jobId)
  const pictures = services.gallery.ofJob(picture.jobId)
  const shown = pictures.flatMap(({ id }) => services.gallery.shownIn(id))
  for (const each of pictures) await services.gallery.remove(each.id)
  // The photo that somebody brought goes with the last picture made from it.
  services.inputUse.release(pictures.flatMap(({ recipe }) => inputsOf(recipe)))
  services.queue.forgetWords(picture.jobId)
  const messages = [
    { channelId: job?.messageChannelId, messageId: job?.messageId },
    { channelId: job?.galleryChannelId, messageId: job?.galleryMessageId },
    ...shown,
  ]
  let isClean = true
  for (const { channelId, messageId } of messages) {
    if (!channelId || !messageId) continue
    try {
      await client.rest.delete(Routes.channelMessage(channelId, messageId))
    } catch (error) {
      if (discordFailure(error) === 'gone') continue
      log.warn({ err: error }, 'a message of a deleted picture stays')
      isClean = false
    }
  }
  return isClean
}

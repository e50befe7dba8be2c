/** Delete: a person's own pictures, instructors any; the copy in the gallery goes too. Asks once, in private. */
import { ButtonStyle, type ButtonInteraction } from 'discord.js'
import type { Picture } from '../../domain.ts'
import { UserError } from '../../errors.ts'
import type { BotContext } from '../context.ts'
import { definePictureAction } from '../pictureAction.ts'
import { isInstructor } from '../permissions.ts'
import { removeMessages } from '../removals.ts'
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
  'Deleted from Darkroom; a message could not be removed yet. Darkroom tries it again; should it stay, please ask your instructor to delete it by hand.'

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

/** Removes the pictures of the job and all messages with them. False when a message could not be removed. */
async function deleteAll({ jobId }: Picture, context: BotContext): Promise<boolean> {
  // Written down first: a process that dies in the middle leaves nothing behind that nobody could delete any more.
  const messages = await context.services.withdrawals.removeJob(jobId)
  const { left } = await removeMessages(context, messages)
  return left === 0
}

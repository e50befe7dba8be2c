/** How was this made?: the development of that very picture, private first; a button shows it to everyone. */
import { MessageFlags } from 'discord.js'
import { noteShown } from '../noteShown.ts'
import { definePictureAction } from '../pictureAction.ts'
import { renderExplanation } from '../render/explanation.ts'
import { toEdit } from '../send.ts'

const SHARE = 'share'

export default definePictureAction({
  name: 'explain',
  order: 40,
  scope: 'picture',
  label: (n) => (n === undefined ? 'How was this made?' : `How was ${n} made?`),
  async press(interaction, picture, { services, signal }, detail) {
    const isPublic = detail === SHARE
    await interaction.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral })
    const explanation = await services.explain.of(picture, signal)
    const job = services.queue.get(picture.jobId)
    const original =
      job?.messageChannelId && job.messageId
        ? { channelId: job.messageChannelId, messageId: job.messageId }
        : undefined
    const view = renderExplanation(picture, explanation, {
      original,
      ...(isPublic
        ? { sharedBy: interaction.member.displayName }
        : { shareButton: `explain:${picture.id}:${SHARE}` }),
    })
    const message = await interaction.editReply(toEdit(view))
    if (isPublic) await noteShown(message, [picture.id], services)
  },
})

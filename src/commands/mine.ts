/** /mine: a person's last pictures, and results that could be shown nowhere; a private list, from which each can be shown. */
import { MessageFlags } from 'discord.js'
import { UserError } from '../errors.ts'
import { defineCommand } from '../discord/command.ts'
import { minePage, showPicture, showResult } from '../discord/minePictures.ts'
import { renderError } from '../discord/render/errors.ts'
import { renderMine } from '../discord/render/mine.ts'
import { toEdit, toPrivate } from '../discord/send.ts'

export default defineCommand({
  name: 'mine',
  data: () => ({
    description: 'Your last 20 pictures, and results that could not be shown to you; only you see the list',
  }),
  async run(interaction, context) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const who = { personId: interaction.user.id, guildId: interaction.guildId }
    await interaction.editReply(toEdit(renderMine(await minePage(who, 0, context))))
  },
  buttons: {
    minepage: async (interaction, page, context) => {
      await interaction.deferUpdate()
      const who = { personId: interaction.user.id, guildId: interaction.guildId }
      await interaction.editReply(toEdit(renderMine(await minePage(who, Number(page) || 0, context))))
    },
    mineshow: showPicture,
    minejob: showResult,
    // Under "No picture this time": the private note may have been lost on its way.
    why: async (interaction, jobId, { services }) => {
      const job = services.queue.get(jobId)
      if (job?.state !== 'failed' && job?.asker.id === interaction.user.id)
        throw new UserError('not-found', 'Your picture could not be shown here; please look into /mine.')
      if (job?.asker.id !== interaction.user.id)
        throw new UserError('not-allowed', 'Only the person who asked for the picture can read why.')
      const reason = job.failure ?? 'Something broke on our side; please try again.'
      await interaction.reply(toPrivate(renderError(reason)))
    },
  },
})

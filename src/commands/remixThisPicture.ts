/** "Remix this picture" in the menu of a message: the form of the button Remix, for any picture in the channel. */
import { defineMenuCommand } from '../discord/command.ts'
import { pictureOfMessage } from '../discord/pictureOfMessage.ts'
import { remixModels } from '../discord/remix.ts'
import { remixForm } from '../discord/remixForm.ts'
import { isDrawing } from '../domain.ts'

export default defineMenuCommand({
  name: 'Remix this picture',
  async runOnMessage(interaction, { services }) {
    const { targetMessage, guildId } = interaction
    const found = pictureOfMessage(targetMessage, services.gallery)
    const models = await remixModels(services, guildId)
    if ('picture' in found) {
      const { id } = found.picture
      const prompt = isDrawing(found.picture) ? found.picture.recipe.prompt : ''
      await interaction.showModal(remixForm(`remix:${id}`, prompt, models))
    } else {
      // What Discord says of the file cannot be asked again, because Darkroom does not read messages.
      const id = services.drafts.put(interaction.user.id, found.file)
      await interaction.showModal(remixForm(`remixfile:${id}`, '', models))
    }
  },
})

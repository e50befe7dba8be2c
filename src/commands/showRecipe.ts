/** "Show recipe" in the menu of a message: the same as /inspect for a picture that is already there. */
import { defineMenuCommand } from '../discord/command.ts'
import { pictureOfMessage } from '../discord/pictureOfMessage.ts'
import { showRecipe } from '../discord/showRecipe.ts'

export default defineMenuCommand({
  name: 'Show recipe',
  async runOnMessage(interaction, context) {
    await showRecipe(
      interaction,
      pictureOfMessage(interaction.targetMessage, context.services.gallery),
      context,
    )
  },
})

/** /inspect: the recipe inside a picture, from whichever program. */
import {
  ApplicationCommandOptionType as Option,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import { MAKE, MAKE_ANYWAY, makeAnyway, makeHere, showRecipe } from '../discord/showRecipe.ts'

export default defineCommand({
  name: 'inspect',
  data: () => ({
    name: 'inspect',
    type: ApplicationCommandType.ChatInput,
    description: 'Read and explain the recipe inside a picture, also from other programs',
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: [
      {
        type: Option.Attachment,
        name: 'image',
        description: 'The original file: PNG, JPEG, WebP or AVIF; previews and screenshots have no recipe',
        required: true,
      },
    ],
  }),
  async run(interaction, context) {
    const { name, url, size } = interaction.options.getAttachment('image', true)
    await showRecipe(interaction, { file: { name, url, size } }, context)
  },
  buttons: { [MAKE]: makeHere, [MAKE_ANYWAY]: makeAnyway },
})

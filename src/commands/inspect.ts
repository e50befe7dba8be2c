/** /inspect: the recipe inside a picture, from whichever program. */
import { ApplicationCommandOptionType as Option } from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import { MAKE, MAKE_ANYWAY, makeAnyway, makeHere, showRecipe } from '../discord/showRecipe.ts'

export default defineCommand({
  name: 'inspect',
  data: () => ({
    description: 'Read and explain the recipe inside a picture, also from other programs',
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

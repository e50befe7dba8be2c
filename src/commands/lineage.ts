/** /lineage: the family tree of a picture: the last one of the channel, or one that is named by its message or its id. */
import { ApplicationCommandOptionType, MessageFlags } from 'discord.js'
import { defineCommand } from '../discord/command.ts'
import { LAST, namedPicture } from '../discord/namedPicture.ts'
import { showLineage } from '../discord/showLineage.ts'

export default defineCommand({
  name: 'lineage',
  data: () => ({
    description:
      'The family tree of a picture: what it came from, what was made from it, and a line of credits',
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'picture',
        description: 'Link of its message (Copy Message Link), or its id; left out: the last picture here',
        max_length: 200,
      },
    ],
  }),
  async run(interaction, context) {
    const named = interaction.options.getString('picture')?.trim()
    // Looking a message up takes longer than Discord waits at times.
    if (named) await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const picture = await namedPicture(interaction, named || LAST, NOT_OURS, context)
    await showLineage(interaction, picture, context)
  },
})

const NOT_OURS = 'Darkroom did not make the picture in this message, so it knows no family of it.'

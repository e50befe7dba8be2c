/** /darkroom: what a person can do here, in a few lines. */
import { defineCommand } from '../discord/command.ts'
import { isInstructor } from '../discord/permissions.ts'
import { plain } from '../discord/render/blocks.ts'
import { renderNote } from '../discord/render/errors.ts'
import { toPrivate } from '../discord/send.ts'

const FOR_INSTRUCTORS =
  '**For instructors:** `/lesson post` shows a lesson to the class and `/lesson report` what came of it; `/class` sets channels, models, budget, limits, words, faces and who goes first, and pauses, as `/queue` does; `/doctor` says what is wrong with a machine and how to mend it.'

export default defineCommand({
  name: 'darkroom',
  data: () => ({
    description: 'What you can do here',
  }),
  async run(interaction, { services }) {
    const settings = await services.settings.guild(interaction.guildId)
    const { galleryChannelId, realFaces } = settings
    const lines = [
      '**Watch a picture develop.** Type `/imagine` and say what it shows; everything else is up to you.',
      'Under each picture: **Again** draws it with a new seed, **Vary** changes it a little, **Change** opens its settings, **Remix** begins a new one from it, **How was this made?** shows every step from noise to picture, **Lineage** shows what it came from and what was made from it, and **Delete** takes your own picture away.',
      '`/remix` begins from a picture of your own, or from the last one in the channel. `/lineage` draws the family of a picture, with credits to copy.',
      '`/experiment` changes one thing, keeps all else the same, and shows side by side what it does.',
      '`/inspect`, or **Show recipe** in the menu of a message, tells how a picture was made, also one from another program.',
      `\`/swapface face:ada onto:bruno\` swaps two practice faces, which are of nobody. ${realFaces ? 'Other faces need a yes of the person' : 'This class uses no other faces; where it does, each needs a yes of the person'}: \`/consent\` is for asking, answering and taking a yes back.`,
      '`/lesson list` shows what there is to read and to try; `/lesson preview` opens a lesson for you alone.',
      '`/mine` lists your last pictures, and results that could not be shown to you; only you see it.',
      '`/queue` shows who waits and when your picture will be ready, and takes back what is yours; `/status` says what is up and what is left for today.',
      ...(isInstructor(interaction.member, settings) ? [FOR_INSTRUCTORS] : []),
      ...services.backends.models().map(({ id, description }) => `**${plain(id)}**: ${description}`),
      ...(galleryChannelId === undefined ? [] : [`All pictures hang in <#${galleryChannelId}>.`]),
    ]
    await interaction.reply(toPrivate(renderNote(lines.join('\n\n'))))
  },
})

/** "How was this made?" as a message. Pure. */
import { ButtonStyle, messageLink } from 'discord.js'
import { isSwap, type Picture } from '../../domain.ts'
import type { Explanation } from '../../services/explain/index.ts'
import { whatWasAsked } from './whatWasAsked.ts'
import { button, container, gallery, plain, rows, smallText, text, type Upload, type View } from './blocks.ts'

export type ExplanationFrame = {
  /** The message with the picture. */
  original: { channelId: string; messageId: string } | undefined
  /** Who shows it to everyone; absent in the private version. */
  sharedBy?: string
  /** Custom id of the button "Show to everyone"; absent in the public version. */
  shareButton?: string
}

/** Words first, then the pictures: what moves, what is shown side by side, and the chart. */
export function renderExplanation(picture: Picture, explanation: Explanation, frame: ExplanationFrame): View {
  const files = explanation.images.map(({ name, data, alt }): Upload => ({ name, data, description: alt }))
  return {
    components: [
      container('explanation', [
        text(`### How ${whatWasAsked(picture.recipe, 150)} was made`),
        text(explanation.text.join('\n\n')),
        ...files.map((file) => gallery([file])),
        smallText(credit(picture, frame)),
      ]),
      ...(frame.shareButton
        ? rows([button(frame.shareButton, 'Show to everyone', ButtonStyle.Primary)])
        : []),
    ],
    files,
  }
}

function credit(picture: Picture, { original, sharedBy }: ExplanationFrame): string {
  const link = original
    ? `[A picture](${messageLink(original.channelId, original.messageId, picture.guildId)})`
    : 'A picture'
  const shown = sharedBy === undefined ? '' : `, shown by **${plain(sharedBy, 60)}**`
  return `${link} by **${plain(picture.author.name, 60)}**, ${isSwap(picture.recipe) ? 'made' : 'drawn'} by a machine${shown}`
}

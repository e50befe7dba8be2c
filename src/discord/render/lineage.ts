/** A family tree as a message. Pure. */
import { ButtonStyle } from 'discord.js'
import { isSwap, type Picture } from '../../domain.ts'
import type { FamilyTree } from '../../services/lineage.ts'
import { button, container, gallery, plain, rows, smallText, text, type View } from './blocks.ts'
import { whatWasAsked } from './whatWasAsked.ts'

export type LineageFrame = {
  /** Who shows it to everyone; absent in the private version. */
  sharedBy?: string
  /** Custom id of the button "Show to everyone"; absent in the public version. */
  shareButton?: string
}

/** The tree, and the credits as a block of code, which Discord lets people copy with one press. */
export function renderLineage(picture: Picture, tree: FamilyTree, frame: LineageFrame): View {
  const { name, data, alt } = tree.image
  const file = { name, data, description: alt }
  const shown = frame.sharedBy === undefined ? '' : `, shown by **${plain(frame.sharedBy, 60)}**`
  return {
    components: [
      container('explanation', [
        text(`### The family of ${whatWasAsked(picture.recipe, 150)}`),
        text(inWords(tree, isSwap(picture.recipe))),
        gallery([file]),
        text(`Credits, to copy into your documentation:\n\`\`\`\n${tree.credits}\n\`\`\``),
        smallText(
          `A picture by **${plain(picture.author.name, 60)}**, ${isSwap(picture.recipe) ? 'made' : 'drawn'} by a machine${shown}`,
        ),
      ]),
      ...(frame.shareButton
        ? rows([button(frame.shareButton, 'Show to everyone', ButtonStyle.Primary)])
        : []),
    ],
    files: [file],
  }
}

/** A face swap has no buttons but Remix that begin a family. */
function inWords({ summary, family }: FamilyTree, swapped: boolean): string {
  const alone = family.members.every(({ isAsked }) => isAsked)
  const numbers = `${plain(summary)}.`
  const buttons = swapped ? '**Remix**' : '**Again**, **Vary**, **Change** or **Remix**'
  return alone
    ? `${numbers} It comes from no other picture, and nothing has been made from it yet: press ${buttons} under it to begin a family.`
    : `${numbers} Each arrow says what changed from one picture to the next.`
}

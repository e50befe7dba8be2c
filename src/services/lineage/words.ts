/** A family in words: the heading of its drawing, the sentence above it and the text for people who do not see it. */
import { list, shorten } from '../explain/words.ts'
import { linkWords, nameOf } from './changes.ts'
import type { Family, Member } from './family.ts'
import { forestOf, type Tree } from './forest.ts'

type Shown = Omit<Family, 'ancestry'>

const LONGEST = 1000
const LONGEST_PROMPT = 60
const NAMES = 6

export const familyTitle = ({ members: [asked] }: Shown): string =>
  `The family of ${nameOf(asked?.picture?.recipe, LONGEST_PROMPT)}`

/** E.g. "5 pictures by Ben, Mei and Noor". `nameAs`: how a name is written where it goes. */
export function familyInNumbers({ members, more, isLarger }: Shown, nameAs = (name: string) => name): string {
  const names = [...new Set(members.flatMap(({ picture }) => (picture ? nameAs(picture.author.name) : [])))]
  const shown =
    names.length > NAMES + 1 ? [...names.slice(0, NAMES), `${names.length - NAMES} others`] : names
  const total = members.length + more
  const pictures = `${isLarger ? 'at least ' : ''}${total} ${total === 1 ? 'picture' : 'pictures'}`
  const by = shown.length > 0 ? ` by ${list(shown)}` : ''
  return more > 0
    ? `${pictures}; the nearest ${members.length} are shown, ${isLarger ? 'the others' : `${more} more`} are not`
    : pictures + by
}

/** Alt text: every picture with its number, who made it, what was asked for, and from which one it came by which change. */
export function familyAlt(family: Shown): string {
  const start = `Family tree, ${familyInNumbers(family)}. `
  const { roots, further } = forestOf(family)
  const order: { tree: Tree; parent: number | undefined }[] = []
  // Generation by generation, as it is drawn.
  let row: typeof order = roots.map((tree) => ({ tree, parent: undefined }))
  while (row.length > 0) {
    const first = order.length + 1
    order.push(...row)
    row = row.flatMap(({ tree }, i) => tree.children.map((child) => ({ tree: child, parent: first + i })))
  }
  const numbers = new Map(order.map(({ tree }, i) => [tree.member.id, i + 1]))
  const byId = new Map(family.members.map((member) => [member.id, member]))
  const words = (link: Tree['links'][number]) =>
    linkWords(
      {
        relation: link.relation,
        parent: byId.get(link.parentId)?.picture?.recipe,
        child: byId.get(link.childId)?.picture?.recipe,
      },
      LONGEST_PROMPT,
    )
  const sentences = order.map(({ tree, parent }, i) => {
    const from = parent === undefined ? '' : `, from ${parent} (${tree.links.map(words).join(', ')})`
    const also = further
      .filter(({ childId }) => childId === tree.member.id)
      .map((link) => `, and from ${numbers.get(link.parentId) ?? 'another'} (${words(link)})`)
    return `${i + 1}: ${personAndWords(tree.member)}${from}${also.join('')}.`
  })
  return fitted(start, sentences)
}

function personAndWords({ picture, isAsked }: Member): string {
  if (!picture) return 'a deleted picture'
  const name = `${nameOf(picture.recipe, LONGEST_PROMPT)} by ${picture.author.name}`
  return isAsked ? `${name} (this picture)` : name
}

/** Whole sentences as long as there is room, and how many are left out. */
function fitted(start: string, sentences: readonly string[]): string {
  let text = start.trim()
  for (const [i, sentence] of sentences.entries()) {
    const rest = ` And ${sentences.length - i} more.`
    if (text.length + 1 + sentence.length + rest.length > LONGEST) return shorten(text + rest, LONGEST)
    text += ` ${sentence}`
  }
  return text
}

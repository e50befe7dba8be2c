/** Whose pictures a picture came from, as one line that a student can paste into a documentation. */
import { isSwap, type Relation } from '../../domain.ts'
import { list } from '../explain/words.ts'
import { nameOf } from './changes.ts'
import type { Family, Link, Member } from './family.ts'

const verbs: Record<Relation, string> = {
  again: 'drawn again by',
  vary: 'varied by',
  change: 'changed by',
  remix: 'remixed by',
  experiment: 'taken into an experiment by',
  face: 'its face used by',
  scene: 'given another face by',
  other: 'taken further by',
}

const LONGEST_PROMPT = 80
/** People before and after the gap when a line has very many. */
const KEPT_STEPS = 20

/** E.g. "After “a red heart” by Ben, remixed by Mei, then Noor". Plain text, one line. */
export function creditsLine({ ancestry }: Pick<Family, 'ancestry'>): string {
  const { line, links } = mainLine(ancestry)
  const [first, ...later] = line
  if (!first) return ''
  const others = ancestry.members.filter((member) => !line.includes(member))
  const also = alsoFrom(others, ancestry.links)
  const start = later.length === 0 && also === '' ? upperFirst(titleOf(first)) : `After ${titleOf(first)}`
  return oneLine([start, ...story(later, links)].join(', ') + also)
}

/** From the farthest ancestor down to the picture itself; at each step the parent that it has most of. */
function mainLine({ members, links }: Family['ancestry']): { line: Member[]; links: Link[] } {
  const byId = new Map(members.map((member) => [member.id, member]))
  const parents = Map.groupBy(links, ({ childId }) => childId)
  const line = members.slice(0, 1)
  const used: Link[] = []
  for (let child = line[0]; child; child = line[0]) {
    // A swapped picture has more of the scene than of the face.
    const sorted = [...(parents.get(child.id) ?? [])].sort((a, b) => rank(a) - rank(b))
    const next = sorted.find(({ parentId }) => !line.some(({ id }) => id === parentId))
    const parent = next && byId.get(next.parentId)
    if (!parent) break
    line.unshift(parent)
    used.unshift(next)
  }
  return { line, links: used }
}

const rank = ({ relation }: Link): number => (relation === 'face' ? 1 : 0)

/** One phrase for each step; the same kind of step by several people is said once: "remixed by Mei, then Noor". */
function story(steps: readonly Member[], links: readonly Link[]): string[] {
  const told: string[] = []
  let last = { verb: '', name: '' }
  for (const [i, { picture }] of steps.entries()) {
    if (!picture) {
      if (last.verb !== 'gone') told.push('then a deleted picture')
      last = { verb: 'gone', name: '' }
      continue
    }
    const verb = verbs[links[i]?.relation ?? 'other']
    const { name } = picture.author
    if (verb !== last.verb) told.push(`${verb} ${name}`)
    else if (name !== last.name) told.push(`then ${name}`)
    last = { verb, name }
  }
  if (told.length <= 2 * KEPT_STEPS) return told
  const left = told.length - 2 * KEPT_STEPS
  return [...told.slice(0, KEPT_STEPS), `then ${left} more`, ...told.slice(-KEPT_STEPS)]
}

/** Second parents and theirs: nobody whose picture is in it goes without credit. */
function alsoFrom(others: readonly Member[], links: readonly Link[]): string {
  const isFace = ({ id }: Member) => links.some((link) => link.parentId === id && link.relation === 'face')
  const titles = (members: readonly Member[]) =>
    list([...new Set(members.filter(({ picture }) => picture).map(titleOf))].slice(0, KEPT_STEPS))
  const faces = titles(others.filter(isFace))
  const rest = titles(others.filter((member) => !isFace(member)))
  return (faces && `; the face from ${faces}`) + (rest && `; also after ${rest}`)
}

function titleOf({ picture }: Member): string {
  if (!picture) return nameOf(undefined)
  const by = isSwap(picture.recipe) ? 'made by' : 'by'
  return `${nameOf(picture.recipe, LONGEST_PROMPT)} ${by} ${picture.author.name}`
}

const upperFirst = (text: string): string => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

/** It is shown between backticks. */
const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').replaceAll('`', '’')

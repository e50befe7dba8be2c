/** A family as trees: each picture hangs under one of its parents, the others are kept as further links. */
import type { Family, Link, Member } from './family.ts'

export type Tree = {
  member: Member
  /** From its parent in the tree; several where it took two things from the same picture. Empty at a root. */
  links: Link[]
  children: Tree[]
}

export type Forest = {
  roots: Tree[]
  /** To second parents. */
  further: Link[]
}

/** Every member is in exactly one place; links that would close a circle are further ones. */
export function forestOf({ members, links }: Pick<Family, 'members' | 'links'>): Forest {
  const levels = levelsOf(members, links)
  const levelOf = (id: string) => levels.get(id) ?? 0
  const trees = new Map(
    members.map((member): [string, Tree] => [member.id, { member, links: [], children: [] }]),
  )
  const byChild = Map.groupBy(links, ({ childId }) => childId)
  const roots: Tree[] = []
  const further: Link[] = []
  for (const tree of trees.values()) {
    const all = byChild.get(tree.member.id) ?? []
    const above = all.filter(({ parentId }) => levelOf(parentId) < levelOf(tree.member.id))
    // The longest way down, so that no line leads upwards; of a swap the scene, which it has more of.
    const [main] = above.sort(
      (a, b) =>
        levelOf(b.parentId) - levelOf(a.parentId) ||
        Number(a.relation === 'face') - Number(b.relation === 'face'),
    )
    const parent = main && trees.get(main.parentId)
    if (parent) {
      tree.links = above.filter(({ parentId }) => parentId === main.parentId)
      parent.children.push(tree)
    } else {
      roots.push(tree)
    }
    further.push(...all.filter((link) => !tree.links.includes(link)))
  }
  for (const { children } of trees.values()) children.sort(oldestFirst)
  return { roots: roots.sort(oldestFirst), further }
}

/** Generations from the oldest ancestor, counted along the longest way; what hangs in a circle is a root. */
function levelsOf(members: readonly Member[], links: readonly Link[]): Map<string, number> {
  const levels = new Map(members.map(({ id }) => [id, 0]))
  const waiting = new Map(members.map(({ id }) => [id, 0]))
  for (const { childId } of links) waiting.set(childId, (waiting.get(childId) ?? 0) + 1)
  const byParent = Map.groupBy(links, ({ parentId }) => parentId)
  const ready = members.map(({ id }) => id).filter((id) => waiting.get(id) === 0)
  for (const id of ready) {
    for (const { childId } of byParent.get(id) ?? []) {
      levels.set(childId, Math.max(levels.get(childId) ?? 0, (levels.get(id) ?? 0) + 1))
      const left = (waiting.get(childId) ?? 0) - 1
      waiting.set(childId, left)
      if (left === 0) ready.push(childId)
    }
  }
  for (const [id, left] of waiting) if (left > 0) levels.set(id, 0)
  return levels
}

/** When a deleted picture was made is not known; its first child came after it. */
const madeAt = ({ member, children }: Tree): number =>
  member.picture?.createdAt ?? Math.min(Infinity, ...children.map(madeAt))

const oldestFirst = (a: Tree, b: Tree): number => {
  const [first, second] = [madeAt(a), madeAt(b)]
  return first === second ? 0 : first - second
}

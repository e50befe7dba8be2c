/** The family of a picture: what it came from and what was made from it, over the table `parents`. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { parentSchema, type Picture, type Relation } from '../../domain.ts'
import type { Gallery } from '../gallery.ts'

/** One of the family. Of a deleted picture only its place is known: `picture` is undefined. */
export type Member = { id: string; picture: Picture | undefined; isAsked: boolean }

/** `childId` was made from `parentId`. */
export type Link = { childId: string; parentId: string; relation: Relation }

export type Family = {
  /** The asked picture (with those of the same command) first, then the nearest, ancestors before descendants. */
  members: Member[]
  /** Between members only. */
  links: Link[]
  /** How many more there are than `members` has; at least so many when `isLarger`. */
  more: number
  isLarger: boolean
  /** All that the asked picture came from, nearest first, and how. */
  ancestry: { members: Member[]; links: Link[] }
}

/** As many as can be told apart in one drawing. */
export const MOST_MEMBERS = 100
/** So many are counted each way: beyond that nobody wants to know it exactly, and counting holds everything else up. */
const MOST_COUNTED = 2000

/**
 * One walk up and one down. `UNION` visits every picture once, so cycles end; rows leave SQLite's queue first in, first out, so the
 * nearest come first. A deleted picture has no row in `pictures` and so no server: the walk goes on through it.
 */
const WALK = `
  WITH RECURSIVE
    up (id) AS (
      SELECT value FROM json_each($ids)
      UNION
      SELECT parent_id FROM up JOIN parents ON child_id = up.id LEFT JOIN pictures ON pictures.id = parent_id
      WHERE guild_id IS NULL OR guild_id = $guildId
      LIMIT ${MOST_COUNTED}
    ),
    down (id) AS (
      SELECT value FROM json_each($ids)
      UNION
      SELECT child_id FROM down JOIN parents ON parent_id = down.id LEFT JOIN pictures ON pictures.id = child_id
      WHERE guild_id IS NULL OR guild_id = $guildId
      LIMIT ${MOST_COUNTED}
    )
  SELECT 'up' AS way, id, 0 AS total FROM (SELECT id FROM up LIMIT $most)
  UNION ALL SELECT 'down', id, 0 FROM (SELECT id FROM down LIMIT $most)
  UNION ALL SELECT 'both', '', count(*) FROM (SELECT id FROM up UNION SELECT id FROM down)
  UNION ALL SELECT 'longest', '', max((SELECT count(*) FROM up), (SELECT count(*) FROM down))`

const stepSchema = z.object({
  way: z.enum(['up', 'down', 'both', 'longest']),
  id: z.string(),
  total: z.number(),
})
const linkSchema = z.object({
  childId: z.string(),
  parentId: z.string(),
  relation: parentSchema.shape.relation,
})

/** Finds families; a few milliseconds among ten thousand pictures. */
export function createFamilies(database: DatabaseSync, gallery: Pick<Gallery, 'get' | 'ofJob'>) {
  const walk = database.prepare(WALK)
  const selectLinks = database.prepare(`
    SELECT child_id AS childId, parent_id AS parentId, relation FROM parents
    WHERE child_id IN (SELECT value FROM json_each($ids)) AND parent_id IN (SELECT value FROM json_each($ids))`)

  /** Pictures of one command share their parents, so they are one generation of the same family. */
  return function familyOf(asked: Picture): Family {
    const started = [...new Set([asked.id, ...gallery.ofJob(asked.jobId).map(({ id }) => id)])]
    const most = MOST_MEMBERS + started.length
    const steps = walk
      .all({ ids: JSON.stringify(started), guildId: asked.guildId, most })
      .map((row) => stepSchema.parse(row))
    const idsOf = (way: 'up' | 'down') => steps.filter((step) => step.way === way).map(({ id }) => id)
    const [up, down] = [idsOf('up'), idsOf('down')]
    const ids = [...new Set([...up, ...down])]
    const links = selectLinks.all({ ids: JSON.stringify(ids) }).map((row) => linkSchema.parse(row))
    const memberOf = (id: string): Member => ({
      id,
      picture: visible(gallery.get(id), asked.guildId),
      isAsked: started.includes(id),
    })

    const nearest = nearestFirst(started, up, down, links).slice(0, MOST_MEMBERS)
    const own = new Set([asked.id, ...up.filter((id) => !started.includes(id))])
    const totalOf = (way: 'both' | 'longest') => steps.find((step) => step.way === way)?.total ?? 0
    return {
      members: nearest.map(memberOf),
      links: between(links, new Set(nearest)),
      more: totalOf('both') - nearest.length,
      isLarger: totalOf('longest') >= MOST_COUNTED,
      ancestry: { members: [...own].map(memberOf), links: between(links, own) },
    }
  }
}

/** The walk has left other servers out; this holds if a picture is moved meanwhile. */
const visible = (picture: Picture | undefined, guildId: string) =>
  picture?.guildId === guildId ? picture : undefined

const between = (links: readonly Link[], ids: ReadonlySet<string>): Link[] =>
  links.filter(({ childId, parentId }) => ids.has(childId) && ids.has(parentId))

/** Both walks in one order: by the number of generations from where they started. */
function nearestFirst(
  started: readonly string[],
  up: readonly string[],
  down: readonly string[],
  links: readonly Link[],
): string[] {
  const near = (way: readonly string[], from: keyof Link, to: keyof Link) => {
    const known = new Set(way)
    const next = Map.groupBy(links, (link) => link[from])
    const distance = new Map(started.map((id) => [id, 0]))
    for (const [id, steps] of distance) {
      for (const link of next.get(id) ?? []) {
        if (known.has(link[to]) && !distance.has(link[to])) distance.set(link[to], steps + 1)
      }
    }
    return [...distance]
  }
  const all = [...near(up, 'childId', 'parentId'), ...near(down, 'parentId', 'childId')]
  return [...new Set(all.sort(([, a], [, b]) => a - b).map(([id]) => id))]
}

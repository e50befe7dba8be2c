/** Who still needs a kept input: open jobs, finished pictures, and whatever else names one. */
import type { DatabaseSync } from 'node:sqlite'
import type { Inputs } from './inputs.ts'

export type InputUse = {
  /** Deletes of these inputs what nothing needs any more: a photo goes with the last picture that was made from it. */
  release(ids: readonly (string | undefined)[]): Promise<void>
  /** Deletes all that nothing has needed for an hour. */
  sweep(): Promise<void>
}

/** Texts in which an id keeps its input alive: one query for each kind of thing that can name one. */
const users: readonly string[] = [
  `SELECT recipe AS words FROM pictures WHERE recipe LIKE '%"initImage"%' OR recipe LIKE '%"kind":"swap"%'`,
  `SELECT request AS words FROM jobs WHERE state IN ('waiting', 'running')`,
  'SELECT plan AS words FROM experiment_plans',
]

export function createInputUse({
  database,
  inputs,
}: {
  database: DatabaseSync
  inputs: Pick<Inputs, 'remove' | 'sweep'>
}): InputUse {
  const statements = users.map((sql) => database.prepare(sql))

  /** All of them in one pass, so that it takes the same time for one input as for a thousand. */
  function used(): Set<string> {
    const ids = new Set<string>()
    for (const statement of statements) {
      for (const { words } of statement.iterate()) {
        for (const [id] of String(words).matchAll(/\b[0-9a-f]{64}\b/g)) ids.add(id)
      }
    }
    return ids
  }

  return {
    async release(ids) {
      const needed = used()
      for (const id of new Set(ids)) if (id !== undefined && !needed.has(id)) await inputs.remove(id)
    },
    async sweep() {
      const needed = used()
      await inputs.sweep((id) => needed.has(id))
    },
  }
}

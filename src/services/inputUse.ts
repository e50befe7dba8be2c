/** Who still needs a kept input: open jobs, finished pictures, and whatever else names one. */
import type { DatabaseSync } from 'node:sqlite'
import { isSwap, type JobRequest, type PictureRecipe } from '../domain.ts'
import type { Inputs } from './inputs.ts'

export type InputUse = {
  isUsed(id: string): boolean
  /**
   * Deletes of these inputs what nothing needs any more: a photo goes with the last picture that was made from it. What another
   * command holds goes when that has ended, if nothing needs it then.
   */
  release(ids: readonly (string | undefined)[]): void
  /** Runs a command: what it keeps stays until it has ended, and so until a row names it. */
  during<T>(command: () => Promise<T>): Promise<T>
  /** Inputs named in a row that the command takes away: they stay until it has ended. */
  hold(words: string): void
  /** Deletes all that nothing has needed for an hour. */
  sweep(): Promise<void>
}

/** Texts in which an id keeps its input alive: one query for each kind of thing that can name one. */
const users: readonly string[] = [
  `SELECT recipe AS words FROM pictures WHERE recipe LIKE '%"initImage"%' OR recipe LIKE '%"kind":"swap"%'`,
  `SELECT request AS words FROM jobs WHERE state IN ('waiting', 'running')`,
  `SELECT input_id AS words FROM consents WHERE withdrawn_at IS NULL`,
  `SELECT input_id AS words FROM consent_requests WHERE answer IS NULL`,
  // What a person began and did not finish within a day is forgotten.
  `SELECT data AS words FROM drafts WHERE created_at > (unixepoch() - 86400) * 1000`,
]

export function createInputUse({
  database,
  inputs,
}: {
  database: DatabaseSync
  inputs: Pick<Inputs, 'holds' | 'remove' | 'sweep'>
}): InputUse {
  const statements = users.map((sql) => database.prepare(sql))
  const { holds } = inputs
  /** Released while a command held them. */
  const late = new Set<string>()

  /** All of them in one pass, so that it takes the same time for one input as for a thousand. */
  function used(): Set<string> {
    const ids = new Set<string>()
    for (const statement of statements) {
      for (const { words } of statement.iterate()) {
        for (const id of idsIn(String(words))) ids.add(id)
      }
    }
    return ids
  }

  /** Looks and deletes in one step: nothing can begin to need an input between the two. */
  function removeUnused(ids: readonly string[]): void {
    const needed = used()
    for (const id of ids) {
      if (needed.has(id)) continue
      if (holds.isHeld(id)) late.add(id)
      else inputs.remove(id)
    }
  }

  return {
    isUsed: (id) => used().has(id),
    release(ids) {
      const given = ids.filter((id) => id !== undefined)
      holds.letGo(given)
      removeUnused(given)
    },
    async during(command) {
      try {
        return await holds.during(command)
      } finally {
        const ids = [...late]
        late.clear()
        try {
          if (ids.length > 0) removeUnused(ids)
        } catch {
          // It has nothing to do with this command; what stays is swept later.
        }
      }
    },
    hold: (words) => holds.hold(idsIn(words)),
    async sweep() {
      const needed = used()
      await inputs.sweep((id) => needed.has(id))
    },
  }
}

const idsIn = (words: string): string[] => words.match(/\b[0-9a-f]{64}\b/g) ?? []

/** The kept inputs that a picture was made from, or that a job needs. */
export function inputsOf(made: PictureRecipe | JobRequest): string[] {
  if (isSwap(made)) return [made.source, made.target]
  const cells = 'experiment' in made ? (made.experiment?.cells ?? []) : []
  return [made, ...cells].flatMap(({ initImage, mask }) => [initImage, mask].filter((id) => id !== undefined))
}

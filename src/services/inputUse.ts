/** Whether anything still needs a kept input: pictures and their explanations, open jobs, consents and questions, what people have begun. */
import type { DatabaseSync } from 'node:sqlite'

const USES = `
  SELECT 1 FROM pictures WHERE instr(recipe, $id)
  UNION ALL SELECT 1 FROM jobs WHERE state IN ('waiting', 'running') AND instr(request, $id)
  UNION ALL SELECT 1 FROM consents WHERE input_id = $id AND withdrawn_at IS NULL
  UNION ALL SELECT 1 FROM consent_requests WHERE input_id = $id AND answer IS NULL
  UNION ALL SELECT 1 FROM drafts WHERE created_at > (unixepoch() - 86400) * 1000 AND instr(data, $id)
  LIMIT 1`

export function createInputUse(database: DatabaseSync): (inputId: string) => boolean {
  const uses = database.prepare(USES)
  return (id) => id !== '' && uses.get({ id }) !== undefined
}

/** The classroom in a process of its own, telling its parent when answers of the bot arrive. */
import { startClassroom, type Exchange } from '../../src/classroom/index.ts'

/** What the parent hears. Times are ms since 1970. */
export type ClassroomReport =
  | { kind: 'ready'; url: string; apiUrl: string; token: string; guildId: string }
  /** First answer to an interaction: when the interaction was sent, when the answer was there. */
  | { kind: 'acknowledged'; sentAt: number; at: number }
  /** A message was sent or edited; `files` counts its uploads. */
  | { kind: 'message'; method: string; path: string; files: string[]; at: number }

const DISCORD_EPOCH = 1_420_070_400_000n
const tell = (report: ClassroomReport) => process.send?.(report)

function observe({ method, path, files }: Exchange): void {
  const at = Date.now()
  const [, group, id, , last] = path.split('/')
  if (group === 'interactions' && last === 'callback' && id) {
    return void tell({ kind: 'acknowledged', sentAt: Number((BigInt(id) >> 22n) + DISCORD_EPOCH), at })
  }
  if (path.includes('/messages') && method !== 'GET') {
    tell({ kind: 'message', method, path, files: files.map(({ name }) => name), at })
  }
}

const classroom = await startClassroom({ port: 0, dataDir: process.argv[2] as string, observe })
tell({ kind: 'ready', ...classroom })
process.on('disconnect', () => void classroom.close().then(() => process.exit(0)))

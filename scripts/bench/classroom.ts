/** The classroom in a process of its own, telling its parent when answers of the bot arrive. */
import { startClassroom, type Exchange } from '../../src/classroom/index.ts'

/** What the parent hears. Times are ms since 1970. */
export type ClassroomReport =
  | { kind: 'ready'; url: string; apiUrl: string; token: string; guildId: string }
  /** First answer to an interaction: when the interaction was sent, when the answer was there. */
  | {
      kind: 'acknowledged'
      interaction: string
      token: string
      isDeferred: boolean
      sentAt: number
      at: number
    }
  /** A message was sent or edited. `token`: of the interaction whose reply it is. */
  | { kind: 'message'; token: string | undefined; uploads: string[]; told: string | undefined; at: number }

const DISCORD_EPOCH = 1_420_070_400_000n
const DEFERRED = 5
const tell = (report: ClassroomReport) => process.send?.(report)

function observe({ method, path, files, requestBody }: Exchange): void {
  const at = Date.now()
  const [, group, id, token, last] = path.split('/')
  if (group === 'interactions' && last === 'callback' && id && token) {
    const sentAt = Number((BigInt(id) >> 22n) + DISCORD_EPOCH)
    const isDeferred = (requestBody as { type?: number } | undefined)?.type === DEFERRED
    return void tell({ kind: 'acknowledged', interaction: id, token, isDeferred, sentAt, at })
  }
  if (!path.includes('/messages') || method === 'GET') return
  const uploads = files.map(({ name }) => name)
  const isReply = group === 'webhooks' && path.endsWith('/messages/@original')
  // What a student reads while they wait.
  const told = isReply ? /It will be ready in ([^.]+)\./.exec(JSON.stringify(requestBody))?.[1] : undefined
  tell({ kind: 'message', token: isReply ? token : undefined, uploads, told, at })
}

const [dataDir = '', students = '[]'] = process.argv.slice(2)
const classroom = await startClassroom({
  port: 0,
  dataDir,
  students: JSON.parse(students) as string[],
  observe,
})
tell({ kind: 'ready', ...classroom })
process.on('disconnect', () => void classroom.close().then(() => process.exit(0)))

/**
 * The classroom in a process of its own, as Discord is. It disturbs the answers that its parent orders, and kills the bot
 * itself at crash points: in the very moment, while the bot waits for the answer.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { connectPerson } from '../../src/classroom/client.ts'
import { startClassroom, type Exchange, type Fault, type GatewayDrop } from '../../src/classroom/index.ts'
import type { RouteName, Step } from './steps.ts'

/** What the parent orders. */
export type Order =
  | { kind: 'bot'; pid: number }
  | Extract<Step, { do: 'crash point' | 'discord' | 'gateway' | 'tokens expire' | 'studio closes' }>
  /** This person wants no direct messages. */
  | { kind: 'no dms'; personId: string }
  /** From now on everything is answered as usual. */
  | { kind: 'heal' }

/** What the parent hears. */
export type Report =
  | { kind: 'ready'; url: string; apiUrl: string; token: string; guildId: string }
  | { kind: 'killed'; route: RouteName; when: 'before' | 'after'; downFor: number }
  | { kind: 'fault'; what: string }

type Disturbance = Extract<Step, { do: 'discord' }> & { left: number }
type CrashPoint = Extract<Step, { do: 'crash point' }>

const tell = (report: Report) => process.send?.(report)

let pid: number | undefined
let disturbances: Disturbance[] = []
let crashPoints: CrashPoint[] = []
const tokens = new Set<string>()
const expired = new Set<string>()
/** Whose conversation with the bot each one is, as the bot was told. */
const conversations = new Map<string, string>()
let wantsNoDms: string | undefined
let isStudioClosed = false

function rest({ method, path, hasFiles }: Parameters<Asked>[0]): Fault | undefined {
  const token = /^\/(?:interactions|webhooks)\/\d+\/([^/]+)/.exec(path)?.[1]
  if (token !== undefined) tokens.add(token)
  if (token !== undefined && isStudioClosed) expired.add(token)
  if (token !== undefined && expired.has(token) && path.startsWith('/webhooks/')) {
    return { kind: 'answer', status: 401, body: { code: 50027, message: 'Invalid Webhook Token' } }
  }
  const route = routeOf(method, path, hasFiles)
  if (!route) return undefined
  const person = conversations.get(/^\/channels\/(\d+)\/messages$/.exec(path)?.[1] ?? '')
  if (route === 'message' && person !== undefined && person === wantsNoDms) {
    tell({ kind: 'fault', what: 'no direct messages' })
    return {
      kind: 'answer',
      status: 403,
      body: { code: 50007, message: 'Cannot send messages to this user' },
    }
  }
  return crash(route) ?? disturb(route)
}
type Asked = NonNullable<Parameters<typeof startClassroom>[0]['rest']>

function routeOf(method: string, path: string, hasFiles: boolean): RouteName | undefined {
  const call = `${method} ${path.replaceAll(/\d{15,}/g, 'ID')}`
  if (/^POST \/interactions\/ID\/[^/]+\/callback$/.test(call)) return 'acknowledge'
  if (/^PATCH \/webhooks\/ID\/[^/]+\/messages\/@original$/.test(call)) return hasFiles ? 'result' : 'edit'
  if (/^POST \/webhooks\/ID\/[^/]+$/.test(call)) return 'note'
  if (call === 'POST /channels/ID/messages') return 'message'
  if (call === 'POST /channels/ID/threads') return 'thread'
  if (call === 'DELETE /channels/ID/messages/ID') return 'remove'
  return undefined
}

function observe({ method, path, requestBody, responseBody }: Exchange): void {
  if (method !== 'POST' || path !== '/users/@me/channels') return
  const { id } = (responseBody ?? {}) as { id?: string }
  if (id !== undefined) conversations.set(id, (requestBody as { recipient_id: string }).recipient_id)
}

const SEND_MESSAGES = String(1n << 11n)

/** Nobody may write there, and no way of answering in private is left. */
async function closeStudio(lasts: number): Promise<void> {
  isStudioClosed = true
  expireTokens()
  const everyone = (deny: string) =>
    classroom.setOverwrite(studio, { id: classroom.guildId, type: 0, allow: '0', deny })
  everyone(SEND_MESSAGES)
  await pause(lasts)
  everyone('0')
  isStudioClosed = false
}

function expireTokens(): void {
  for (const token of tokens) expired.add(token)
}

function crash(route: RouteName): Fault | undefined {
  const point = crashPoints.find((each) => each.route === route)
  if (!point || pid === undefined) return undefined
  const victim = pid
  pid = undefined
  crashPoints = crashPoints.filter((each) => each !== point)
  const kill = () => {
    process.kill(victim, 'SIGKILL')
    tell({ kind: 'killed', route, when: point.when, downFor: point.downFor })
  }
  if (point.when === 'after') {
    return {
      kind: 'hold',
      until() {
        kill()
        return Promise.resolve(false)
      },
    }
  }
  kill()
  return { kind: 'drop' }
}

function disturb(route: RouteName): Fault | undefined {
  const disturbance = disturbances.find((each) => each.route === route)
  if (!disturbance) return undefined
  disturbance.left -= 1
  disturbances = disturbances.filter(({ left }) => left > 0)
  tell({ kind: 'fault', what: disturbance.fault })
  const { fault, ms } = disturbance
  const faults: Record<typeof fault, Fault> = {
    'slow down': { kind: 'rate-limit', seconds: ms / 1000 },
    'slow down everywhere': { kind: 'rate-limit', seconds: ms / 1000, global: true },
    'server error': { kind: 'answer', status: 502 },
    'server error after': { kind: 'answer', status: 500, after: true },
    delay: { kind: 'delay', ms },
    'cut before': { kind: 'drop' },
    'cut after': { kind: 'drop', after: true },
  }
  return faults[fault]
}

const classroom = await startClassroom({ port: 0, dataDir: process.argv[2] as string, rest, observe })
const studio = await studioOf(classroom.url)

async function studioOf(url: string): Promise<string> {
  const person = await connectPerson(url, 'Ida')
  const { channels } = await person.state()
  await person.close()
  return channels.find(({ name }) => name === 'studio')?.id ?? ''
}

process.on('message', (order: Order) => {
  if ('kind' in order) {
    if (order.kind === 'bot') pid = order.pid
    else if (order.kind === 'no dms') wantsNoDms = order.personId
    else [disturbances, crashPoints] = [[], []]
  } else if (order.do === 'crash point') crashPoints.push(order)
  else if (order.do === 'discord') disturbances.push({ ...order, left: order.times })
  else if (order.do === 'gateway') classroom.dropGateway(order.how satisfies GatewayDrop)
  else if (order.do === 'studio closes') void closeStudio(order.lasts)
  else expireTokens()
})
process.on('disconnect', () => void classroom.close().then(() => process.exit(0)))
tell({ kind: 'ready', ...classroom })

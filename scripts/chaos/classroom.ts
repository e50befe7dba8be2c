/**
 * The classroom in a process of its own, as Discord is. It disturbs the answers that its parent orders, and kills the bot
 * itself at crash points: in the very moment, while the bot waits for the answer.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { connectPerson } from '../../src/classroom/client.ts'
import { startClassroom, type GatewayDrop } from '../../src/classroom/index.ts'
import { createInterference } from './interference.ts'
import { newcomer, people, type RouteName, type Step } from './steps.ts'

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
  /** What who waits for this interaction (absent: everybody) sees next may be late, or from then on always. `at` in ms since 1970. */
  | { kind: 'unseen'; at: number; interaction?: string; isForGood?: true }

const tell = (report: Report) => void process.send?.(report)

const SEND_MESSAGES = String(1n << 11n)

const interference = createInterference(tell)
const classroom = await startClassroom({
  port: 0,
  dataDir: process.argv[2] as string,
  students: [...people, newcomer].filter((name) => name !== 'Ida'),
  rest: (request) => interference.rest(request),
  observe: (exchange) => interference.observe(exchange),
})
const studio = await studioOf(classroom.url)
interference.studioIs(studio)

async function studioOf(url: string): Promise<string> {
  const person = await connectPerson(url, 'Ida')
  const { channels } = await person.state()
  await person.close()
  return channels.find(({ name }) => name === 'studio')?.id ?? ''
}

/** Nobody may write there, and no way of answering in private is left. */
async function closeStudio(lasts: number): Promise<void> {
  interference.studioCloses(true)
  const everyone = (deny: string) =>
    classroom.setOverwrite(studio, { id: classroom.guildId, type: 0, allow: '0', deny })
  everyone(SEND_MESSAGES)
  await pause(lasts)
  everyone('0')
  interference.studioCloses(false)
}

process.on('message', (order: Order) => {
  if ('kind' in order) {
    if (order.kind === 'bot') interference.botIs(order.pid)
    else if (order.kind === 'no dms') interference.wantsNoDms(order.personId)
    else interference.heal()
  } else if (order.do === 'crash point') interference.killAt(order)
  else if (order.do === 'discord') interference.disturbNext(order)
  else if (order.do === 'gateway') classroom.dropGateway(order.how satisfies GatewayDrop)
  else if (order.do === 'studio closes') void closeStudio(order.lasts)
  else interference.expireTokens()
})
process.on('disconnect', () => void classroom.close().then(() => process.exit(0)))
tell({ kind: 'ready', ...classroom })

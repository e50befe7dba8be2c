/** What becomes of the bot's requests to Discord: disturbed as ordered, or the bot is killed in that very moment. */
import type { Exchange, Fault } from '../../src/classroom/index.ts'
import type { Report } from './classroom.ts'
import { channelOf, createTokens, routeOf, type Request } from './requests.ts'
import type { RouteName, Step } from './steps.ts'

type Disturbance = Extract<Step, { do: 'discord' }> & { left: number }
type CrashPoint = Extract<Step, { do: 'crash point' }>

/** @param tell hears what was done, and whose messages may be late after it */
export function createInterference(tell: (report: Report) => void) {
  let pid: number | undefined
  let disturbances: Disturbance[] = []
  let crashPoints: CrashPoint[] = []
  const tokens = createTokens()
  /** Whose conversation with the bot each one is, as the bot was told. */
  const conversations = new Map<string, string>()
  let wantsNoDms: string | undefined
  let studio: string | undefined
  let isStudioClosed = false

  function unseen(interaction?: string): void {
    tell({ kind: 'unseen', at: Date.now(), ...(interaction === undefined ? {} : { interaction }) })
  }

  /** Without a token no progress is shown any more: what stands there says nothing of how far it is. */
  function unseenForGood(interactions: readonly string[]): void {
    for (const interaction of interactions)
      tell({ kind: 'unseen', at: Date.now(), interaction, isForGood: true })
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

  function disturb(route: RouteName, path: string): Fault | undefined {
    const disturbance = disturbances.find((each) => each.route === route)
    if (!disturbance) return undefined
    disturbance.left -= 1
    disturbances = disturbances.filter(({ left }) => left > 0)
    const { fault, ms } = disturbance
    tell({ kind: 'fault', what: fault })
    const interaction = tokens.interactionOf(path)
    const channel = channelOf(path)
    // Copies in the gallery may be late: nobody waits for them in line.
    if (interaction !== undefined) unseen(fault === 'slow down everywhere' ? undefined : interaction)
    else if (fault === 'slow down everywhere' || channel === studio || conversations.has(channel)) unseen()
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

  return {
    /** Asked before each request. */
    rest(request: Request): Fault | undefined {
      const { path } = request
      tokens.note(path)
      if (isStudioClosed) unseenForGood(tokens.expireThis(path))
      if (tokens.isRefused(path)) {
        // Its end comes all the same, by another way and at once.
        return { kind: 'answer', status: 401, body: { code: 50027, message: 'Invalid Webhook Token' } }
      }
      const route = routeOf(request)
      if (!route) return undefined
      const person = conversations.get(channelOf(path))
      if (route === 'message' && person !== undefined && person === wantsNoDms) {
        tell({ kind: 'fault', what: 'no direct messages' })
        const body = { code: 50007, message: 'Cannot send messages to this user' }
        return { kind: 'answer', status: 403, body }
      }
      return crash(route) ?? disturb(route, path)
    },
    /** Told of each request that was answered. */
    observe({ method, path, requestBody, responseBody }: Exchange): void {
      if (method !== 'POST' || path !== '/users/@me/channels') return
      const { id } = (responseBody ?? {}) as { id?: string }
      if (id !== undefined) conversations.set(id, (requestBody as { recipient_id: string }).recipient_id)
    },
    /** The process that is killed at crash points. */
    botIs: (id: number) => void (pid = id),
    studioIs: (channelId: string) => void (studio = channelId),
    wantsNoDms: (personId: string) => void (wantsNoDms = personId),
    killAt: (point: CrashPoint) => void crashPoints.push(point),
    disturbNext: (step: Extract<Step, { do: 'discord' }>) =>
      void disturbances.push({ ...step, left: step.times }),
    expireTokens: () => unseenForGood(tokens.expire()),
    /** No token lives meanwhile. */
    studioCloses(isClosed: boolean): void {
      isStudioClosed = isClosed
      if (isClosed) unseenForGood(tokens.expire())
    },
    heal: () => void ([disturbances, crashPoints] = [[], []]),
  }
}

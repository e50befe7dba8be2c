/** When all is well again everybody asks once more, and everything that is still open has to come. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Crowd } from './crowd.ts'
import { judge } from './judge.ts'
import { newcomer, newcomerTag, people, type Ask } from './steps.ts'

/** After the last disturbance: sends are repeated after at most a minute. */
const SETTLE_MS = 150_000
/** What would come twice has come by then. */
const QUIET_MS = 2500
/** Who still waits for something looks into /mine now and then. */
const ROUNDS_TO_MINE = 6

/** Everybody asks once more when all is well again. */
const atPeace = people.map((person, index) => ({
  at: 0,
  do: 'ask' as const,
  person,
  tag: `peace${index}`,
  how: 'imagine' as const,
  on: (['embedded', 'machine', 'shop'] as const)[index % 3] ?? 'embedded',
  steps: 3,
  count: 1,
  seed: index,
}))

export async function askAtPeace(crowd: Crowd): Promise<void> {
  await Promise.all(atPeace.map((step) => crowd.ask(step)))
}

/** More than the judge lets come before anybody else, each so slow that most still wait when the last one is acknowledged. */
const FLOOD = 30
const SLOW_STEPS = 12
const inFlood = {
  at: 0,
  do: 'ask',
  how: 'imagine',
  on: 'embedded',
  steps: SLOW_STEPS,
  count: 1,
  seed: 1,
} as const

/** Where nothing hides who comes first: one person floods the line, and then somebody asks who has had nothing yet. */
export async function floodAtPeace(crowd: Crowd): Promise<void> {
  const flood = Array.from({ length: FLOOD }, (_, index): Ask => {
    return { ...inFlood, person: 'Ben', tag: `flood${String(index).padStart(2, '0')}` }
  })
  await Promise.all(flood.map((step) => crowd.ask(step)))
  await crowd.ask({ ...inFlood, person: newcomer, tag: newcomerTag })
}

/** Until every promise that is still open is kept, and a little longer. */
export async function settle(crowd: Crowd): Promise<void> {
  const latest = Date.now() + SETTLE_MS
  for (let round = 1; Date.now() < latest; round++) {
    await crowd.look()
    if (judge(crowd.log).open.length === 0) break
    await pause(500)
    if (round % ROUNDS_TO_MINE === 0) await crowd.fetchLost()
  }
  await pause(QUIET_MS)
}

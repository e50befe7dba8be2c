/** What one run does and when, made from the seed alone before anything starts. Times are ms from the beginning. */
import { createRandom, type Random } from './random.ts'

export const people = ['Ida', 'Ben', 'Mei', 'Noor'] as const

/** Requests of the bot to Discord, as they are told apart by method and path. */
export const routes = ['acknowledge', 'edit', 'result', 'note', 'message', 'thread', 'remove'] as const
export type RouteName = (typeof routes)[number]

export type MachineFault =
  | 'out of memory'
  | 'fails'
  | 'garbage'
  | 'bad gateway'
  | 'black picture'
  | 'dies in the middle'
  | 'hangs in the middle'
  | 'refuses connections'
  | 'answers nothing'
  | 'lies about progress'

export type Step = { at: number } & (
  | {
      do: 'ask'
      person: (typeof people)[number]
      /** Stands in the prompt, so that every answer says which command it belongs to. */
      tag: string
      how: 'imagine' | 'remix'
      on: 'embedded' | 'machine'
      steps: number
      count: number
      seed: number
      /** Ms after the acknowledgement. */
      cancelAfter?: number
    }
  | { do: 'kill'; downFor: number }
  /** kill -9 when the bot sends this: before anything is done with it, or when it is done but not yet answered. */
  | { do: 'crash point'; route: RouteName; when: 'before' | 'after'; downFor: number }
  | {
      do: 'discord'
      route: RouteName
      fault:
        | 'slow down'
        | 'slow down everywhere'
        | 'server error'
        | 'server error after'
        | 'cut before'
        | 'cut after'
        | 'delay'
      times: number
      ms: number
    }
  | { do: 'gateway'; how: 'reconnect' | 'invalid' | 'drop' }
  | { do: 'tokens expire' }
  | { do: 'machine'; machine: 0 | 1; fault: MachineFault; healAfter: number }
  | { do: 'full disk'; lasts: number }
)

export type Plan = { seed: number; lasts: number; steps: Step[] }

/** @param lasts ms in which things are started; after that all is healed and the run waits until everything has arrived */
export function makePlan(seed: number, lasts: number): Plan {
  const random = createRandom(seed)
  const steps = [...asks(random, lasts), ...disturbances(random, lasts)]
  return { seed, lasts, steps: steps.toSorted((a, b) => a.at - b.at) }
}

function asks(random: Random, lasts: number): Step[] {
  const steps: Step[] = []
  let number = 0
  const ask = (at: number, person: (typeof people)[number]): void => {
    number += 1
    steps.push({
      at,
      do: 'ask',
      person,
      tag: `c${String(number).padStart(4, '0')}`,
      how: random.chance(0.15) ? 'remix' : 'imagine',
      on: random.chance(0.45) ? 'machine' : 'embedded',
      steps: random.whole(2, 8),
      count: random.pick([1, 1, 1, 2, 3]),
      seed: random.whole(0, 1_000_000),
      ...(random.chance(0.12) ? { cancelAfter: random.whole(0, 2500) } : {}),
    })
  }
  for (let at = 300; at < lasts; at += random.whole(400, 3200)) {
    const person = random.pick(people)
    // Now and then one person floods the line.
    const many = random.chance(0.06) ? random.whole(4, 8) : 1
    for (let index = 0; index < many; index++) ask(at + index * 30, person)
  }
  return steps
}

function disturbances(random: Random, lasts: number): Step[] {
  const steps: Step[] = []
  const every = (from: number, to: number, make: (at: number) => Step): void => {
    for (let at = random.whole(1500, from + 1500); at < lasts; at += random.whole(from, to))
      steps.push(make(at))
  }
  const downFor = () => random.pick([0, 200, 1500, 4000])
  every(20_000, 45_000, (at) => ({ at, do: 'kill', downFor: downFor() }))
  every(8000, 20_000, (at) => ({
    at,
    do: 'crash point',
    route: random.pick(crashRoutes),
    when: random.pick(['before', 'after']),
    downFor: downFor(),
  }))
  every(3000, 9000, (at) => ({
    at,
    do: 'discord',
    route: random.pick(routes),
    fault: random.pick([
      'slow down',
      'slow down everywhere',
      'server error',
      'server error after',
      'cut before',
      'cut after',
      'delay',
    ]),
    times: random.whole(1, 5),
    ms: random.whole(100, 1500),
  }))
  every(12_000, 30_000, (at) => ({ at, do: 'gateway', how: random.pick(['reconnect', 'invalid', 'drop']) }))
  every(12_000, 35_000, (at) => ({ at, do: 'tokens expire' }))
  every(5000, 14_000, (at) => ({
    at,
    do: 'machine',
    machine: random.pick([0, 1]),
    fault: random.pick(machineFaults),
    healAfter: random.whole(1000, 8000),
  }))
  every(45_000, 70_000, (at) => ({ at, do: 'full disk', lasts: random.whole(500, 5000) }))
  return steps
}

/** What carries an end comes more often; what is seldom sent waits armed until it is. */
const crashRoutes: readonly [RouteName, ...RouteName[]] = [
  'acknowledge',
  'acknowledge',
  'edit',
  'result',
  'result',
  'note',
  'message',
  'message',
  'message',
  'thread',
  'remove',
]

const machineFaults: readonly [MachineFault, ...MachineFault[]] = [
  'out of memory',
  'fails',
  'garbage',
  'bad gateway',
  'black picture',
  'dies in the middle',
  'hangs in the middle',
  'refuses connections',
  'answers nothing',
  'lies about progress',
]

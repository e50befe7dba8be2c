/** What goes wrong in a plan, and when: the process, Discord, the machines, Replicate and the disk. */
import { routes, type MachineFault, type RouteName, type ShopFault, type Step } from './steps.ts'
import type { Random } from './random.ts'

export function disturbances(random: Random, lasts: number): Step[] {
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
  every(7000, 16_000, (at) => ({
    at,
    do: 'shop',
    fault: random.pick(shopFaults),
    healAfter: random.whole(1000, 6000),
  }))
  every(25_000, 45_000, (at) => ({ at, do: 'studio closes', lasts: random.whole(2000, 5000) }))
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

const shopFaults: readonly [ShopFault, ...ShopFault[]] = [
  'order arrives, answer is lost',
  'order arrives, answer is lost',
  'order is lost',
  'slow down',
  'bad gateway',
  'prediction fails',
  'picture is held back',
  'prediction hangs',
  'file is cut',
]

/** What people type in a plan: one thing after another, now and then many at once. */
import { people, type Ask, type PersonName, type Step } from './steps.ts'
import type { Random } from './random.ts'

/** Practice faces with one face each, by the name under which a swap shows them. */
const FACES = ['Ada', 'Bruno', 'Chiyo', 'Dario', 'Edda', 'Femi', 'Greta'] as const

/** More than the judge lets come before anybody else. */
const FLOOD = { from: 22, to: 28 }
const FIRST_FLOOD_MS = 14_000
/** Who asks right after a flood does not wait until it is through. */
const AFTER_FLOOD_MS = [900, 1400, 2200]

export function asks(random: Random, lasts: number): Step[] {
  const steps: Step[] = []
  const pairs = shuffledPairs(random)
  const ask = (given: Pick<Ask, 'at' | 'person'> & Partial<Ask>): void => {
    const tag = `c${String(steps.length + 1).padStart(4, '0')}`
    const { faces, ...rest } = { ...anything(random, pairs), ...given }
    steps.push({ ...rest, do: 'ask', tag, ...(faces && rest.how === 'swapface' ? { faces } : {}) })
  }
  for (let at = 300; at < lasts; at += random.whole(400, 3200)) {
    const person = random.pick(people)
    // Now and then one person asks for several things at once.
    const many = random.chance(0.06) ? random.whole(4, 8) : 1
    for (let index = 0; index < many; index++) ask({ at: at + index * 30, person })
  }
  const simple = { how: 'imagine', on: 'embedded', steps: 2, count: 1, whenUp: true } as const
  for (let at = FIRST_FLOOD_MS; at < lasts; at += random.whole(30_000, 50_000)) {
    const flooder = random.pick(people)
    const many = random.whole(FLOOD.from, FLOOD.to)
    for (let index = 0; index < many; index++) ask({ ...simple, at: at + index * 20, person: flooder })
    const [first, ...others] = people.filter((name) => name !== flooder)
    for (const after of AFTER_FLOOD_MS) {
      const person: PersonName = random.pick([first ?? 'Ida', ...others])
      ask({ ...simple, at: at + after, person })
    }
  }
  return steps
}

type Asked = Omit<Ask, 'at' | 'do' | 'person' | 'tag'>

/** Swaps end when every pair of faces was asked for. */
function anything(random: Random, pairs: [string, string][]): Asked {
  const wanted = random.pick(KINDS)
  const faces = wanted === 'swapface' ? pairs.pop() : undefined
  const how = wanted === 'swapface' && !faces ? 'imagine' : wanted
  const place = random.next()
  const isAtShop = how === 'imagine' && place > 0.75
  const follows = random.next()
  const after = random.whole(0, 2500)
  return {
    how,
    on: isAtShop ? 'shop' : place < 0.4 ? 'machine' : 'embedded',
    steps: random.whole(2, 8),
    // Of the shop one picture comes after another, and a job has not much time.
    count: random.pick([1, 1, 1, 2, isAtShop ? 2 : 3]),
    seed: random.whole(0, 1_000_000),
    ...(faces ? { faces } : {}),
    ...(follows < 0.1 ? { cancelAfter: after } : {}),
    ...(follows > 0.82 ? { deleteAfter: random.chance(0.5) ? 0 : after } : {}),
  }
}

const KINDS: readonly [Ask['how'], ...Ask['how'][]] = [
  'imagine',
  'imagine',
  'imagine',
  'imagine',
  'imagine',
  'imagine',
  'remix',
  'experiment',
  'swapface',
]

function shuffledPairs(random: Random): [string, string][] {
  const pairs = FACES.flatMap((face) =>
    FACES.filter((onto) => onto !== face).map((onto): [string, string] => [face, onto]),
  )
  return pairs
    .map((pair) => ({ pair, order: random.next() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ pair }) => pair)
}

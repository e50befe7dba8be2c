/** One person with 50 jobs waiting, then everybody else with one: what the flood costs them. */
import { etaRows } from './eta.ts'
import { median, plain, seconds, spread, verdict, worst, type Part, type Row } from './figures.ts'
import { jobTimes } from './jobTimes.ts'
import { startMachines } from './machines.ts'
import type { Run } from './part.ts'
import { playRound, type Round } from './round.ts'
import { names, openStage, type Stage } from './stage.ts'

const STEPS = 5
const MS_PER_STEP = 50
const PICTURE_MS = STEPS * MS_PER_STEP
/** Jobs by which anybody may be put off, with one lane. */
const MOST_DELAY = 1

/**
 * `between`: pictures of the flood that were drawn after the first of the others was accepted and before the last of them was begun.
 * `delay`: the same for the one of the others who waited for most of them.
 */
type Flooded = { lastMs: number; between: number; delay: number; etas: Round['etas'] }

export async function benchFairness({ folder, amount, say }: Run): Promise<Part> {
  const flood = amount(50, 8)
  const others = amount(19, 4)
  const count = amount(3, 1)
  const machines = await startMachines(1, MS_PER_STEP)
  const stage = await openStage({
    folder,
    students: names(others + 1),
    env: { AUTO1111_URLS: machines.addresses },
  })
  const command = (seed: number) =>
    `/imagine prompt:"a lighthouse" model:${machines.model} steps:${STEPS} seed:${seed}`
  const rounds: Flooded[] = []
  try {
    // One picture, so that the time of one is known.
    await stage.typeAll(stage.students.slice(0, 1), command)
    await stage.bot.idle()
    for (let round = 1; round <= count; round++) {
      say(`round ${round} of ${count}`)
      rounds.push(await floodOnce(stage, flood, command))
    }
  } finally {
    await stage.close()
    await machines.close()
  }

  const what = `flood of ${flood}, then ${others} people`
  const each = (
    name: string,
    of: (round: Flooded) => number,
    show: (value: number) => string,
    how: string,
  ): Row => {
    const values = rounds.map(of)
    return { what: `${what}: ${name}`, figure: show(median(values)), spread: spread(values, show), how }
  }
  const delay = worst(rounds.map((round) => round.delay))
  const isMet = delay <= MOST_DELAY
  return {
    rows: [
      each(
        'last of them',
        ({ lastMs }) => lastMs,
        seconds,
        `median of ${count}, 1 lane of ${seconds(PICTURE_MS)} a picture; without the flood ideally ${seconds(others * PICTURE_MS)}`,
      ),
      each(
        'pictures of the flood before it',
        ({ between }) => between,
        plain,
        'drawn since the first of them was accepted; what was being drawn then is counted',
      ),
      each(
        'worst delay in jobs',
        (round) => round.delay,
        plain,
        `pictures of the flood that one of them waited for since they were accepted; at most ${MOST_DELAY} a lane: ${verdict(isMet)}`,
      ),
      ...etaRows(
        what,
        rounds.map(({ etas }) => etas),
      ),
    ],
    targets: [{ target: `${what}, worst delay <= ${MOST_DELAY} job a lane`, figure: plain(delay), isMet }],
  }
}

async function floodOnce(stage: Stage, flood: number, command: (seed: number) => string): Promise<Flooded> {
  const [flooder, ...others] = stage.students
  if (!flooder) throw new Error('nobody is there')
  const flooding = await stage.typeAll(
    Array.from({ length: flood }, () => flooder),
    command,
  )
  const { stories, beganAt, etas } = await playRound(stage, others, (person) => command(1000 + person))
  const timesOf = jobTimes(stage.dataDir)
  const floods = flooding.map(timesOf)
  const asked = stories.map(({ interaction }) => timesOf(interaction))
  /** Pictures of the flood that were drawn between the acceptance of somebody's job and its beginning, in whole or in part. */
  const before = (acceptedAt: number, begunAt: number) =>
    floods.filter((each) => each.finishedAt > acceptedAt && each.begunAt < begunAt).length
  return {
    lastMs: worst(stories.map(({ result }) => result.at)) - beganAt,
    between: before(
      Math.min(...asked.map(({ acceptedAt }) => acceptedAt)),
      worst(asked.map(({ begunAt }) => begunAt)),
    ),
    delay: worst(asked.map(({ acceptedAt, begunAt }) => before(acceptedAt, begunAt))),
    etas,
  }
}

/** One person with 50 jobs waiting, then everybody else with one: what the flood costs them. */
import { etaRows, forecasts, told } from './eta.ts'
import { plain, seconds, verdict, worst, type Part } from './figures.ts'
import { startMachines } from './machines.ts'
import type { Run } from './part.ts'
import { names, openStage } from './stage.ts'
import { storiesOf } from './stories.ts'

const STEPS = 5
const MS_PER_STEP = 50
/** Jobs by which anybody may be put off, with one lane. */
const MOST_DELAY = 1

export async function benchFairness({ folder, amount }: Run): Promise<Part> {
  const flood = amount(50, 8)
  const others = amount(19, 4)
  const machines = await startMachines(1, MS_PER_STEP)
  const stage = await openStage({
    folder,
    students: names(others + 1),
    env: { AUTO1111_URLS: machines.addresses },
  })
  try {
    const command = (seed: number) =>
      `/imagine prompt:"a lighthouse" model:${machines.model} steps:${STEPS} seed:${seed}`
    const [flooder, ...rest] = stage.students
    if (!flooder) throw new Error('nobody is there')
    await stage.typeAll([flooder], command)
    await stage.bot.idle()
    const flooding = await stage.typeAll(
      Array.from({ length: flood }, () => flooder),
      command,
    )
    const asked = await stage.typeAll(rest, (person) => command(1000 + person))
    const line = await stage.bot.line()
    const lookedAt = Date.now()
    await stage.bot.idle()
    const stories = await storiesOf(asked, stage.reports)
    const all = [...stories, ...(await storiesOf(flooding, stage.reports))]

    const began = Math.min(...stories.map(({ sentAt }) => sentAt))
    const last = Math.max(...stories.map(({ result }) => result.at))
    const own = new Set(asked)
    const order = all.filter(({ result }) => result.at > began).toSorted((a, b) => a.result.at - b.result.at)
    const places = order.flatMap(({ interaction }, index) => (own.has(interaction) ? [index] : []))
    // Without the flood the k-th of them would be the k-th at all.
    const delays = places.map((place, index) => place - index)
    const between = order.filter(
      ({ interaction, result }) => !own.has(interaction) && result.at < last,
    ).length
    const ideal = others * STEPS * MS_PER_STEP
    const what = `flood of ${flood}, then ${others} people`
    return {
      rows: [
        {
          what: `${what}: last of them`,
          figure: seconds(last - began),
          how: `1 lane of ${seconds(STEPS * MS_PER_STEP)} a picture, one run; without the flood ideally ${seconds(ideal)}`,
        },
        {
          what: `${what}: pictures of the flood before the last of them`,
          figure: plain(between),
          how: 'the one that was being drawn when they asked is counted',
        },
        {
          what: `${what}: worst delay`,
          figure: `${plain(worst(delays))} ${worst(delays) === 1 ? 'job' : 'jobs'}`,
          how: `places lost to the flood; at most ${MOST_DELAY} a lane: ${verdict(worst(delays) <= MOST_DELAY)}`,
        },
        ...etaRows(what, { forecast: forecasts(line, lookedAt, stories), told: told(stories) }),
      ],
      targets: [
        {
          target: `${what}, worst delay <= ${MOST_DELAY} job a lane`,
          figure: plain(worst(delays)),
          isMet: worst(delays) <= MOST_DELAY,
        },
      ],
    }
  } finally {
    await stage.close()
    await machines.close()
  }
}

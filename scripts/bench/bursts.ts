/** Bursts of commands in the same instant while the embedded model draws: how soon each is acknowledged, and what the bot's memory does. */
import { setTimeout as pause } from 'node:timers/promises'
import { megabytes, ms, p99, repeated, worst, type Part, type Row } from './figures.ts'
import type { Run } from './part.ts'
import { names, openStage } from './stage.ts'
import { acknowledgementsSince } from './stories.ts'

const BURST = 20
/** Between two bursts: less than the lane needs for one, so that a line grows. */
const PAUSE_MS = 1000
const MOST_MS = 25
const MOST_GROWTH = 20 * 2 ** 20

export async function benchBursts({ folder, amount, say }: Run): Promise<Part> {
  const bursts = amount(50, 3)
  const firstLook = amount(10, 1)
  const stage = await openStage({ folder, students: names(BURST) })
  try {
    const atStart = await stage.bot.memory()
    let early = atStart
    for (let burst = 1; burst <= bursts; burst++) {
      await stage.typeAll(stage.students, () => `/imagine prompt:"a red heart" steps:3 seed:${burst}`)
      if (burst === firstLook) {
        await stage.bot.idle()
        early = await stage.bot.memory()
      } else await pause(PAUSE_MS)
      if (burst % 10 === 0) say(`burst ${burst} of ${bursts}`)
    }
    // The first report of this stage that counts: /class setup came before.
    const times = acknowledgementsSince(stage.reports, 0).slice(1)
    await stage.bot.idle()
    const late = await stage.bot.memory()
    const jobs = [firstLook * BURST, bursts * BURST]
    const memory = (what: string, figure: string, how: string): Row => ({ what, figure, how })
    return {
      rows: [
        ...acknowledgements(
          'acknowledgement',
          times,
          `${times.length} commands in ${bursts} bursts of ${BURST}`,
        ),
        memory('memory at the start', megabytes(atStart), "RSS of the bot's own process, model open"),
        memory(`memory at job ${jobs[0]}`, megabytes(early), 'the same, everything delivered'),
        memory(`memory at job ${jobs[1]}`, megabytes(late), 'the same'),
        memory('memory growth', growth(late - early), `from job ${jobs[0]} to job ${jobs[1]}, one run`),
      ],
      targets: [
        {
          target: `acknowledgement p99 <= ${MOST_MS} ms`,
          figure: ms(p99(times)),
          isMet: p99(times) <= MOST_MS,
        },
        {
          target: `memory growth from job ${jobs[0]} to job ${jobs[1]} <= ${megabytes(MOST_GROWTH)}`,
          figure: growth(late - early),
          isMet: late - early <= MOST_GROWTH,
        },
      ],
    }
  } finally {
    await stage.close()
  }
}

const growth = (bytes: number): string => `${bytes < 0 ? '' : '+'}${megabytes(bytes)}`

/** Median, p99 and worst, each with the figures of the thirds of the run. */
export function acknowledgements(what: string, times: readonly number[], how: string): Row[] {
  return [
    repeated(`${what} p50`, times, `${how}, lane busy, ${BURST} people; spread over thirds of the run`),
    repeated(`${what} p99`, times, 'the same', { of: p99 }),
    repeated(`${what} worst`, times, 'the same', { of: worst }),
  ]
}

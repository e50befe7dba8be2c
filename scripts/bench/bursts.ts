/** Bursts of commands in the same instant while the embedded model draws: how soon each is acknowledged, and what the bot's memory does. */
import { setTimeout as pause } from 'node:timers/promises'
import { median, megabytes, ms, p99, repeated, spread, worst, type Part, type Row } from './figures.ts'
import type { Run } from './part.ts'
import { names, openStage, type Stage } from './stage.ts'
import { acknowledgementsOf } from './stories.ts'

const BURST = 20
/** Between two bursts: less than the lane needs for one, so that a line grows. */
const PAUSE_MS = 1000
/** What is free again is given back to the system a little later. */
const LOOKS = 5
const BETWEEN_LOOKS_MS = 400
const MOST_MS = 25
const MOST_GROWTH = 20 * 2 ** 20

export async function benchBursts({ folder, amount, say }: Run): Promise<Part> {
  const bursts = amount(50, 3)
  const firstLook = amount(10, 1)
  const stage = await openStage({ folder, students: names(BURST) })
  try {
    const asked: string[] = []
    const atStart = await memoryOf(stage)
    let early = atStart
    for (let burst = 1; burst <= bursts; burst++) {
      asked.push(
        ...(await stage.typeAll(stage.students, () => `/imagine prompt:"a red heart" steps:3 seed:${burst}`)),
      )
      if (burst === firstLook) {
        await stage.bot.idle()
        early = await memoryOf(stage)
      } else await pause(PAUSE_MS)
      if (burst % 10 === 0) say(`burst ${burst} of ${bursts}`)
    }
    say('all asked; the rest is drawn')
    const times = await acknowledgementsOf(asked, stage.reports)
    await stage.bot.idle()
    const late = await memoryOf(stage)
    const jobs = [firstLook * BURST, bursts * BURST]
    const grown = median(late) - median(early)
    const memory = (what: string, values: readonly number[], how: string): Row => ({
      what,
      figure: megabytes(median(values)),
      spread: spread(values, megabytes),
      how,
    })
    return {
      rows: [
        ...acknowledgements(
          'acknowledgement',
          times,
          `${times.length} commands in ${bursts} bursts of ${BURST}`,
        ),
        memory('memory at the start', atStart, `RSS of the bot's own process, median of ${LOOKS} looks`),
        memory(`memory at job ${jobs[0]}`, early, 'the same, everything delivered'),
        memory(`memory at job ${jobs[1]}`, late, 'the same'),
        {
          what: 'memory growth',
          figure: growth(grown),
          how: `from job ${jobs[0]} to job ${jobs[1]}, one run`,
        },
      ],
      targets: [
        {
          target: `acknowledgement p99 <= ${MOST_MS} ms`,
          figure: ms(p99(times)),
          isMet: p99(times) <= MOST_MS,
        },
        {
          target: `memory growth from job ${jobs[0]} to job ${jobs[1]} <= ${megabytes(MOST_GROWTH)}`,
          figure: growth(grown),
          isMet: grown <= MOST_GROWTH,
        },
      ],
    }
  } finally {
    await stage.close()
  }
}

async function memoryOf({ bot }: Stage): Promise<number[]> {
  const looks: number[] = []
  for (let look = 0; look < LOOKS; look++) {
    looks.push(await bot.memory())
    await pause(BETWEEN_LOOKS_MS)
  }
  return looks
}

const growth = (bytes: number): string => `${bytes < 0 ? '' : '+'}${megabytes(bytes)}`

/** Median, p99 and worst, each with the figures of the thirds of the run. */
function acknowledgements(what: string, times: readonly number[], how: string): Row[] {
  return [
    repeated(`${what} p50`, times, `${how}, lane busy, ${BURST} people; spread over thirds of the run`),
    repeated(`${what} p99`, times, 'the same', { of: p99 }),
    repeated(`${what} worst`, times, 'the same', { of: worst }),
  ]
}

/** The same work in a class of many pictures with a long line, and in one of few pictures without a line. */
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { median, ms, p99, plain, repeated, seconds, type Part, type Row } from './figures.ts'
import { startMachines } from './machines.ts'
import { fillOldClass, someWords, type OldClass } from './oldClass.ts'
import type { Run } from './part.ts'
import { names, openStage, type Stage } from './stage.ts'
import { acknowledgementsOf } from './stories.ts'

const PEOPLE = 20
/** 20 steps of it outlast the measurement, so that the line stays as long as it is. */
const MS_PER_STEP = 3000
/** What reads the line or many pictures. */
const COMMANDS = ['queue', 'status', 'mine', 'lineage']
const LONGEST_MS = 30_000
/** For the first look at everything that waits. */
const SETTLE_MS = 2000

type Found = { startMs: number; bursts: number[]; searches: number[]; commands: Map<string, number[]> }

export async function benchBigClass(run: Run): Promise<Part> {
  const big = { archived: run.amount(100_000, 2000), waiting: run.amount(1000, 50) }
  const small = { archived: PEOPLE, waiting: 0 }
  const inSmall = await measure(small, 'small', run)
  const inBig = await measure(big, 'big', run)
  const row = (
    what: string,
    of: (found: Found) => readonly number[],
    options: { of?: typeof median } = {},
  ): Row => {
    const [many, few] = [of(inBig), of(inSmall)]
    const value = options.of ?? median
    const how = `small class ${ms(value(few))}, ratio ${plain(value(many) / value(few))}; ${many.length} times`
    return repeated(`big class: ${what}`, many, how, options)
  }
  const held = `${big.archived} pictures and ${big.waiting} waiting jobs`
  return {
    rows: [
      {
        what: 'big class: start of the bot',
        figure: seconds(inBig.startMs),
        how: `${held}, written as rows (files are shared, tokens dead); small class of ${small.archived} pictures ${seconds(inSmall.startMs)}, ratio ${plain(inBig.startMs / inSmall.startMs)}; process to ready`,
      },
      row('acknowledgement p50', ({ bursts }) => bursts),
      row('acknowledgement p99', ({ bursts }) => bursts, { of: p99 }),
      ...COMMANDS.map((name) => row(`/${name}`, ({ commands }) => commands.get(name) ?? [])),
      row('search in the gallery', ({ searches }) => searches),
    ],
  }
}

async function measure(
  size: Omit<OldClass, 'model'>,
  name: string,
  { folder, amount, say }: Run,
): Promise<Found> {
  const machines = await startMachines(1, MS_PER_STEP)
  const { model } = machines
  say(`class of ${size.archived} pictures and ${size.waiting} waiting jobs`)
  const stage = await openStage({
    folder: path.join(folder, name),
    students: names(PEOPLE),
    env: { AUTO1111_URLS: machines.addresses },
    fill: (place, dataDir) => fillOldClass({ ...size, model }, place, dataDir),
  })
  try {
    await pause(SETTLE_MS)
    const asked: string[] = []
    for (let burst = 0; burst < amount(6, 1); burst++) {
      asked.push(
        ...(await stage.typeAll(
          stage.students,
          (person) => `/imagine prompt:"a fox" model:${model} seed:${person}`,
        )),
      )
      await pause(SETTLE_MS)
    }
    const bursts = await acknowledgementsOf(asked, stage.reports)
    const commands = new Map<string, number[]>()
    for (const command of COMMANDS) {
      const times: number[] = []
      for (let time = 0; time < amount(30, 3); time++) times.push(await answerMs(stage, time, `/${command}`))
      commands.set(command, times)
    }
    const searches = await stage.bot.search(someWords, amount(30, 3))
    return { startMs: stage.startMs, bursts, searches, commands }
  } finally {
    await stage.close()
    await machines.close()
  }
}

/** Until the person sees the answer; what is only announced at first counts when it is there. */
async function answerMs(
  { students, reports, typeAll }: Stage,
  time: number,
  command: string,
): Promise<number> {
  const person = students[time % students.length]
  const [interaction] = await typeAll(person ? [person] : [], () => command)
  const latest = Date.now() + LONGEST_MS
  while (Date.now() < latest) {
    const first = reports.find(
      (report) => report.kind === 'acknowledged' && report.interaction === interaction,
    )
    if (first?.kind === 'acknowledged') {
      if (!first.isDeferred) return first.at - first.sentAt
      const answer = reports.find((report) => report.kind === 'message' && report.token === first.token)
      if (answer?.kind === 'message') return answer.at - first.sentAt
    }
    await pause(5)
  }
  throw new Error(`${command} was not answered`)
}

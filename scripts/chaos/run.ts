/** One run of a plan: a class, two machines and the bot, all disturbed; then peace, and the judgement. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, utimes } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { keepBot, type BotKeeper } from './bot.ts'
import type { Order, Report } from './classroom.ts'
import { gather, type Crowd } from './crowd.ts'
import { judgeDisk } from './disk.ts'
import { judge, type Verdict } from './judge.ts'
import { startMachine, type Machine } from './machines.ts'
import { people, type Plan, type Step } from './plan.ts'

export type Outcome = {
  verdict: Verdict
  /** Everything that is wrong, in one list; empty: all promises were kept. */
  broken: string[]
  /** How often each thing was done. */
  done: Map<string, number>
  commands: number
  starts: number
  exitCode: number | undefined
}

/** After the last disturbance: sends are repeated after at most a minute. */
const SETTLE_MS = 150_000
/** What would come twice has come by then. */
const QUIET_MS = 2500
const TWO_HOURS_S = 7200

/** Everybody asks once more when all is well again. */
const atPeace = people.map((person, index) => ({
  at: 0,
  do: 'ask' as const,
  person,
  tag: `peace${index}`,
  how: 'imagine' as const,
  on: index % 2 === 0 ? ('embedded' as const) : ('machine' as const),
  steps: 3,
  count: 1,
  seed: index,
}))

async function askAtPeace(crowd: Crowd): Promise<void> {
  await Promise.all(atPeace.map((step) => crowd.ask(step)))
}

/** @param folder for the class, the data of the bot and its log; made when it is not there */
export async function runChaos(plan: Plan, folder: string, say: (line: string) => void): Promise<Outcome> {
  await mkdir(folder, { recursive: true })
  const done = new Map<string, number>()
  const count = (what: string) => done.set(what, (done.get(what) ?? 0) + 1)
  const classroom = fork(path.join(import.meta.dirname, 'classroom.ts'), [path.join(folder, 'classroom')], {
    execArgv: [],
  })
  const order = (given: Order) => classroom.connected && classroom.send(given)
  const machines = [await startMachine(), await startMachine()] as const
  const dataDir = path.join(folder, 'bot')
  let bot: BotKeeper | undefined
  let crowd: Crowd | undefined
  try {
    const [ready] = (await once(classroom, 'message')) as [Extract<Report, { kind: 'ready' }>]
    classroom.on('message', (report: Report) => {
      if (report.kind === 'killed') {
        bot?.wasKilled(report.downFor)
        count(`kill -9 ${report.when} ${report.route}`)
        say(`kill -9 ${report.when} ${report.route}`)
      } else if (report.kind === 'fault') count(`Discord: ${report.what}`)
    })
    const start = () =>
      keepBot({
        env: {
          DISCORD_TOKEN: ready.token,
          DISCORD_API_URL: ready.apiUrl,
          DISCORD_GUILD_IDS: ready.guildId,
          DATA_DIR: dataDir,
          AUTO1111_URLS: machines.map(({ address }) => address).join(','),
          JOB_TIMEOUT_SECONDS: '10',
          LOG_LEVEL: 'debug',
        },
        logFile: path.join(folder, 'bot.log'),
        onStart: (pid) => order({ kind: 'bot', pid }),
      })
    bot = start()
    await bot.ready()
    crowd = await gather(ready.url, { embedded: 'emoji', machine: machines[0].model })
    say(`ready; ${plan.steps.length} steps in ${plan.lasts / 1000} s, all files in ${folder}`)

    const asked = await play(plan, { bot, crowd, machines, order, count, say })
    say('peace')
    order({ kind: 'heal' })
    await Promise.all(machines.map((machine) => machine.heal()))
    await Promise.all(asked)
    await bot.ready()
    await askAtPeace(crowd)
    await settle(crowd)

    const exitCode = await bot.close()
    const starts = bot.starts
    const oddEnds = [...bot.oddEnds]
    // Once more: nothing may be sent again, and what nobody needs is cleared away.
    await makeOld(path.join(dataDir, 'inputs'))
    bot = start()
    await bot.ready()
    await pause(QUIET_MS)
    await bot.close()
    await crowd.look()
    const verdict = judge(crowd.log)
    const stopped = exitCode === 0 ? [] : [`SIGTERM ended the bot with ${exitCode ?? 'nothing'}`]
    const broken = [...verdict.broken, ...verdict.open, ...oddEnds, ...stopped, ...(await judgeDisk(dataDir))]
    return { verdict, broken, done, commands: crowd.log.commands.length, starts, exitCode }
  } finally {
    await bot?.close()
    await crowd?.close()
    for (const machine of machines) await machine.close()
    classroom.disconnect()
  }
}

type Stage = {
  bot: BotKeeper
  crowd: Crowd
  machines: readonly [Machine, Machine]
  order: (given: Order) => unknown
  count: (what: string) => void
  say: (line: string) => void
}

/** Does every step at its time. @returns what people still wait for */
async function play(plan: Plan, stage: Stage): Promise<Promise<void>[]> {
  const begun = Date.now()
  const asked: Promise<void>[] = []
  for (const step of plan.steps) {
    await pause(Math.max(0, begun + step.at - Date.now()))
    if (step.do === 'ask') {
      // In a moment without any bot the commands are not even known.
      asked.push(stage.crowd.ask(step).catch(() => stage.count('not even asked')))
    } else doStep(step, stage)
  }
  await pause(Math.max(0, begun + plan.lasts - Date.now()))
  return asked
}

function doStep(step: Exclude<Step, { do: 'ask' }>, { bot, machines, order, count, say }: Stage): void {
  switch (step.do) {
    case 'kill':
      count('kill -9 at a random moment')
      say('kill -9')
      return bot.kill(step.downFor)
    case 'machine': {
      const machine = machines[step.machine]
      count(`machine: ${step.fault}`)
      void machine.goWrong(step.fault)
      return void setTimeout(() => void machine.heal(), step.healAfter).unref()
    }
    case 'full disk': {
      const filled = bot.fillDisk(step.lasts)
      if (filled !== 'impossible here')
        return count(filled === 'full' ? 'full disk' : 'full disk, bot was down')
      count('full disk (NOT TRIED)')
      return say('THE DISK COULD NOT BE FILLED: there is no prlimit here, so a full disk was not tried.')
    }
    case 'gateway':
      count(`gateway: ${step.how}`)
      return void order(step)
    case 'tokens expire':
      count('all tokens expire')
      return void order(step)
    case 'crash point':
    case 'discord':
      return void order(step)
  }
}

/** Until every promise that is still open is kept, and a little longer. */
async function settle(crowd: Crowd): Promise<void> {
  const latest = Date.now() + SETTLE_MS
  while (Date.now() < latest) {
    await crowd.look()
    if (judge(crowd.log).open.length === 0) break
    await pause(500)
  }
  await pause(QUIET_MS)
}

/** What is younger than an hour may still be needed by somebody who is typing. */
async function makeOld(folder: string): Promise<void> {
  const then = Date.now() / 1000 - TWO_HOURS_S
  for (const name of await readdir(folder)) await utimes(path.join(folder, name), then, then)
}

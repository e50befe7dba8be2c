/** One run of a plan: a class, two machines and the bot, all disturbed; then peace, and the judgement. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { keepBot, type BotKeeper } from './bot.ts'
import type { Order, Report } from './classroom.ts'
import { gather, type Crowd } from './crowd.ts'
import { judgeDisk, makeOld } from './disk.ts'
import { judge, type Verdict } from './judge.ts'
import { createLog } from './log.ts'
import { startMachine } from './machines.ts'
import { noteOutages } from './outages.ts'
import { askAtPeace, floodAtPeace, settle } from './peace.ts'
import { play } from './play.ts'
import { startShop } from './shop.ts'
import type { Plan } from './steps.ts'
import { areTooFew } from './turns.ts'

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

/** What would come twice has come by then. */
const QUIET_MS = 2500

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
  const shop = await startShop()
  const dataDir = path.join(folder, 'bot')
  const log = createLog()
  const outages = noteOutages(log.outages)
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
      else if (report.kind === 'unseen') outages.unseen(report)
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
          // One person may flood the line.
          MAX_WAITING_PER_PERSON: '40',
          ...shop.env,
          LOG_LEVEL: 'debug',
        },
        logFile: path.join(folder, 'bot.log'),
        onStart: (pid) => order({ kind: 'bot', pid }),
        onReady: () => outages.botReady(),
        onEnd: () => outages.botEnded(),
      })
    bot = start()
    await bot.ready()
    const models = { embedded: 'emoji', machine: machines[0].model, shop: shop.model }
    crowd = await gather(ready.url, models, log)
    order({ kind: 'no dms', personId: crowd.ids[plan.wantsNoDms] })
    say(`ready; ${plan.steps.length} steps in ${plan.lasts / 1000} s, all files in ${folder}`)

    const asked = await play(plan, { bot, crowd, machines, shop, outages, order, count, say })
    say('peace')
    order({ kind: 'heal' })
    shop.heal()
    await Promise.all(machines.map((machine) => machine.heal()))
    crowd.stopWaiting()
    await Promise.all(asked)
    await bot.ready()
    await askAtPeace(crowd)
    await crowd.deleteAgain()
    await settle(crowd)
    await floodAtPeace(crowd)
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
    crowd.log.purchases.push(...shop.purchases())
    await writeFile(
      path.join(folder, 'seen.json'),
      JSON.stringify({ ...log, galleryThreads: [...log.galleryThreads] }),
    )
    const verdict = judge(crowd.log)
    if (areTooFew(verdict.stood))
      say(`ONLY ${verdict.stood} JOBS WERE IN LINE: the flood at peace was not tried.`)
    const stopped = exitCode === 0 ? [] : [`SIGTERM ended the bot with ${exitCode ?? 'nothing'}`]
    const broken = [...verdict.broken, ...verdict.open, ...oddEnds, ...stopped, ...(await judgeDisk(dataDir))]
    return { verdict, broken, done, commands: crowd.log.commands.length, starts, exitCode }
  } finally {
    await bot?.close()
    await crowd?.close()
    for (const machine of machines) await machine.close()
    await shop.close()
    classroom.disconnect()
  }
}

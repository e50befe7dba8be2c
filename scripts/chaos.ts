/**
 * npm run chaos: people, machines, Discord and the process itself go wrong, and every promise is checked afterwards.
 *
 * --seed N      which plan (default: by the clock)
 * --minutes M   how long things go wrong (default 1)
 * --keep        keeps the folder with the class, the data, the bot's log and what the judge reads also when all went well
 *
 * The same seed gives the same plan: what is typed, what breaks, and when. Not repeated: how fast this machine is at each
 * moment, and so which of two things that happen together comes first.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { makePlan } from './chaos/plan.ts'
import { report } from './chaos/report.ts'
import { runChaos } from './chaos/run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const plan = makePlan(Number(values.seed), Number(values.minutes) * 60_000)
const folder = await mkdtemp(path.join(tmpdir(), 'darkroom-chaos-'))
const begun = Date.now()
const say = (line: string) =>
  process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}\n`)

process.stderr.write(`seed ${plan.seed}\n`)
const outcome = await runChaos(plan, folder, say)
process.stdout.write(`${report(plan, outcome)}\n`)
const isFine = outcome.broken.length === 0
if (isFine && !values.keep) await rm(folder, { recursive: true, force: true })
else process.stdout.write(`Everything is in ${folder} (bot.log, seen.json, bot/, classroom/).\n`)
process.exit(isFine ? 0 : 1)

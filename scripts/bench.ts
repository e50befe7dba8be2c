/**
 * npm run bench: what the bot costs. Figures and ratios of one run on this machine, in one table (Markdown); about ten minutes.
 * Discord and the bot run in processes of their own; the people, and the stand-ins for machines that draw, in this one.
 *
 * --only A,B   some parts: start, embedded, auto1111, own, bursts, lanes, fairness, big
 * --quick      everything small, to see that it works; its figures mean nothing
 */
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { benchAuto1111 } from './bench/auto1111.ts'
import { benchBigClass } from './bench/bigClass.ts'
import { benchBursts } from './bench/bursts.ts'
import { benchEmbedded } from './bench/embedded.ts'
import { benchFairness } from './bench/fairness.ts'
import { table, type Part } from './bench/figures.ts'
import { benchLanes } from './bench/lanes.ts'
import { benchOwnTime } from './bench/ownTime.ts'
import type { Measure } from './bench/part.ts'
import { benchStart } from './bench/start.ts'

const measures: Record<string, Measure> = {
  start: benchStart,
  embedded: benchEmbedded,
  auto1111: benchAuto1111,
  own: benchOwnTime,
  bursts: benchBursts,
  lanes: benchLanes,
  fairness: benchFairness,
  big: benchBigClass,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(measures).join(',') },
    quick: { type: 'boolean', default: false },
  },
})
const wanted = values.only.split(',').map((name) => name.trim())
const unknown = wanted.filter((name) => !(name in measures))
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}; there are: ${Object.keys(measures).join(', ')}.\n`)
  process.exit(1)
}

const begun = performance.now()
const sinceStart = () => ((performance.now() - begun) / 1000).toFixed(0)
const say = (line: string) => void process.stderr.write(`${sinceStart().padStart(4)} s  ${line}\n`)
const amount = (full: number, quick: number) => (values.quick ? quick : full)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const root = await mkdtemp(path.join(tmpdir(), 'darkroom-bench-'))
// Also when it is stopped; what it has started is killed before, and may need a moment to be gone.
process.on('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))

const parts: Part[] = []
for (const [name, measure] of Object.entries(measures)) {
  if (!wanted.includes(name)) continue
  say(name)
  const folder = path.join(root, name)
  await mkdir(folder)
  parts.push(await measure({ folder, amount, say: (line) => say(`  ${line}`) }))
}
const processor = cpus()[0]?.model ?? 'unknown processor'
const machine = `${processor}, ${availableParallelism()} cores, Node ${process.version}, ${sinceStart()} s in all`
const warning = values.quick ? ' QUICK RUN: these figures mean nothing.' : ''
process.stdout.write(`${machine}.${warning}\n\n${table(parts)}\n`)

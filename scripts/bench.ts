/**
 * npm run bench: what the bot costs. Figures and ratios of one run on this machine, in one table.
 * The classroom runs in a process of its own, as Discord does; the bot in this one.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { connectPerson, type PersonClient } from '../src/classroom/client.ts'
import { loadConfig } from '../src/config.ts'
import { startBot } from '../src/discord/startBot.ts'
import { createLog } from '../src/log.ts'
import { createServices } from '../src/services/index.ts'
import type { ClassroomReport } from './bench/classroom.ts'
import { benchAuto1111 } from './bench/auto1111.ts'
import { benchEmbedded } from './bench/embedded.ts'
import { median, megabytes, ms, quantile, seconds, table, type Figure } from './bench/figures.ts'

const BURSTS = 50
const BURST = 20
const PICTURES = 30
const PEOPLE = ['Ida', 'Ben', 'Mei', 'Noor']
const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time))
const say = (line: string) => process.stderr.write(`${line}\n`)

/** From starting `npm start`'s program to the printed address of the page, and to a class with its example picture. */
async function benchStart(folder: string): Promise<Figure[]> {
  const start = performance.now()
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, DISCORD_TOKEN: '', DATA_DIR: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += String(chunk)
    if (/http:\/\/127\.0\.0\.1:\d+/.test(printed)) break
  }
  const took = performance.now() - start
  child.kill('SIGTERM')
  await once(child, 'exit')
  return [['start to the page address', seconds(took), 'npm start without a token, new data folder, one run']]
}

/** 50 bursts of 20 commands in the same instant, while the lane draws what the bursts asked for. */
async function benchAcknowledge(people: PersonClient[], reports: ClassroomReport[]): Promise<Figure[]> {
  const seen = reports.length
  for (let burst = 0; burst < BURSTS; burst++) {
    const asked = Array.from({ length: BURST }, (_, index) =>
      (people[index % people.length] as PersonClient).slash(
        `/imagine prompt:"a red heart" steps:3 seed:${burst}`,
      ),
    )
    await Promise.all(asked)
    await pause(1000)
    if (burst % 10 === 9) say(`  burst ${burst + 1} of ${BURSTS}`)
  }
  const times = reports
    .slice(seen)
    .flatMap((report) => (report.kind === 'acknowledged' ? [report.at - report.sentAt] : []))
  return [
    [
      'acknowledgement p50',
      ms(median(times)),
      `${times.length} commands in ${BURSTS} bursts of ${BURST}, lane busy`,
    ],
    ['acknowledgement p99', ms(quantile(times, 0.99)), `the same; worst ${ms(Math.max(...times))}`],
  ]
}

const folder = await mkdtemp(path.join(tmpdir(), 'darkroom-bench-'))
let child: ChildProcess | undefined
try {
  const figures: Figure[] = []
  say('start-up')
  figures.push(...(await benchStart(path.join(folder, 'start'))))

  child = fork(path.join(import.meta.dirname, 'bench/classroom.ts'), [path.join(folder, 'classroom')])
  const reports: ClassroomReport[] = []
  child.on('message', (report) => reports.push(report as ClassroomReport))
  await once(child, 'message')
  const [ready] = reports
  if (ready?.kind !== 'ready') throw new Error('the classroom did not start')
  const config = loadConfig({
    DISCORD_TOKEN: ready.token,
    DISCORD_API_URL: ready.apiUrl,
    DISCORD_GUILD_IDS: ready.guildId,
    DATA_DIR: path.join(folder, 'bot'),
    MAX_WAITING_PER_PERSON: '1000',
    LOG_LEVEL: 'silent',
  })
  const services = await createServices(config, createLog(config))
  const bot = await startBot(services)
  const people = await Promise.all(PEOPLE.map((name) => connectPerson(ready.url, name)))
  await people[0]?.slash('/class setup').then((sent) => sent.answer())

  say('embedded pictures')
  const [embedded] = services.backends.all().filter(({ id }) => id === 'embedded')
  if (embedded) figures.push(...(await benchEmbedded(embedded)))

  say('AUTOMATIC1111 beside the bare call')
  figures.push(...(await benchAuto1111()))

  say("the bot's own time per picture")
  const own: number[] = []
  const messages: number[] = []
  const rssStart = process.memoryUsage().rss
  for (let index = 0; index < PICTURES; index++) {
    const before = reports.length
    await people[1]?.slash(`/imagine prompt:"a red heart" seed:${index}`)
    await pause(50)
    await services.queue.idle()
    await bot.deliverer.idle()
    await pause(50)
    const sent = reports.slice(before).flatMap((report) => (report.kind === 'message' ? [report] : []))
    const final = sent.find(
      ({ path, files }) => path.includes('@original') && files.some((name) => !name.startsWith('preview')),
    )
    const [picture] = services.gallery.newest(ready.guildId, 1)
    const finishedAt = picture && services.queue.get(picture.jobId)?.finishedAt
    if (final && finishedAt !== undefined) own.push(final.at - finishedAt)
    messages.push(sent.filter(({ path }) => path.includes('@original')).length)
  }
  figures.push(
    [
      "bot's own time per picture",
      ms(median(own)),
      `median of ${own.length}: drawn and stored -> Discord has the final edit; p99 ${ms(quantile(own, 0.99))}`,
    ],
    ['edits per picture', median(messages).toFixed(0), 'median, the final one counted'],
  )

  say('acknowledgements')
  figures.push(...(await benchAcknowledge(people, reports)))
  await services.queue.idle()
  await bot.deliverer.idle()
  const jobs = PICTURES + BURSTS * BURST
  figures.push(
    ['memory at the start', megabytes(rssStart), 'RSS of the bot with the model open'],
    ['memory at the end', megabytes(process.memoryUsage().rss), `after ${jobs} pictures`],
  )
  for (const person of people) await person.close()
  await bot.close()
  await services.close()

  const processor = cpus()[0]?.model ?? 'unknown processor'
  process.stdout.write(
    `${processor}, ${availableParallelism()} cores, Node ${process.version}\n\n${table(figures)}\n`,
  )
} finally {
  child?.disconnect()
  await rm(folder, { recursive: true, force: true })
}

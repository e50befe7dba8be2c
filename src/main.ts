/** Composition root: settings -> classroom, if there is no token -> services -> bot; signals; nothing else. */
import path from 'node:path'
import pretty from 'pino-pretty'
import { prepareClass, showExample } from './classroom/example.ts'
import { startClassroom, type Classroom } from './classroom/index.ts'
import { loadConfig, readEnvironment, type Config } from './config.ts'
import { exits, FatalError } from './discord/exitCodes.ts'
import { startBot } from './discord/startBot.ts'
import { isDiskFull } from './diskRoom.ts'
import { ConfigError } from './errors.ts'
import { createLog, type Log } from './log.ts'
import { createServices, type Services } from './services/index.ts'

/** How many ports after the wanted one are tried. */
const MORE_PORTS = 50

/** What takes less is finished before the program ends; Docker gives ten seconds in all, systemd ninety. */
const GRACE_MS = 8000
/** Then it ends in any case. Nothing is lost: what was accepted and not delivered is found at the next start. */
const LAST_MOMENT_MS = 25_000
/** npm hands on the Ctrl+C that the terminal has already sent to everyone. */
const SAME_SIGNAL_MS = 500

/** What has to be closed, in the order in which it was opened. */
const open: { close(code: number): Promise<void> }[] = []
let stoppingSince: number | undefined

async function start(): Promise<void> {
  const config = loadConfig(readEnvironment())
  // Lines for people at a terminal, JSON for everything else.
  const log = createLog(
    config,
    process.stdout.isTTY ? pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }) : undefined,
  )
  if (config.discordToken !== undefined) {
    await startOn(config, log)
    say('Darkroom is ready. Type /imagine in your server; stop with Ctrl+C.')
    return
  }
  const classroom = await openClassroom(config, log)
  open.push(classroom)
  const services = await startOn(inClassroom(config, classroom), log)
  say(`The classroom is open. Open this page in a browser: ${classroom.url}`)
  say('(No DISCORD_TOKEN is set, so this is Discord on your own machine. Stop with Ctrl+C.)')
  await teach(services, classroom)
}

async function startOn(config: Config, log: Log): Promise<Services> {
  const services = await createServices(config, log)
  open.push(services)
  const bot = await startBot(services, { onFatal: (error) => void stop(giveUp(error)) })
  // A bot that Discord has thrown out could only draw, not deliver.
  open.push({ close: (code) => bot.close(code === 0 ? GRACE_MS : 0) })
  return services
}

/** At the port of the settings, else at the next free one. */
async function openClassroom(config: Config, log: Log): Promise<Classroom> {
  for (let port = config.port; ; port++) {
    try {
      return await startClassroom({
        port,
        dataDir: path.join(config.dataDir, 'classroom'),
        log: (line, data) => log.debug({ part: 'classroom', ...data }, line),
      })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || port >= Math.min(config.port + MORE_PORTS, 65_535)) throw error
    }
  }
}

const inClassroom = (config: Config, classroom: Classroom): Config => ({
  ...config,
  discordToken: classroom.token,
  discordApiUrl: classroom.apiUrl,
  guildIds: [classroom.guildId],
})

/** On the first start the instructor sets up the class and shows a picture, so that the page teaches before anyone types. */
async function teach(
  { settings, gallery, backends, log }: Services,
  { url, guildId }: Classroom,
): Promise<void> {
  try {
    const { galleryChannelId } = await settings.guild(guildId)
    if (galleryChannelId === undefined) await prepareClass(url)
    const isEmpty = gallery.newest(guildId, 1).length === 0
    // The embedded model: it costs nothing and can show every step.
    const [model] =
      backends
        .all()
        .find(({ id }) => id === 'embedded')
        ?.models() ?? []
    if (isEmpty && model) await showExample(url, model.id)
  } catch (error) {
    if (stoppingSince === undefined) log.warn({ err: error }, 'the example could not be shown')
  }
}

/** Writes why for whoever started the program. @returns the exit code */
function giveUp(error: unknown): number {
  if (error instanceof ConfigError) complain(error.message)
  else if (error instanceof FatalError) complain(error.message)
  else if (isDiskFull(error)) complain('The disk is full; make room on it, then start Darkroom again.')
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return error instanceof FatalError ? error.exitCode : exits.config.code
}

async function stop(code: number): Promise<void> {
  const now = performance.now()
  if (stoppingSince !== undefined) {
    if (now - stoppingSince > SAME_SIGNAL_MS) process.exit(code)
    return
  }
  stoppingSince = now
  setTimeout(() => process.exit(code), LAST_MOMENT_MS)
  for (const part of open.toReversed()) await part.close(code).catch(giveUp)
  process.exit(code)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

// What is printed may go to a disk that is full, or to a program that has ended.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
/** The first one stops in good order, the second one at once. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
try {
  await start()
} catch (error) {
  // What breaks because it is being closed breaks nothing.
  if (stoppingSince === undefined) await stop(giveUp(error))
}

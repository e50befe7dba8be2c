/**
 * Runs one slash command through the offline classroom and the real bot, and prints what came of it as JSON.
 *
 *   npm run slash -- '/imagine prompt:"a red heart" seed:7' --press 'How was this made?' --out out
 *
 * --as NAME            who types: Ida (instructor), Ben, Mei or Noor; default Ben
 * --attach OPTION=FILE a file for an option of the command
 * --press LABEL        presses a button of the newest message that has it (or its custom id), or chooses an option of a menu
 * --fill FIELD=TEXT    fills a field of the form that a press opened; the form is sent before the next press
 * --data DIR           where the class is kept between calls; default data/slash
 * --out DIR            where attachments are written
 *
 * --press and --fill work in the order in which they stand. Without a command, it is read from standard input.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { connectPerson, type ClientFile } from '../src/classroom/client.ts'
import { prepareClass } from '../src/classroom/example.ts'
import { startClassroom } from '../src/classroom/index.ts'
import { loadConfig, readEnvironment } from '../src/config.ts'
import { startBot } from '../src/discord/startBot.ts'
import { createLog } from '../src/log.ts'
import { createServices } from '../src/services/index.ts'
import { collect, refusal, type Report } from './slash/collect.ts'
import { playSteps, type Step } from './slash/playSteps.ts'

const options = {
  as: { type: 'string', default: 'Ben' },
  attach: { type: 'string', multiple: true },
  press: { type: 'string', multiple: true },
  fill: { type: 'string', multiple: true },
  data: { type: 'string', default: 'data/slash' },
  out: { type: 'string' },
} as const

async function main(): Promise<Report> {
  const { values, positionals, tokens } = parseArgs({ options, allowPositionals: true, tokens: true })
  const steps = tokens.flatMap((token): Step[] =>
    token.kind === 'option' && (token.name === 'press' || token.name === 'fill')
      ? [{ kind: token.name, value: token.value ?? '' }]
      : [],
  )
  const command = commandFrom(positionals.length > 0 ? positionals : [await readAll(process.stdin)])
  const files = await readFiles(values.attach ?? [])
  const dataDir = path.resolve(values.data)
  await using cleanup = new AsyncDisposableStack()

  const classroom = await startClassroom({ port: 0, dataDir: path.join(dataDir, 'classroom') })
  cleanup.defer(() => classroom.close())
  const config = {
    ...loadConfig({ LOG_LEVEL: 'error', ...readEnvironment() }),
    dataDir,
    discordToken: classroom.token,
    discordApiUrl: classroom.apiUrl,
    guildIds: [classroom.guildId],
  }
  const services = await createServices(config, createLog(config, pino.destination(2)))
  cleanup.defer(() => services.close())
  const bot = await startBot(services)
  cleanup.defer(() => bot.close())
  const { galleryChannelId } = await services.settings.guild(classroom.guildId)
  if (galleryChannelId === undefined) await prepareClass(classroom.url)
  await bot.idle()

  const person = await connectPerson(classroom.url, values.as)
  cleanup.defer(() => person.close())
  // Awaited here, because everything is closed when this function returns.
  return await collect(person, values.out, () => playSteps(person, command, files, steps, () => bot.idle()))
}

/** Puts a command together that the shell took apart; quotes that it took away are put back. */
function commandFrom(words: readonly string[]): string {
  const whole = words.map((word, i) =>
    i > 0
      ? word.replace(
          /^([\p{L}\p{N}_-]+):(.*\s.*)$/su,
          (_, name: string, value: string) => `${name}:${JSON.stringify(value.replace(/\s+/g, ' '))}`,
        )
      : word,
  )
  const command = whole.join(' ').trim()
  if (command === '' || command === '/')
    throw new Error('Please give a command, for example: /imagine a red heart')
  return command.startsWith('/') ? command : `/${command}`
}

async function readFiles(attached: readonly string[]): Promise<Record<string, ClientFile>> {
  const files: Record<string, ClientFile> = {}
  for (const each of attached) {
    const [, option, file] = /^([^=]+)=(.+)$/s.exec(each) ?? []
    if (option === undefined || file === undefined)
      throw new Error(`--attach wants OPTION=FILE, not "${each}".`)
    files[option] = { name: path.basename(file), data: await readFile(file) }
  }
  return files
}

let report: Report
try {
  report = await main()
} catch (error) {
  const said = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${said}\n`)
  report = refusal(said)
}
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
process.exitCode = report.ok ? 0 : 1

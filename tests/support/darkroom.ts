/** The whole of Darkroom for one end-to-end test: offline classroom, services and the real bot, in a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { connectPerson, type PersonClient } from '../../src/classroom/client.ts'
import { startClassroom, type Classroom } from '../../src/classroom/index.ts'
import { loadConfig, type Config } from '../../src/config.ts'
import type { FatalError } from '../../src/discord/exitCodes.ts'
import { startBot, type Bot } from '../../src/discord/startBot.ts'
import { createLog } from '../../src/log.ts'
import { isDrawing, type ImageBackend } from '../../src/domain.ts'
import { createBackends } from '../../src/services/backends.ts'
import type { FaceKit } from '../../src/services/faceKit.ts'
import { createServices, type Services } from '../../src/services/index.ts'
import { createSpecCheck } from './discordSpec.ts'

export type Darkroom = {
  classroom: Classroom
  services: Services
  bot: Bot
  person(name: string): Promise<PersonClient>
  /** Everything that was logged, at level trace. */
  logs: string[]
  /** Why the bot gave up, if it did. */
  fatal: FatalError[]
  /** Stops bot and services and starts them again on the same data; the classroom stays. */
  restart(): Promise<void>
  /** @throws Error when the traffic broke a rule of Discord's OpenAPI document, or the log holds a token or a prompt */
  close(): Promise<void>
}

export type DarkroomOptions = {
  /** Kept after `close` when given. */
  dataDir?: string
  config?: Partial<Config>
  /** More options of the classroom, e.g. faults. */
  classroom?: Partial<Parameters<typeof startClassroom>[0]>
  /** What draws instead of the backends of the folder; kept over a restart. */
  backends?: readonly ImageBackend[]
  /** What finds and swaps faces instead of the engine of the bot; kept over a restart. */
  kit?: FaceKit
  /** The instructor types /class setup. Default true. */
  setUp?: boolean
  /** The test makes the classroom fail on purpose. */
  serverErrors?: boolean
}

export async function startDarkroom(options: DarkroomOptions = {}): Promise<Darkroom> {
  const { backends } = options
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'darkroom-')))
  const spec = createSpecCheck({ serverErrors: options.serverErrors ?? false })
  const logs: string[] = []
  const fatal: FatalError[] = []
  const tokens = new Set<string>()
  const classroom = await startClassroom({
    port: 0,
    dataDir: path.join(dataDir, 'classroom'),
    ...options.classroom,
    observe(exchange) {
      spec.onExchange(exchange)
      const [, token] = /^\/(?:interactions|webhooks)\/\d+\/([^/]+)/.exec(exchange.path) ?? []
      if (token) tokens.add(token)
      options.classroom?.observe?.(exchange)
    },
  })
  const config: Config = {
    ...loadConfig({}),
    dataDir,
    logLevel: 'trace',
    discordToken: classroom.token,
    discordApiUrl: classroom.apiUrl,
    guildIds: [classroom.guildId],
    ...options.config,
  }
  const persons: PersonClient[] = []

  async function start(): Promise<{ services: Services; bot: Bot }> {
    const services = await createServices(
      config,
      createLog(config, { write: (line) => void logs.push(line) }),
      backends && (() => Promise.resolve(createBackends(backends))),
      options.kit,
    )
    try {
      return {
        services,
        bot: await startBot(services, { client: quickLogin, onFatal: (error) => fatal.push(error) }),
      }
    } catch (error) {
      await services.close()
      throw error
    }
  }

  async function closeAll(): Promise<void> {
    for (const person of persons) await person.close()
    await darkroom.bot.close()
    await darkroom.services.close()
    await classroom.close()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }

  /** What must never be logged but was: tokens, and what people asked for (of several words, so that no code is meant). */
  function leaks(): string[] {
    const pictures = darkroom.services.gallery.newest(classroom.guildId, 1000)
    const prompts = pictures
      .filter(isDrawing)
      .map(({ recipe }) => recipe.prompt)
      .filter((prompt) => prompt.includes(' '))
    const all = logs.join('')
    return [classroom.token, ...tokens, ...prompts].filter((secret) => all.includes(secret))
  }

  const darkroom: Darkroom = {
    classroom,
    logs,
    fatal,
    ...(await start()),
    async person(name) {
      const person = await connectPerson(classroom.url, name)
      persons.push(person)
      return person
    },
    async restart() {
      await darkroom.bot.close()
      await darkroom.services.close()
      Object.assign(darkroom, await start())
    },
    async close() {
      const leaked = leaks()
      await closeAll()
      if (leaked.length > 0) throw new Error(`The log holds what it must not:\n${leaked.join('\n')}`)
      if (spec.violations.length > 0)
        throw new Error(`Discord would not agree:\n${spec.violations.join('\n')}`)
    },
  }
  if (options.setUp ?? true) {
    const ida = await darkroom.person('Ida')
    await (await ida.slash('/class setup')).answer()
    await darkroom.bot.idle()
  }
  return darkroom
}

/** discord.js waits up to 5 seconds between two logins; tests log in often. */
const quickLogin = {
  ws: { buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }) },
} as const

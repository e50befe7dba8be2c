/** A classroom in a folder of its own with a small discord.js bot whose answers each test decides. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, GatewayIntentBits } from 'discord.js'
import type { ClientOptions, Interaction, RESTPostAPIApplicationCommandsJSONBody } from 'discord.js'
import { connectPerson, type PersonClient } from '../../src/classroom/client.ts'
import { startClassroom, type Classroom } from '../../src/classroom/index.ts'

type Options = Partial<Parameters<typeof startClassroom>[0]>

/** What tests look at in answers. */
type RestBody = { id: string; code: number; threads: unknown[]; retry_after: number }

export type SmallBot = {
  classroom: Classroom
  client: Client<true>
  ben: PersonClient
  studioId: string
  /** What answers interactions from now on. */
  onInteraction(answer: (interaction: Interaction) => Promise<unknown>): void
  /** Thrown by answers. */
  failures: unknown[]
  /** REST with the bot's token (or without), past discord.js. */
  rest(
    method: string,
    path: string,
    body?: object,
    token?: string,
  ): Promise<{ status: number; body: RestBody }>
  /** Closes the classroom and opens it again on the same data, at another port unless `samePort`. */
  reopen(options?: Options & { samePort?: boolean }): Promise<void>
  close(): Promise<void>
}

const say: RESTPostAPIApplicationCommandsJSONBody = {
  name: 'say',
  description: 'Says words',
  options: [{ type: 3, name: 'words', description: 'What to say' }],
}

/** discord.js waits up to 5 seconds between two logins; tests log in often. */
const quickLogin = {
  buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }),
}

export async function startSmallBot(
  options: Options = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<SmallBot> {
  const dataDir = await mkdtemp(join(tmpdir(), 'darkroom-classroom-'))
  const failures: unknown[] = []
  let answer: (interaction: Interaction) => Promise<unknown> = () => Promise.resolve()
  let classroom = await startClassroom({ port: 0, dataDir, ...options })

  async function connect(): Promise<Client<true>> {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds],
      ws: quickLogin,
      rest: { api: classroom.apiUrl },
      ...clientOptions,
    })
    client.on('error', (error) => failures.push(error))
    client.on('interactionCreate', (interaction) => {
      answer(interaction).catch((error: unknown) => failures.push(error))
    })
    const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve))
    await client.login(classroom.token)
    return ready
  }

  const bot: SmallBot = {
    classroom,
    client: await connect(),
    ben: await connectPerson(classroom.url, 'Ben'),
    studioId: '',
    failures,
    onInteraction(next) {
      answer = next
    },
    async rest(method, path, body, token = `Bot ${classroom.token}`) {
      const headers = { 'content-type': 'application/json', authorization: token }
      const init = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await fetch(`${classroom.apiUrl}/v10${path}`, { method, headers, ...init })
      const text = await response.text()
      return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as RestBody }
    },
    async reopen({ samePort = false, ...more } = {}) {
      const port = samePort ? Number(new URL(classroom.url).port) : 0
      await bot.ben.close()
      if (!samePort) await bot.client.destroy()
      await classroom.close()
      classroom = await startClassroom({ port, dataDir, ...options, ...more })
      bot.classroom = classroom
      if (!samePort) bot.client = await connect()
      bot.ben = await connectPerson(classroom.url, 'Ben')
    },
    async close() {
      await bot.ben.close()
      await bot.client.destroy()
      await classroom.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  await bot.client.application.commands.set([say], classroom.guildId)
  const { channels } = await bot.ben.state()
  bot.studioId = channels.find(({ name }) => name === 'studio')?.id ?? ''
  return bot
}

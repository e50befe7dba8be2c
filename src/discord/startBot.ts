/** The bot: logs in, listens, goes on with what a former process left, and stops in good order. */
import { Client, GatewayIntentBits, type ClientOptions } from 'discord.js'
import { UserError } from '../errors.ts'
import type { Services } from '../services/index.ts'
import type { BotContext } from './context.ts'
import { consentChores } from './consentQuestions.ts'
import { createDeliverer, type Deliverer } from './deliver.ts'
import { discordFailure } from './discordErrors.ts'
import { FatalError } from './exitCodes.ts'
import { createGuilds } from './guilds.ts'
import { listen } from './listen.ts'
import { logIn } from './logIn.ts'
import { inviteLink } from './permissions.ts'
import { loadRegistry } from './registry.ts'
import { requestOnce } from './requestOnce.ts'
import { resumeSends } from './resumeSends.ts'
import { serveGuilds } from './serveGuilds.ts'
import { createTasks } from './tasks.ts'
import { watchForFatal } from './watchForFatal.ts'
import { withdrawAnnounced } from './withdraw.ts'

export type Bot = {
  client: Client<true>
  deliverer: Deliverer
  /** Resolves when every interaction is answered and every job is delivered and archived. */
  idle(): Promise<void>
  /**
   * Accepts nothing more, stops and disconnects; call before `services.close()`. What is being drawn has `graceMs` (0 where it is
   * left out) to be finished and delivered; whoever waits is told of the restart.
   */
  close(graceMs?: number): Promise<void>
}

export type BotOptions = {
  /** Called once if the bot cannot go on later, e.g. because its token was reset. */
  onFatal?: (error: FatalError) => void
  /** Other options of the discord.js client, for tests. */
  client?: Pick<ClientOptions, 'ws'>
}

/** For pictures that are on their way to Discord when the bot is stopped. */
const LAST_SENDS_MS = 5000

/**
 * Resolves when the bot is ready: commands registered, unfinished jobs taken up, the queue drawing.
 * @throws FatalError when it cannot work with this token, these servers or this network
 */
export async function startBot(services: Services, options: BotOptions = {}): Promise<Bot> {
  const { config } = services
  const log = services.log.child({ part: 'bot' })
  const registry = await loadRegistry()
  // Read before anything new is sent: that goes on by itself.
  const left = services.sends.unfinished()
  const client = new Client({
    ...options.client,
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [] },
    rest: { api: config.discordApiUrl, makeRequest: requestOnce },
  })
  const fatal = watchForFatal(client)
  const tasks = createTasks()
  const stop = new AbortController()

  function createContext(ready: Client<true>): BotContext {
    const guilds = createGuilds(ready, config.guildIds, log)
    const actions = [...registry.actions.values()]
    const deliverer = createDeliverer({ client: ready, services, actions, log })
    log.info(
      { invite: inviteLink(ready.application.id) },
      'to add Darkroom to a server, open this invite link',
    )
    guilds.look()
    return { client: ready, services, registry, deliverer, guilds, signal: stop.signal, log }
  }

  const context = await logIn(client, config.discordToken ?? '', fatal, (ready) => {
    const context = createContext(ready)
    listen(context, tasks)
    return context
  })
  try {
    await serve(context, config.guildIds)
  } catch (error) {
    await client.destroy()
    throw error
  }
  fatal.onLater(options.onFatal)
  context.deliverer.resume()
  services.queue.start()
  tasks.add(resumeSends(context, left))
  tasks.add(withdrawAnnounced(context))
  tasks.add(consentChores(context))
  const chores = setInterval(() => tasks.add(consentChores(context)), 60 * 60_000).unref()
  log.info({ guilds: context.guilds.served() }, `${context.client.user.tag} is ready`)

  return {
    client: context.client,
    deliverer: context.deliverer,
    async idle() {
      await tasks.idle()
      await services.queue.idle()
      await context.deliverer.idle()
    },
    async close(graceMs = 0) {
      fatal.onLater(undefined)
      clearInterval(chores)
      stop.abort(new UserError('not-found', 'Darkroom is being restarted; please try again in a minute.'))
      await services.queue.stop(graceMs)
      await context.deliverer.close(Math.min(graceMs, LAST_SENDS_MS))
      await tasks.idle()
      await client.destroy()
    },
  }
}

async function serve(context: BotContext, configured: readonly string[]): Promise<void> {
  if (configured.length > 0 && context.guilds.served().length === 0) {
    // The usual first start: whoever set it up opens the link now, and the event guildCreate goes on from there.
    context.log.warn(
      'Darkroom is in none of the servers of DISCORD_GUILD_IDS yet; open the invite link above',
    )
  }
  try {
    await serveGuilds(context)
  } catch (error) {
    if (discordFailure(error) === 'closed') throw new FatalError('missing-permissions', error)
    if (discordFailure(error) === 'unreachable') throw new FatalError('unreachable', error)
    throw error
  }
}

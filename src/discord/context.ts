/** What every handler gets besides its interaction. */
import type { Client } from 'discord.js'
import type { Log } from '../log.ts'
import type { Services } from '../services/index.ts'
import type { Deliverer } from './deliver.ts'
import type { Guilds } from './guilds.ts'
import type { Registry } from './registry.ts'

export type BotContext = {
  client: Client<true>
  services: Services
  /** Commands and picture actions, by name. */
  registry: Registry
  /** Brings the results of jobs to their channels. */
  deliverer: Deliverer
  /** The servers that are served. */
  guilds: Guilds
  /** Aborted when the bot stops. */
  signal: AbortSignal
  log: Log
}

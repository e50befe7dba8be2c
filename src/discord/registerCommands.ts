/** Tells Discord our commands: one bulk PUT per server, only when the list changed. */
import { createHash } from 'node:crypto'
import { Routes, type APIApplicationCommand, type Client } from 'discord.js'
import type { Log } from '../log.ts'
import type { Services } from '../services/index.ts'
import type { CommandData } from './command.ts'
import type { Registry } from './registry.ts'

/** What Discord is told, in the order of names. */
export function commandList(
  registry: Pick<Registry, 'commands' | 'menus'>,
  services: Pick<Services, 'backends'>,
): CommandData[] {
  return [...registry.commands.values(), ...registry.menus.values()].map((each) => each.data(services))
}

/**
 * Registers the commands in one server unless it has exactly this list already.
 * @throws DiscordAPIError 50001 when the bot was invited without the scope applications.commands
 */
export async function registerCommands(
  client: Client<true>,
  guildId: string,
  commands: readonly CommandData[],
  { settings }: Pick<Services, 'settings'>,
  log: Log,
): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify(commands)).digest('hex')
  const route = Routes.applicationGuildCommands(client.application.id, guildId)
  const { commandsHash } = await settings.guild(guildId)
  if (commandsHash === hash) {
    // The hash says what we sent last; somebody may have removed the commands since.
    const there = (await client.rest.get(route)) as APIApplicationCommand[]
    if (sameNames(there, commands)) return
  }
  await client.rest.put(route, { body: commands })
  await settings.update(guildId, { commandsHash: hash })
  log.info({ guild: guildId, commands: commands.map(({ name }) => name) }, 'commands registered')
}

const sameNames = (a: readonly { name: string }[], b: readonly { name: string }[]): boolean =>
  JSON.stringify(a.map(({ name }) => name).sort()) === JSON.stringify(b.map(({ name }) => name).sort())

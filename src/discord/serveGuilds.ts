/** Makes the commands appear in the servers that are served. */
import type { BotContext } from './context.ts'
import { commandList, registerCommands } from './registerCommands.ts'

/** @throws DiscordAPIError when Discord refuses the commands in any of them */
export async function serveGuilds({ client, guilds, registry, services, log }: BotContext): Promise<void> {
  guilds.look()
  const commands = commandList(registry, services)
  for (const guildId of guilds.served()) {
    await registerCommands(client, guildId, commands, services, log)
    const { galleryChannelId } = await services.settings.guild(guildId)
    if (galleryChannelId === undefined) {
      log.info({ guild: guildId }, 'no gallery is chosen yet: an instructor can type /class setup there')
    }
  }
}

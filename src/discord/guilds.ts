/**
 * Which servers are served, so that strangers spend nothing: those in DISCORD_GUILD_IDS. When that is empty and the
 * bot is a member of exactly one server, that one; a bot that has just been made works before its teacher knows what
 * a server id is, and the log says which line makes it permanent. Several servers and no list: none.
 */
import type { Client } from 'discord.js'
import type { Log } from '../log.ts'

export type Guilds = {
  isServed(guildId: string | null): boolean
  served(): string[]
  /** Looks at the servers the bot is in; call when ready and when it joins one. Says in the log what was decided. */
  look(): void
}

export function createGuilds(client: Client, configured: readonly string[], log: Log): Guilds {
  let served: string[] = []

  function look(): void {
    const joined = [...client.guilds.cache.values()]
    if (configured.length > 0) {
      served = configured.filter((id) => client.guilds.cache.has(id))
      for (const id of configured) {
        if (!served.includes(id))
          log.warn({ guild: id }, 'Darkroom is not a member of this server of DISCORD_GUILD_IDS')
      }
      return
    }
    // A server that joins later must not take the class's place.
    if (served.length > 0) return
    const line = `DISCORD_GUILD_IDS=${joined.map((guild) => guild.id).join(',')}`
    if (joined.length === 1) {
      served = joined.map((guild) => guild.id)
      log.warn(
        { line },
        `Darkroom serves "${joined[0]?.name}", the only server it is in; add the line ${line} to .env so that it stays so`,
      )
    } else if (joined.length > 1) {
      const names = joined.map((guild) => `"${guild.name}" (${guild.id})`).join(', ')
      log.warn(
        { line },
        `Darkroom is in several servers and DISCORD_GUILD_IDS is empty, so it serves none: ${names}. Add the class's id to .env`,
      )
    } else {
      log.warn('Darkroom is in no server yet; open the invite link above')
    }
  }

  return { look, served: () => [...served], isServed: (id) => id !== null && served.includes(id) }
}

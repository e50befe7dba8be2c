/** The bot was removed from a server. What was accepted there goes on: its results go by the old answers or by direct message. */
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'guildDelete',
  run({ guilds, log }, guild) {
    log.warn({ guild: guild.id }, 'Darkroom was removed from a server')
    guilds.look()
  },
})

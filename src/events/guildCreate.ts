/** The bot was invited to a server, or a server came back. */
import { defineEvent } from '../discord/event.ts'
import { serveGuilds } from '../discord/serveGuilds.ts'

export default defineEvent({
  name: 'guildCreate',
  run: (context) => serveGuilds(context),
})

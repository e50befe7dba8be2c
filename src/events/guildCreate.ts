/** The bot was invited to a server, or a server came back. */
import { defineEvent } from '../discord/event.ts'
import { serveGuilds } from '../discord/serveGuilds.ts'

export default defineEvent({
  name: 'guildCreate',
  async run(context) {
    await serveGuilds(context)
    // What could not be hung in a gallery while the bot was away.
    context.deliverer.resume()
  },
})

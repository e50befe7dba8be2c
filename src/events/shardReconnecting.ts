/** The connection was lost; discord.js comes back by itself. */
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'shardReconnecting',
  run(context) {
    context.log.info('the connection to Discord was lost; connecting again')
  },
})

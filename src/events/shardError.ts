/** A connection failed; discord.js tries again by itself. */
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'shardError',
  run(context, error) {
    context.log.warn({ err: error }, 'the connection to Discord failed')
  },
})

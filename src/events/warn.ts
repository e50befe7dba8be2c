/** Hints of discord.js. */
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'warn',
  run(context, hint) {
    context.log.warn({ hint }, 'the Discord client warns')
  },
})

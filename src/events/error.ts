/** Without this listener an error of the client would end the process. */
import { defineEvent } from '../discord/event.ts'

export default defineEvent({
  name: 'error',
  run(context, error) {
    context.log.error({ err: error }, 'the Discord client reports an error')
  },
})

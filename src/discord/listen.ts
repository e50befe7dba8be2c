/** Connects the files of events/ to the client. */
import type { BotContext } from './context.ts'
import type { Tasks } from './tasks.ts'

/** What a handler throws is logged; nothing that happens in one may end the process. */
export function listen(context: BotContext, tasks: Tasks): void {
  for (const { name, run } of context.registry.events) {
    context.client.on(name, (...args) => {
      // People who type while the bot is being stopped are still told so; see dispatch.ts.
      if (context.signal.aborted && name !== 'interactionCreate') return
      tasks.add(
        Promise.resolve()
          .then(() => run(context, ...args))
          .catch((error: unknown) =>
            context.log.error({ err: error, event: name }, 'an event was not handled'),
          ),
      )
    })
  }
}

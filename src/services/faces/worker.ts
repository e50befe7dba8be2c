/** The face thread: networks and pixels, one task after another, so that the bot's own thread stays free. */
import { UserError } from '../../errors.ts'
import { giveWay } from '../giveWay.ts'
import { doTasks } from '../threadTasks.ts'
import { openNetworks } from './networks.ts'
import type { Answer, Refusal, Task } from './protocol.ts'
import { work } from './work.ts'

giveWay()
const networks = openNetworks()
networks.catch(() => undefined) // told to whoever asks for something

doTasks<Task, Answer, Refusal>({
  work: async (task, { rest }) => work(await networks, task, rest),
  failureOf: (error) =>
    error instanceof UserError ? { code: error.code, sentence: error.message } : undefined,
  async close() {
    const opened = await networks.catch(() => undefined)
    await opened?.close()
  },
})

/** The face thread: networks and pixels, one task after another, so that the bot's own thread stays free. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { UserError } from '../../errors.ts'
import { openNetworks } from './networks.ts'
import type { FromWorker, ToWorker } from './protocol.ts'
import { work } from './work.ts'

class Stopped extends Error {}

const port = parentPort as MessagePort
const say = (message: FromWorker) => port.postMessage(message)

const networks = openNetworks()
networks.catch(() => undefined) // told to whoever asks for something
/** Ends when all that was asked for so far is done. */
let last = Promise.resolve()

port.on('message', (message: ToWorker) => {
  last = last.then(() => (message.type === 'close' ? close() : answer(message)))
})

/** An error that no person can mend ends this thread; the bot starts a new one at the next task. */
async function answer({ id, task, stop }: ToWorker & { type: 'task' }): Promise<void> {
  const flag = new Int32Array(stop)
  const rest = () => {
    if (Atomics.load(flag, 0) !== 0) throw new Stopped()
  }
  try {
    rest()
    say({ type: 'done', id, answer: await work(await networks, task, rest) })
  } catch (error) {
    if (error instanceof Stopped) say({ type: 'stopped', id })
    else if (error instanceof UserError)
      say({ type: 'refused', id, code: error.code, sentence: error.message })
    else throw error
  }
}

async function close(): Promise<void> {
  const opened = await networks.catch(() => undefined)
  await opened?.close()
  port.close()
}

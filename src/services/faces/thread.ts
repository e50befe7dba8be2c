/** The face thread seen from the bot's thread. */
import { Worker } from 'node:worker_threads'
import { UserError } from '../../errors.ts'
import type { Answers, FromWorker, Task, ToWorker } from './protocol.ts'

export type FaceThread = {
  /**
   * Does one task after those asked for before.
   * @throws UserError when the person can mend it; the signal's reason at once when aborted; Error when the thread ended
   */
  run<T extends Task>(task: T, signal?: AbortSignal): Promise<Answers[T['kind']]>
  close(): Promise<void>
}

type Waiting = { stop: Int32Array; resolve: (answer: never) => void; reject: (error: unknown) => void }

/** Started at the first task, and again at the next one if it should die. */
export function createFaceThread(): FaceThread {
  const waiting = new Map<number, Waiting>()
  let closed = false
  let nextId = 0
  let worker: Worker | undefined

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { execArgv: [] })
    started.on('message', (message: FromWorker) => receive(message))
    started.on('error', (error) => lose(started, error))
    started.on('exit', () => lose(started, undefined))
    return started
  }

  function receive(message: FromWorker): void {
    const one = waiting.get(message.id)
    if (one === undefined) return // aborted meanwhile
    waiting.delete(message.id)
    if (message.type === 'done') one.resolve(message.answer as never)
    else if (message.type === 'refused') one.reject(new UserError(message.code, message.sentence))
  }

  function giveUp(id: number, reason: unknown): void {
    const one = waiting.get(id)
    if (one === undefined) return
    waiting.delete(id)
    Atomics.store(one.stop, 0, 1)
    one.reject(reason)
  }

  function lose(lost: Worker, cause: unknown): void {
    if (worker !== lost) return
    worker = undefined
    for (const id of waiting.keys()) giveUp(id, new Error('the face thread ended unexpectedly', { cause }))
  }

  return {
    async run<T extends Task>(task: T, signal?: AbortSignal) {
      signal?.throwIfAborted()
      if (closed) throw new Error('the face thread is closed')
      worker ??= start()
      const { promise, resolve, reject } = Promise.withResolvers<Answers[T['kind']]>()
      const id = nextId++
      const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
      waiting.set(id, { stop: new Int32Array(stop), resolve, reject })
      const abort = () => giveUp(id, signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      tell(worker, { type: 'task', id, task, stop })
      return promise.finally(() => signal?.removeEventListener('abort', abort))
    },

    async close() {
      closed = true
      for (const id of waiting.keys()) giveUp(id, new Error('the face thread is closed'))
      const current = worker
      if (current === undefined) return
      const gone = new Promise((resolve) => current.once('exit', resolve))
      tell(current, { type: 'close' })
      await gone
    },
  }
}

function tell(worker: Worker, message: ToWorker): void {
  worker.postMessage(message, [])
}

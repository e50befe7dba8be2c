/** A thread that does one task after another, seen from the bot's own; its other side is threadTasks.ts. */
import { Worker } from 'node:worker_threads'
import type { FromThread, ToThread } from './threadTasks.ts'

export type Thread<Task, Answer, Note> = {
  /**
   * Does one task after those asked for before. Rejects with what `toError` or `toGone` makes of its end or, when aborted, at once
   * with the signal's reason.
   */
  run(task: Task, context: { signal?: AbortSignal; onNote?: (note: Note) => void }): Promise<Answer>
  /** Ends it after what it is doing; whoever waits is told. */
  close(): Promise<void>
}

type Options<Failure> = {
  /** Its file, which calls `doTasks`. */
  file: URL
  workerData?: unknown
  /** It starts now rather than at the first task. */
  isEager?: boolean
  /** What it told of a task that failed. */
  toError: (failure: Failure) => Error
  /** It ended, or is closed: `how` goes on after its name. */
  toGone: (how: string, cause?: unknown) => Error
}

type Waiting<Answer, Note> = {
  stop: Int32Array
  onNote: ((note: Note) => void) | undefined
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** Started at the first task, and again at the next one if it should die. */
export function startThread<Task, Answer, Failure, Note = never>(
  options: Options<Failure>,
): Thread<Task, Answer, Note> {
  const { file, workerData, isEager = false, toError, toGone } = options
  const waiting = new Map<number, Waiting<Answer, Note>>()
  let closed = false
  let nextId = 0
  let worker: Worker | undefined = isEager ? start() : undefined

  function start(): Worker {
    const started = new Worker(file, { workerData, execArgv: [] })
    started.on('message', (message: FromThread<Answer, Failure, Note>) => receive(message))
    started.on('error', (error) => lose(started, error))
    started.on('exit', () => lose(started, undefined))
    return started
  }

  function receive(message: FromThread<Answer, Failure, Note>): void {
    const one = waiting.get(message.id)
    if (one === undefined) return // aborted meanwhile
    if (message.type === 'note') return one.onNote?.(message.note)
    waiting.delete(message.id)
    if (message.type === 'done') one.resolve(message.answer)
    else if (message.type === 'failed') one.reject(toError(message.failure))
  }

  function giveUp(id: number, reason: unknown): void {
    const one = waiting.get(id)
    if (one === undefined) return
    waiting.delete(id)
    Atomics.store(one.stop, 0, 1)
    one.reject(reason)
  }

  function giveUpAll(how: string, cause?: unknown): void {
    for (const id of waiting.keys()) giveUp(id, toGone(how, cause))
  }

  function lose(lost: Worker, cause: unknown): void {
    if (worker !== lost) return
    worker = undefined
    giveUpAll('ended unexpectedly', cause)
  }

  return {
    async run(task, { signal, onNote }) {
      signal?.throwIfAborted()
      if (closed) throw toGone('is closed')
      worker ??= start()
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const id = nextId++
      const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
      waiting.set(id, { stop: new Int32Array(stop), onNote, resolve, reject })
      const abort = () => giveUp(id, signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      tell(worker, { type: 'task', id, task, stop })
      return promise.finally(() => signal?.removeEventListener('abort', abort))
    },

    async close() {
      closed = true
      giveUpAll('is closed')
      const current = worker
      if (current === undefined) return
      const gone = new Promise((resolve) => current.once('exit', resolve))
      tell(current, { type: 'close' })
      await gone
    },
  }

  function tell(to: Worker, message: ToThread<Task>): void {
    to.postMessage(message, [])
  }
}

import { Worker } from 'node:worker_threads'
import type { RunStep } from '../../../domain.ts'
import { BackendError } from '../../../errors.ts'
import type { Drawing, FromWorker, ToWorker, WorkerSettings } from './protocol.ts'

export type Lane = {
  /** Draws one picture (RGB planes) after those asked for before. Rejects with BackendError or, when aborted, at once with the signal's reason. */
  draw(
    drawing: Drawing,
    context: { signal: AbortSignal; onStep: (step: RunStep) => void },
  ): Promise<Float32Array>
  close(): Promise<void>
}

type Waiting = {
  stop: Int32Array
  onStep: (step: RunStep) => void
  resolve: (final: Float32Array) => void
  reject: (error: unknown) => void
}

/** The drawing thread seen from the bot's thread; started now, and again at the next picture if it should die. */
export function createLane(settings: WorkerSettings): Lane {
  const waiting = new Map<number, Waiting>()
  let closed = false
  let nextId = 0
  let worker: Worker | undefined = start()

  function start(): Worker {
    const started = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: settings,
      execArgv: [],
    })
    started.on('message', (message: FromWorker) => receive(message))
    started.on('error', (error) => lose(started, error))
    started.on('exit', () => lose(started, undefined))
    return started
  }

  function receive(message: FromWorker): void {
    const one = waiting.get(message.id)
    if (one === undefined) return // aborted meanwhile
    if (message.type === 'step') return one.onStep(message.step)
    waiting.delete(message.id)
    if (message.type === 'done') one.resolve(message.final)
    else if (message.type === 'failed') one.reject(new BackendError('embedded', message.kind, message.detail))
  }

  function giveUp(id: number, reason: unknown): void {
    const one = waiting.get(id)
    if (one === undefined) return
    waiting.delete(id)
    Atomics.store(one.stop, 0, 1)
    one.reject(reason)
  }

  function giveUpAll(detail: string, cause?: unknown): void {
    for (const id of waiting.keys())
      giveUp(id, new BackendError('embedded', 'unavailable', detail, { cause }))
  }

  function lose(lost: Worker, cause: unknown): void {
    if (worker !== lost) return
    worker = undefined
    giveUpAll('the drawing thread ended unexpectedly', cause)
  }

  return {
    async draw(drawing, { signal, onStep }) {
      signal.throwIfAborted()
      if (closed) throw new BackendError('embedded', 'unavailable', 'the drawing thread is closed')
      worker ??= start()
      const { promise, resolve, reject } = Promise.withResolvers<Float32Array>()
      const id = nextId++
      const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
      waiting.set(id, { stop: new Int32Array(stop), onStep, resolve, reject })
      const abort = () => giveUp(id, signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      tell(worker, { type: 'draw', id, drawing, stop })
      return promise.finally(() => signal.removeEventListener('abort', abort))
    },

    async close() {
      closed = true
      giveUpAll('the drawing thread is closed')
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

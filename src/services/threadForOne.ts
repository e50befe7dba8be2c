import { Worker } from 'node:worker_threads'

/** `file` answers its `workerData` with one message; `name` is for errors. */
export type OneTask = { file: URL; task: unknown; name: string }

/**
 * Does one task in a thread that lives as long as the task, so that commands are acknowledged in time meanwhile. Rejects with the
 * error of the thread, or with the signal's reason once aborted.
 */
export async function doInThread({ file, task, name }: OneTask, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  const worker = new Worker(file, { workerData: task, execArgv: [] })
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the ${name} thread ended with code ${code}`)))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', giveUp)
    await worker.terminate()
  }
}

/** Between threads a Buffer becomes a plain Uint8Array. */
export const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

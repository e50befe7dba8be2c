import { Worker } from 'node:worker_threads'
import type { DrawTask } from './draw.ts'

/**
 * `drawFamily` in a thread that lives as long as the task, so that commands are acknowledged in time meanwhile. Rejects with the
 * error of the thread, or with the signal's reason once aborted.
 */
export async function drawInWorker(task: DrawTask, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, execArgv: [] })
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the drawing thread ended with code ${code}`)))
  try {
    const { buffer, byteOffset, byteLength } = await promise
    // Between threads a Buffer becomes a plain Uint8Array.
    return Buffer.from(buffer, byteOffset, byteLength)
  } finally {
    signal.removeEventListener('abort', giveUp)
    await worker.terminate()
  }
}

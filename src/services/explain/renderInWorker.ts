import { Worker } from 'node:worker_threads'
import type { ExplainedImage } from './kept.ts'
import type { Rendered, RenderTask } from './render.ts'

/**
 * `render` in a thread that lives as long as the task, so that commands are acknowledged in time meanwhile. Rejects with the error
 * of the thread, or with the signal's reason once aborted.
 */
export async function renderInWorker(task: RenderTask, signal: AbortSignal): Promise<Rendered> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task, execArgv: [] })
  const { promise, resolve, reject } = Promise.withResolvers<Rendered>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) => reject(new Error(`the explaining thread ended with code ${code}`)))
  try {
    const { explanation, ...rest } = await promise
    return { ...rest, explanation: { ...explanation, images: explanation.images.map(withBuffer) } }
  } finally {
    signal.removeEventListener('abort', giveUp)
    await worker.terminate()
  }
}

/** Between threads a Buffer becomes a plain Uint8Array. */
function withBuffer(image: ExplainedImage): ExplainedImage {
  const { buffer, byteOffset, byteLength } = image.data
  return { ...image, data: Buffer.from(buffer, byteOffset, byteLength) }
}

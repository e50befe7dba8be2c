import { asBuffer, doInThread } from '../threadForOne.ts'
import type { DrawTask } from './draw.ts'

/** `drawFamily` in a thread of its own. Rejects with its error, or with the signal's reason once aborted. */
export async function drawInWorker(task: DrawTask, signal: AbortSignal): Promise<Buffer> {
  const file = new URL('./worker.ts', import.meta.url)
  return asBuffer((await doInThread({ file, task, name: 'drawing' }, signal)) as Uint8Array)
}

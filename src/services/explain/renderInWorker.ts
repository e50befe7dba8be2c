import { asBuffer, doInThread } from '../threadForOne.ts'
import type { Rendered, RenderTask } from './render.ts'

/** `render` in a thread of its own. Rejects with its error, or with the signal's reason once aborted. */
export async function renderInWorker(task: RenderTask, signal: AbortSignal): Promise<Rendered> {
  const file = new URL('./worker.ts', import.meta.url)
  const { explanation, ...rest } = (await doInThread({ file, task, name: 'explaining' }, signal)) as Rendered
  const images = explanation.images.map((image) => ({ ...image, data: asBuffer(image.data) }))
  return { ...rest, explanation: { ...explanation, images } }
}

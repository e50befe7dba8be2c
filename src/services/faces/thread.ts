/** The face thread seen from the bot's thread. */
import { UserError } from '../../errors.ts'
import { startThread } from '../thread.ts'
import type { Answer, Answers, Refusal, Task } from './protocol.ts'

export type FaceThread = {
  /**
   * Does one task after those asked for before.
   * @throws UserError when the person can mend it; the signal's reason at once when aborted; Error when the thread ended
   */
  run<T extends Task>(task: T, signal?: AbortSignal): Promise<Answers[T['kind']]>
  close(): Promise<void>
}

/** Started at the first task. */
export function createFaceThread(): FaceThread {
  const thread = startThread<Task, Answer, Refusal>({
    file: new URL('./worker.ts', import.meta.url),
    toError: ({ code, sentence }) => new UserError(code, sentence),
    toGone: (how, cause) => new Error(`the face thread ${how}`, { cause }),
  })
  return {
    run: async <T extends Task>(task: T, signal?: AbortSignal) =>
      (await thread.run(task, signal ? { signal } : {})) as Answers[T['kind']],
    close: () => thread.close(),
  }
}

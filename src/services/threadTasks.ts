/** The inside of a thread that does one task after another (thread.ts). */
import { type MessagePort, parentPort } from 'node:worker_threads'

/** `stop` holds one 32-bit number shared by both threads: not 0 means that nobody wants the answer. A message would come too late. */
export type ToThread<Task> =
  | { type: 'task'; id: number; task: Task; stop: SharedArrayBuffer }
  | { type: 'close' }

/** `stopped` and `failed` end a task as `done` does. */
export type FromThread<Answer, Failure, Note> =
  | { type: 'note'; id: number; note: Note }
  | { type: 'done'; id: number; answer: Answer }
  | { type: 'stopped'; id: number }
  | { type: 'failed'; id: number; failure: Failure }

export type TaskContext<Note> = {
  /** To be called between two parts of the work: throws when nobody wants it any more. */
  rest: () => void
  /** Tells what has come of the task so far. */
  note: (note: Note) => void
}

type Tasks<Task, Answer, Failure, Note> = {
  work: (task: Task, context: TaskContext<Note>) => Promise<Answer>
  /** What is told of an error; undefined: it ends this thread, and the bot starts a new one. */
  failureOf: (error: unknown) => Failure | undefined
  close: () => Promise<void>
}

class Stopped extends Error {}

/** Does what the bot's thread asks for, until it closes. */
export function doTasks<Task, Answer, Failure, Note = never>(
  tasks: Tasks<Task, Answer, Failure, Note>,
): void {
  const { work, failureOf, close } = tasks
  const port = parentPort as MessagePort
  const say = (message: FromThread<Answer, Failure, Note>) => port.postMessage(message)
  /** Ends when all that was asked for so far is done: one thing at a time. */
  let last = Promise.resolve()

  port.on('message', (message: ToThread<Task>) => {
    last = last.then(() => (message.type === 'close' ? end() : answer(message)))
  })

  async function answer({ id, task, stop }: ToThread<Task> & { type: 'task' }): Promise<void> {
    const flag = new Int32Array(stop)
    const rest = () => {
      if (Atomics.load(flag, 0) !== 0) throw new Stopped()
    }
    try {
      rest()
      say({
        type: 'done',
        id,
        answer: await work(task, { rest, note: (note) => say({ type: 'note', id, note }) }),
      })
    } catch (error) {
      if (error instanceof Stopped) return say({ type: 'stopped', id })
      const failure = failureOf(error)
      if (failure === undefined) throw error
      say({ type: 'failed', id, failure })
    }
  }

  async function end(): Promise<void> {
    await close()
    port.close()
  }
}

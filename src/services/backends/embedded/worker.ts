/** The drawing thread: the ONNX session and the whole sampling run, so that the bot's own thread stays free. */
import { workerData } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { RunStep } from '../../../domain.ts'
import { keepOutside, remaining } from './begin.ts'
import { createDenoiser, type Net } from './denoiser.ts'
import { createNoise, slerp } from './noise.ts'
import type { Drawing, Failure, WorkerSettings } from './protocol.ts'
import { firstState, sample } from './sample.ts'
import { findMethod } from './samplers.ts'
import { sigmasOf } from '../../schedules.ts'
import { giveWay } from '../../giveWay.ts'
import { doTasks, type TaskContext } from '../../threadTasks.ts'

/** Told to the bot's thread; its message names no path. Any other error ends this thread, and the bot starts a new one. */
class Failed extends Error {
  readonly kind: Failure['kind']
  constructor(kind: Failure['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

giveWay()
const settings = workerData as WorkerSettings

const session = openSession()
session.catch(() => undefined) // told to whoever asks for a picture

doTasks<Drawing, Float32Array, Failure, RunStep>({
  work: draw,
  failureOf: (error) => (error instanceof Failed ? { kind: error.kind, detail: error.message } : undefined),
  async close() {
    const opened = await session.catch(() => undefined)
    await opened?.release()
  },
})

async function draw(drawing: Drawing, { rest, note }: TaskContext<RunStep>): Promise<Float32Array> {
  const method = findMethod(drawing.sampler, drawing.scheduler)
  if (method === undefined) throw new Failed('rejected', 'no such sampler or scheduler')
  const net = await openNet()
  const { beginning } = drawing
  const plain = createDenoiser(
    (...input) => {
      rest()
      return net(...input)
    },
    drawing.conditioning,
    settings.maxWords,
  )
  const length = 3 * settings.pixels ** 2
  const nextNoise = createNoise(drawing.seed, length)
  const first = nextNoise()
  const noise = drawing.variation
    ? slerp(first, createNoise(drawing.variation.seed, length)(), drawing.variation.strength)
    : first
  const sigmas = sigmasOf(method.schedule, drawing.steps)
  const course = {
    sampler: method.sampler,
    noise,
    nextNoise,
    ...(beginning === undefined
      ? { sigmas }
      : { sigmas: remaining(sigmas, beginning.strength), image: beginning.image }),
  }
  const denoise = beginning === undefined ? plain : keepOutside(plain, beginning)
  let final = firstState(course)
  for await (const { step, x } of sample(denoise, course)) {
    note(step)
    final = x
  }
  if (!final.every(Number.isFinite))
    throw new Failed('bad-response', 'the network gave numbers that are not finite')
  return final
}

/** The network in this process. Throws Failed when its file cannot be used. */
async function openNet(): Promise<Net> {
  const opened = await session.catch((error: unknown) => {
    throw new Failed('unavailable', 'the model file cannot be opened', error)
  })
  const { pixels, maxWords } = settings
  return async (x, t, ids) => {
    const answer = await opened.run({
      x: new Tensor('float32', x, [t.length, 3, pixels, pixels]),
      t: new Tensor('float32', t, [t.length]),
      ids: new Tensor('int64', ids, [t.length, maxWords]),
    })
    return answer['x0']?.data as Float32Array
  }
}

function openSession(): Promise<InferenceSession> {
  return InferenceSession.create(settings.modelFile, {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4, // its errors come back as rejections
  })
}

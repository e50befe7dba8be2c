/** The drawing thread: the ONNX session and the whole sampling run, so that the bot's own thread stays free. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { keepOutside, remaining } from './begin.ts'
import { createDenoiser, type Net } from './denoiser.ts'
import { createNoise, slerp } from './noise.ts'
import type { Drawing, Failure, FromWorker, ToWorker, WorkerSettings } from './protocol.ts'
import { firstState, sample } from './sample.ts'
import { findMethod } from './samplers.ts'
import { sigmasOf } from '../../schedules.ts'

class Stopped extends Error {}

/** Told to the bot's thread; its message names no path. Any other error ends this thread, and the bot starts a new one. */
class Failed extends Error {
  readonly kind: Failure
  constructor(kind: Failure, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

const settings = workerData as WorkerSettings
const port = parentPort as MessagePort
const say = (message: FromWorker) => port.postMessage(message)

const session = openSession()
session.catch(() => undefined) // told to whoever asks for a picture
/** Ends when all that was asked for so far is done: one thing at a time. */
let last = Promise.resolve()

port.on('message', (message: ToWorker) => {
  last = last.then(() =>
    message.type === 'close' ? close() : answer(message.id, message.drawing, message.stop),
  )
})

async function answer(id: number, drawing: Drawing, stop: SharedArrayBuffer): Promise<void> {
  const flag = new Int32Array(stop)
  try {
    say({ type: 'done', id, final: await draw(id, drawing, () => Atomics.load(flag, 0) !== 0) })
  } catch (error) {
    if (error instanceof Stopped) say({ type: 'stopped', id })
    else if (error instanceof Failed) say({ type: 'failed', id, kind: error.kind, detail: error.message })
    else throw error
  }
}

async function close(): Promise<void> {
  const opened = await session.catch(() => undefined)
  await opened?.release()
  port.close()
}

async function draw(id: number, drawing: Drawing, isStopped: () => boolean): Promise<Float32Array> {
  if (isStopped()) throw new Stopped()
  const method = findMethod(drawing.sampler, drawing.scheduler)
  if (method === undefined) throw new Failed('rejected', 'no such sampler or scheduler')
  const net = await openNet()
  const { beginning } = drawing
  const plain = createDenoiser(
    (...input) => {
      if (isStopped()) throw new Stopped()
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
    say({ type: 'step', id, step })
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

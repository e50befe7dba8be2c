/** The thread of renderInWorker.ts: one task, one answer. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../giveWay.ts'
import { render, type RenderTask } from './render.ts'

giveWay()
const rendered = await render(workerData as RenderTask)
const port = parentPort as MessagePort
port.postMessage(rendered)
